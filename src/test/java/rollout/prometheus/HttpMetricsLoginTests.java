package rollout.prometheus;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rollout.model.MetricAnswer;
import rollout.model.MetricAnswer.Refused;
import rollout.model.MetricAnswer.Samples;
import rollout.model.MetricAnswer.Unreachable;
import rollout.model.MetricQuery;
import rollout.model.UserError;
import rollout.port.Cluster.ProxyAnswer;
import rollout.port.ClusterException;

class HttpMetricsLoginTests {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final List<MetricQuery> QUERY = List.of(new MetricQuery("q", "up"));
  private static final String EMPTY =
      "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}";
  private static final String SECRET = "s3cr3t-word";

  @RegisterExtension
  static final WireMockExtension SERVER =
      WireMockExtension.newInstance().options(wireMockConfig().dynamicPort()).build();

  @TempDir Path folder;

  private static HttpMetrics metrics(String url, Map<String, String> environment) {
    return HttpMetrics.of(url, TIMEOUT, environment, NoCluster.unused());
  }

  private static MetricAnswer read(String url, Map<String, String> environment) {
    try (HttpMetrics metrics = metrics(url, environment)) {
      return metrics.read(QUERY, NOW).answer("q");
    }
  }

  private static void succeed() {
    SERVER.stubFor(post("/api/v1/query").willReturn(aResponse().withBody(EMPTY)));
  }

  private static void verify(String header, String value) {
    SERVER.verify(postRequestedFor(anyUrl()).withHeader(header, equalTo(value)));
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  @Test
  void sendsATokenFromTheEnvironment() {
    succeed();
    read(SERVER.baseUrl(), Map.of("ROLLOUT_PROMETHEUS_TOKEN", SECRET));
    verify("Authorization", "Bearer " + SECRET);
  }

  @Test
  void readsTheTokenFileAgainInEachRound() throws IOException {
    succeed();
    String token = file("token", "first\n");
    try (HttpMetrics metrics =
        metrics(SERVER.baseUrl(), Map.of("ROLLOUT_PROMETHEUS_TOKEN_FILE", token))) {
      metrics.read(QUERY, NOW);
      file("token", "second\n");
      metrics.read(QUERY, NOW);
    }
    verify("Authorization", "Bearer first");
    verify("Authorization", "Bearer second");
  }

  @Test
  void isUnreachableWhenTheTokenFileGoes() throws IOException {
    succeed();
    String token = file("token", SECRET);
    try (HttpMetrics metrics =
        metrics(SERVER.baseUrl(), Map.of("ROLLOUT_PROMETHEUS_TOKEN_FILE", token))) {
      Files.delete(Path.of(token));
      assertThat(metrics.read(QUERY, NOW).answer("q"))
          .isInstanceOfSatisfying(
              Unreachable.class,
              answer -> assertThat(answer.why()).contains("ROLLOUT_PROMETHEUS_TOKEN_FILE"));
    }
  }

  @Test
  void sendsAUserWithAPasswordFromAFile() throws IOException {
    succeed();
    read(
        SERVER.baseUrl(),
        Map.of(
            "ROLLOUT_PROMETHEUS_USER",
            "ann",
            "ROLLOUT_PROMETHEUS_PASSWORD_FILE",
            file("password", "pass\n")));
    verify("Authorization", "Basic YW5uOnBhc3M=");
  }

  @Test
  void sendsTheUserOfTheUrl() {
    succeed();
    read(SERVER.baseUrl().replace("http://", "http://ann:p%61ss@"), Map.of());
    verify("Authorization", "Basic YW5uOnBhc3M=");
  }

  @Test
  void sendsHeadersFromAFile() throws IOException {
    succeed();
    read(
        SERVER.baseUrl(),
        Map.of(
            "ROLLOUT_PROMETHEUS_HEADERS_FILE",
            file("headers", "X-Scope-OrgID: shop\n\nX-Key:  a:b \n")));
    verify("X-Scope-OrgID", "shop");
    verify("X-Key", "a:b");
  }

  @Test
  void keepsSecretsOutOfMessagesThoughTheServerRepeatsThem() {
    SERVER.stubFor(
        post("/api/v1/query")
            .willReturn(
                aResponse()
                    .withStatus(400)
                    .withBody("{\"status\":\"error\",\"error\":\"no " + SECRET + " here\"}")));
    assertThat(read(SERVER.baseUrl(), Map.of("ROLLOUT_PROMETHEUS_TOKEN", SECRET)))
        .isEqualTo(new Refused(400, "no *** here"));
  }

  @Test
  void keepsThePasswordOfTheUrlOutOfEveryText() {
    List<String> texts = new ArrayList<>();
    String nobody = "http://ann:" + SECRET + "@127.0.0.2:" + SERVER.getPort();
    texts.add(read(nobody, Map.of()).toString());
    try (HttpMetrics metrics = metrics(nobody, Map.of())) {
      texts.add(metrics.toString());
    }
    texts.add(Address.parse(nobody).toString());
    texts.add(((Address.Direct) Address.parse(nobody)).login().toString());
    Credentials credentials =
        new Credentials(Map.of("ROLLOUT_PROMETHEUS_TOKEN", SECRET), java.util.Optional.empty());
    texts.add(credentials.toString());
    texts.add(credentials.headers().toString());
    assertThat(texts).noneMatch(text -> text.contains(SECRET));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prometheus:9090",
        "ftp://prometheus:9090",
        "http://",
        "http:///api",
        "http://prometheus:70000",
        "http://ann:s3cr3t-word@prometheus:90 90",
        "http://ann:s3cr3t-word@my_host:9090",
        "http://ann:s3cr3t-word@prometheus:9090?x=1",
        "http://ann:s3cr3t-word@prometheus/#x",
        "http://ann:s3cr3t-w%ord@prometheus",
        "svc:monitoring",
        "svc:monitoring/prometheus",
        "svc:monitoring/prometheus:9090/x",
        "svc:Monitoring/prometheus:9090",
        "",
      })
  void refusesWhatIsNoAddressAndShowsNoPassword(String url) {
    assertThatThrownBy(() -> metrics(url, Map.of()))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("--prometheus: ")
        .hasMessageContaining("http://prometheus.monitoring:9090")
        .extracting(Throwable::getMessage)
        .matches(message -> !message.contains("s3cr3t"));
  }

