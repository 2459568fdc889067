package rollout.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallTests {
  @ParameterizedTest
  @CsvSource({
    "/api/v1/namespaces/ns/pods?limit=500, list",
    "/api/v1/pods?limit=500&labelSelector=a, list",
    "/apis/apps/v1/namespaces/ns/deployments, list",
    "/apis/apps/v1/deployments?limit=1, list",
    "/api/v1/namespaces/ns/pods?watch=1&allowWatchBookmarks=true, watch",
    "/api/v1/namespaces/ns/services/shop, get",
    "/apis/apps/v1/namespaces/ns/deployments/shop, get",
    "/api/v1/namespaces/ns/pods/a/log?container=c, get",
    "/api/v1/namespaces/ns/services/prom:9090/proxy/api/v1/query?query=up, get",
    "/version, get",
    "/api/v1, get",
    "/apis/apps/v1, get"
  })
  void whatIsReadIsNamedAsInARole(String path, String verb) {
    assertThat(Call.get(path).roleVerb()).isEqualTo(verb);
  }

  @ParameterizedTest
  @CsvSource({"POST, create", "PATCH, patch", "DELETE, delete"})
  void whatIsWrittenIsNamedAsInARole(String method, String verb) {
    assertThat(new Call(method, "/api/v1/namespaces/ns/pods?x=1", "", "").roleVerb())
        .isEqualTo(verb);
  }
}
