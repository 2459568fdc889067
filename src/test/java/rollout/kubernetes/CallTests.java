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
  @CsvSource({
    "/api/v1/namespaces/ns/secrets?limit=500, PartialObjectMetadataList",
    "/api/v1/secrets, PartialObjectMetadataList",
    "/api/v1/namespaces/ns/secrets?watch=1&resourceVersion=7, PartialObjectMetadata",
    "/api/v1/namespaces/ns/secrets/db, PartialObjectMetadata",
    "/api/v1/namespaces/secrets/secrets/secrets, PartialObjectMetadata",
    "/api/v1/namespaces/secrets, ''",
    "/api/v1/namespaces/secrets/pods, ''",
    "/api/v1/namespaces/ns/configmaps/secrets, ''",
    "/api/v1/namespaces/ns/services/secrets:80/proxy/api/v1/secrets, ''",
    "/apis/secrets.example/v1/namespaces/ns/secrets, ''",
    "/api/v1/secretsanta, ''"
  })
  void metadataAloneIsAskedForOfSecretsAndOfNothingElse(String path, String form) {
    assertThat(Call.get(path).accept())
        .isEqualTo(
            form.isEmpty()
                ? "application/json, */*"
                : "application/json;as=" + form + ";g=meta.k8s.io;v=v1");
  }

  @ParameterizedTest
  @CsvSource({"POST, create", "PATCH, patch", "DELETE, delete"})
  void whatIsWrittenIsNamedAsInARole(String method, String verb) {
    assertThat(new Call(method, "/api/v1/namespaces/ns/pods?x=1", "", "").roleVerb())
        .isEqualTo(verb);
  }
}