  @Test
  void refusesTwoWaysToLogIn() {
    assertThatThrownBy(
            () ->
                metrics(
                    "http://ann:" + SECRET + "@prometheus",
                    Map.of("ROLLOUT_PROMETHEUS_TOKEN", SECRET)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("ROLLOUT_PROMETHEUS_TOKEN")
        .hasMessageNotContaining(SECRET);
  }

  @Test
  void refusesAUserWithoutAPassword() {
    assertThatThrownBy(() -> metrics("http://p", Map.of("ROLLOUT_PROMETHEUS_USER", "ann")))
        .isInstanceOf(UserError.class);
  }

  @Test
  void refusesAFileThatIsNotThereFromTheStart() {
    assertThatThrownBy(
            () -> metrics("http://p", Map.of("ROLLOUT_PROMETHEUS_TOKEN_FILE", "/no/such")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("cannot read /no/such");
  }

  @Test
  void refusesALineThatIsNoHeaderWithoutShowingIt() throws IOException {
    String headers = file("headers", SECRET);
    assertThatThrownBy(
            () -> metrics("http://p", Map.of("ROLLOUT_PROMETHEUS_HEADERS_FILE", headers)))
        .isInstanceOf(UserError.class)
        .hasMessageNotContaining(SECRET);
  }

  @Test
  void asksThroughTheProxyOfTheApiServer() {
    List<String> asked = new ArrayList<>();
    var cluster =
        NoCluster.that(
            (namespace, service, port, pathAndQuery, timeout) -> {
              asked.add(namespace + " " + service + " " + port + " " + pathAndQuery);
              return new ProxyAnswer(200, EMPTY);
            });
    try (HttpMetrics metrics =
        HttpMetrics.of("svc:monitoring/prometheus:http", TIMEOUT, Map.of(), cluster)) {
      assertThat(metrics.read(QUERY, NOW).answer("q")).isEqualTo(new Samples(List.of(), List.of()));
    }
    assertThat(asked)
        .containsExactly(
            "monitoring prometheus http /api/v1/query?query=up&time=1772366400.000&timeout=30s");
  }

  @Test
  void isUnreachableWhenTheProxyIsForbidden() {
    var cluster =
        NoCluster.that(
            (namespace, service, port, pathAndQuery, timeout) -> {
              throw new ClusterException.Forbidden("services/proxy get");
            });
    try (HttpMetrics metrics =
        HttpMetrics.of("svc:monitoring/prometheus:9090", TIMEOUT, Map.of(), cluster)) {
      assertThat(metrics.read(QUERY, NOW).answer("q"))
          .isEqualTo(
              new Unreachable(
                  "the API server's proxy to svc:monitoring/prometheus:9090: services/proxy get"));
    }
  }

  @Test
  void refusesALoginThroughTheProxy() {
    assertThatThrownBy(
            () ->
                metrics(
                    "svc:monitoring/prometheus:9090", Map.of("ROLLOUT_PROMETHEUS_TOKEN", SECRET)))
        .isInstanceOf(UserError.class)
        .hasMessageNotContaining(SECRET);
  }

  @Test
  void keepsAPathInTheUrl() {
    SERVER.stubFor(post("/prom/api/v1/query").willReturn(aResponse().withBody(EMPTY)));
    try (HttpMetrics metrics =
        HttpMetrics.of(SERVER.baseUrl() + "/prom/", TIMEOUT, Map.of(), NoCluster.unused())) {
      assertThat(metrics.read(QUERY, NOW).answer("q")).isInstanceOf(Samples.class);
    }
  }
}
