package rollout.prometheus;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import rollout.model.MetricAnswer;
import rollout.model.MetricAnswer.Point;
import rollout.model.MetricAnswer.Samples;
import rollout.model.MetricAnswer.Series;
import rollout.model.MetricAnswer.Unreachable;
import rollout.model.MetricQuery;

class HttpMetricsTests {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.250Z");
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final String ONE =
      """
      {"status":"success","data":{"resultType":"vector","result":[
        {"metric":{"pod":"g-1"},"value":[1772366400.25,"3"]}]}}\
      """;

  @RegisterExtension
  static final WireMockExtension SERVER =
      WireMockExtension.newInstance().options(wireMockConfig().dynamicPort()).build();

  private static void answer(ResponseDefinitionBuilder response) {
    SERVER.stubFor(post("/api/v1/query").willReturn(response));
  }

  private static HttpMetrics metrics(Duration timeout) {
    return HttpMetrics.of(SERVER.baseUrl(), timeout, Map.of(), NoCluster.unused());
  }

  private static MetricAnswer read(Duration timeout) {
    try (HttpMetrics metrics = metrics(timeout)) {
      return metrics.read(List.of(new MetricQuery("q", "up{a=\"b+c\"}")), NOW).answer("q");
    }
  }

  private static MetricAnswer read() {
    return read(TIMEOUT);
  }

  private static MetricAnswer readBody(String body) {
    answer(aResponse().withBody(body));
    return read();
  }

  @Test
  void readsAVectorAndSendsQueryTimeAndTimeoutAsAForm() {
    assertThat(readBody(ONE))
        .isEqualTo(
            new Samples(
                List.of(new Series(Map.of("pod", "g-1"), List.of(new Point(NOW, 3)))), List.of()));
    SERVER.verify(
        postRequestedFor(urlEqualTo("/api/v1/query"))
            .withHeader("Content-Type", equalTo("application/x-www-form-urlencoded"))
            .withRequestBody(
                equalTo("query=up%7Ba%3D%22b%2Bc%22%7D&time=1772366400.250&timeout=30s")));
  }

  @Test
  void readsAMatrixWithWhatIsNoNumber() {
    assertThat(
            readBody(
                """
                {"status":"success","data":{"resultType":"matrix","result":[{"metric":{},
                  "values":[[1,"NaN"],[2,"+Inf"],[3,"-Inf"],[4.5,"1e3"]]}]},
                  "warnings":["store a is away","PromQL info: not a counter"]}\
                """))
        .isEqualTo(
            new Samples(
                List.of(
                    new Series(
                        Map.of(),
                        List.of(
                            new Point(Instant.ofEpochSecond(1), Double.NaN),
                            new Point(Instant.ofEpochSecond(2), Double.POSITIVE_INFINITY),
                            new Point(Instant.ofEpochSecond(3), Double.NEGATIVE_INFINITY),
                            new Point(Instant.ofEpochMilli(4500), 1000)))),
                List.of("store a is away")));
  }

  @Test
  void readsAScalar() {
    assertThat(
            readBody(
                "{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[7,\"2\"]}}"))
        .isEqualTo(
            new Samples(
                List.of(new Series(Map.of(), List.of(new Point(Instant.ofEpochSecond(7), 2)))),
                List.of()));
  }

  @Test
  void readsAnAnswerThatIsZipped() throws IOException {
    answer(zipped(ONE));
    assertThat(read()).isInstanceOf(Samples.class);
    SERVER.verify(postRequestedFor(anyUrl()).withHeader("Accept-Encoding", equalTo("gzip")));
  }

