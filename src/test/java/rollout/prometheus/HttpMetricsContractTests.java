package rollout.prometheus;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;

import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import rollout.port.Metrics;
import rollout.port.MetricsContract;

/** Our client keeps the contract of all metrics, on answers written as Prometheus writes them. */
class HttpMetricsContractTests extends MetricsContract {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @RegisterExtension
  static final WireMockExtension SERVER =
      WireMockExtension.newInstance().options(wireMockConfig().dynamicPort()).build();

  private final HttpMetrics metrics =
      HttpMetrics.of(SERVER.baseUrl(), Duration.ofSeconds(10), Map.of(), NoCluster.unused());

  @BeforeEach
  void answers() {
    double now = System.currentTimeMillis() / 1000.0;
    String labels = "\"metric\":{\"pod\":\"g-1\",\"code\":\"%s\"},";
    String good = labels.formatted("200");
    String bad = labels.formatted("500");
    // The newest stub that fits answers.
    answer("http_requests_total", "vector", "");
    answer(
        "http_requests_total{pod=\"g-1\"}",
        "vector",
        "{%s\"value\":[%.3f,\"30\"]},{%s\"value\":[%.3f,\"2\"]}".formatted(good, now, bad, now));
    answer("count(", "vector", "{\"metric\":{},\"value\":[%.3f,\"2\"]}".formatted(now));
    answer("vector(7)", "vector", "{\"metric\":{},\"value\":[%.3f,\"7\"]}".formatted(now));
    answer("[1m]", "matrix", "");
    answer(
        "[2m]",
        "matrix",
        "{%s\"values\":[[%.3f,\"28\"],[%.3f,\"30\"]]}".formatted(good, now - 10, now - 5));
    SERVER.stubFor(
        post("/api/v1/query")
            .withRequestBody(containing(encoded("sum(rate(")))
            .willReturn(
                aResponse()
                    .withStatus(400)
                    .withBody(
                        "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"invalid"
                            + " parameter \\\"query\\\": 1:33: parse error: unclosed left"
                            + " parenthesis\"}")));
  }

  private static void answer(String query, String type, String result) {
    SERVER.stubFor(
        post("/api/v1/query")
            .withRequestBody(containing(encoded(query)))
            .willReturn(
                aResponse()
                    .withBody(
                        "{\"status\":\"success\",\"data\":{\"resultType\":\"%s\",\"result\":[%s]}}"
                            .formatted(type, result))));
  }

  private static String encoded(String query) {
    return URLEncoder.encode(query, StandardCharsets.UTF_8);
  }

  @AfterEach
  void close() {
    metrics.close();
  }

  @Override
  protected Metrics metrics() {
    return metrics;
  }

  @Override
  protected Instant now() {
    return Instant.now();
  }

  @Override
  protected String pod() {
    return "g-1";
  }

  @Override
  protected void await(BooleanSupplier condition) {
    Await.until(PATIENCE, condition::getAsBoolean, holds -> holds);
  }

  @Override
  protected void goAway() {
    SERVER.stubFor(any(anyUrl()).willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
  }
}