  private static ResponseDefinitionBuilder zipped(String body) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(body.getBytes(StandardCharsets.UTF_8));
    }
    return aResponse()
        .withBody(bytes.toByteArray())
        .withHeader("Content-Encoding", "gzip")
        .withGzipDisabled(true);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 422})
  void saysWhatPrometheusRefuses(int status) {
    answer(
        aResponse()
            .withStatus(status)
            .withBody(
                "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"parse error\"}"));
    assertThat(read()).isEqualTo(new MetricAnswer.Refused(status, "parse error"));
  }

  @ParameterizedTest
  @CsvSource({
    "400,no answer to the query",
    "401,not let in",
    "403,not let in",
    "404,no Prometheus API at this address",
    "429,too many requests",
    "500,no answer to the query",
    "502,no answer to the query",
    "503,not available",
  })
  void isUnreachableWhenTheStatusIsNoAnswer(int status, String meaning) {
    answer(aResponse().withStatus(status).withBody("<html>no</html>"));
    assertThat(read())
        .isInstanceOfSatisfying(
            Unreachable.class,
            answer -> assertThat(answer.why()).startsWith("HTTP " + status + ", " + meaning));
  }

  @Test
  void doesNotFollowARedirect() {
    SERVER.stubFor(any(urlEqualTo("/elsewhere")).willReturn(aResponse().withBody(ONE)));
    answer(aResponse().withStatus(302).withHeader("Location", "/elsewhere"));
    assertThat(read())
        .isEqualTo(
            new Unreachable("HTTP 302, a redirect, which is not followed; give the final address"));
    SERVER.verify(0, getRequestedFor(urlEqualTo("/elsewhere")));
    SERVER.verify(0, postRequestedFor(urlEqualTo("/elsewhere")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "[]",
        "{\"status\":\"success\"}",
        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"met",
        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"value\":[1]}]}}",
      })
  void isUnreachableWhenTheBodyIsNotPrometheusJson(String body) {
    assertThat(readBody(body)).isInstanceOf(Unreachable.class);
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void isUnreachableWhenTheConnectionBreaks(Fault fault) {
    answer(aResponse().withFault(fault));
    assertThat(read()).isInstanceOf(Unreachable.class);
  }

  @Test
  void isUnreachableWhenHalfABodyComes() {
    answer(aResponse().withBody(ONE).withHeader("Content-Length", "500").withGzipDisabled(true));
    assertThat(read(Duration.ofMillis(700))).isInstanceOf(Unreachable.class);
  }

  @Test
  void isUnreachableWhenNothingListens() {
    int free = SERVER.getPort();
    try (HttpMetrics metrics =
        HttpMetrics.of("http://127.0.0.2:" + free, TIMEOUT, Map.of(), NoCluster.unused())) {
      MetricAnswer answer = metrics.read(List.of(new MetricQuery("q", "up")), NOW).answer("q");
      assertThat(answer).isInstanceOf(Unreachable.class);
    }
  }

  @Test
  void isUnreachableWhenTheAnswerIsLate() {
    answer(aResponse().withBody(ONE).withFixedDelay(60_000));
    assertThat(read(Duration.ofMillis(300))).isEqualTo(new Unreachable("no answer in 300ms"));
  }

  @Test
  void isUnreachableWhenTheBodyTrickles() {
    answer(aResponse().withBody(ONE).withChunkedDribbleDelay(20, 60_000));
    assertThat(read(Duration.ofMillis(300))).isEqualTo(new Unreachable("no answer in 300ms"));
  }

  @Test
  void isUnreachableWhenTheBodyIsTooLargeUnzipped() throws IOException {
    answer(zipped(" ".repeat(DirectTransport.BODY_LIMIT_BYTES) + ONE));
    assertThat(read()).isEqualTo(new Unreachable("the answer is larger than 16 MiB"));
  }

  @Test
  void asksAllQueriesAtOnce() {
    int count = 8;
    int delay = 2000;
    answer(aResponse().withBody(ONE).withFixedDelay(delay));
    List<MetricQuery> queries =
        IntStream.range(0, count).mapToObj(i -> new MetricQuery("q" + i, "up")).toList();
    try (HttpMetrics metrics = metrics(TIMEOUT)) {
      var round = metrics.read(queries, NOW);
      assertThat(round.answers()).hasSize(count);
      assertThat(round.answers().values()).allMatch(Samples.class::isInstance);
      assertThat(Duration.between(round.asked(), round.answered()).toMillis())
          .isBetween((long) delay, (long) delay * count / 2);
    }
  }

  @Test
  void answersOthersThoughOneQueryHangs() {
    answer(aResponse().withBody(ONE));
    SERVER.stubFor(
        post("/api/v1/query")
            .withRequestBody(containing("query=slow"))
            .willReturn(aResponse().withFixedDelay(60_000)));
    try (HttpMetrics metrics = metrics(Duration.ofSeconds(3))) {
      var round =
          metrics.read(List.of(new MetricQuery("s", "slow"), new MetricQuery("q", "up")), NOW);
      assertThat(round.answer("q")).isInstanceOf(Samples.class);
      assertThat(round.answer("s")).isEqualTo(new Unreachable("no answer in 3s"));
    }
  }

  @Test
  void raisesTheSignalWhenTheRoundHasEnded() throws InterruptedException {
    answer(aResponse().withBody(ONE));
    CountDownLatch raised = new CountDownLatch(1);
    try (HttpMetrics metrics = metrics(TIMEOUT)) {
      assertThat(metrics.latest()).isEmpty();
      metrics.ask(List.of(new MetricQuery("q", "up")), NOW, raised::countDown);
      assertThat(raised.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(metrics.latest().orElseThrow().answer("q")).isInstanceOf(Samples.class);
      assertThat(metrics.latest().orElseThrow().asked()).isEqualTo(NOW);
    }
  }

  @Test
  void doesNotBeginARoundWhileOneRuns() throws InterruptedException {
    answer(aResponse().withBody(ONE).withFixedDelay(400));
    CountDownLatch raised = new CountDownLatch(1);
    try (HttpMetrics metrics = metrics(TIMEOUT)) {
      metrics.ask(List.of(new MetricQuery("first", "up")), NOW, raised::countDown);
      metrics.ask(List.of(new MetricQuery("second", "up")), NOW, raised::countDown);
      assertThat(raised.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(metrics.latest().orElseThrow().answers()).containsOnlyKeys("first");
    }
    SERVER.verify(1, postRequestedFor(anyUrl()));
  }
}
