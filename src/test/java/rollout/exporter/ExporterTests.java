package rollout.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rollout.core.Outcome;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Phase;

/** The metrics of a run, served. */
class ExporterTests {
  private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(1_000));
  private final List<String> said = new CopyOnWriteArrayList<>();

  private Exporter serving(String host, int port) {
    return Exporter.open(
        new About("prod", "shop"),
        new ApiRequests(),
        CLOCK,
        Optional.of(new Exporter.Place(host, port)),
        Optional.empty(),
        said::add);
  }

  private static Event result(String outcome) {
    return new Event(Event.RESULT, Phase.DONE, "over", Doc.of("outcome", outcome));
  }

  @Test
  void servesOnAnyFreePortAndSaysWhere() {
    try (Exporter exporter = serving("127.0.0.1", 0)) {
      String url = exporter.served().orElseThrow();
      assertThat(url).matches("http://127\\.0\\.0\\.1:[1-9]\\d+/metrics");
      assertThat(said).containsExactly("metrics are served at " + url);
      HttpResponse<String> answer = Scrape.of(url);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
      assertThat(answer.body())
          .contains("rollout_release_active{namespace=\"prod\",target=\"shop\"} 0.0");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/openmetrics-text;version=1.0.0",
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
            + "encoding=delimited;q=0.6,text/plain;version=0.0.4;q=0.3"
      })
  void whateverPrometheusWouldLikeItGetsTheTextThatAllRead(String accept) {
    try (Exporter exporter = serving("127.0.0.1", 0)) {
      HttpResponse<String> answer =
          Scrape.by("GET", exporter.served().orElseThrow(), "Accept", accept);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type"))
          .contains("text/plain; version=0.0.4; charset=utf-8");
      assertThat(answer.body()).startsWith("# HELP rollout_");
    }
  }

  @ParameterizedTest
  @CsvSource({"GET, /, 404", "GET, /metrics/x, 404", "GET, /metricsx, 404", "POST, /metrics, 405"})
  void nothingElseIsAnswered(String method, String path, int status) {
    try (Exporter exporter = serving("127.0.0.1", 0)) {
      String url = exporter.served().orElseThrow().replace("/metrics", path);
      assertThat(Scrape.by(method, url, "Accept", "*/*").statusCode()).isEqualTo(status);
    }
  }

  @Test
  void theEndIsStillServedUntilItIsClosed() {
    Exporter exporter = serving("127.0.0.1", 0);
    String url = exporter.served().orElseThrow();
    exporter.tell(result("rolled-back"));
    assertThat(Scrape.of(url).body())
        .contains(
            "rollout_releases_total{namespace=\"prod\",outcome=\"rolled-back\",target=\"shop\"}"
                + " 1.0");
    exporter.close();
    assertThatThrownBy(() -> Scrape.of(url)).hasCauseInstanceOf(IOException.class);
  }

  @Test
  void portThatIsTakenIsSaidAndNothingElseChanges() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        Exporter exporter = serving("127.0.0.1", taken.getLocalPort())) {
      assertThat(exporter.served()).isEmpty();
      assertThat(said)
          .singleElement()
          .asString()
          .startsWith("metrics are not served: port " + taken.getLocalPort() + " of 127.0.0.1");
      assertThatCode(() -> exporter.tell(result("done"))).doesNotThrowAnyException();
    }
  }

  @Test
  void hostThatIsNotThereIsSaidAndNothingElseChanges() {
    try (Exporter exporter = serving("no-such-host.invalid", 0)) {
      assertThat(exporter.served()).isEmpty();
      assertThat(said).singleElement().asString().startsWith("metrics are not served: port 0");
    }
  }

  @Test
  void neverFailsWhateverItIsTold() {
    try (Exporter exporter = serving("127.0.0.1", 0)) {
      for (String type : List.of(Event.CHECK, Event.TRAFFIC, Event.ROLLBACK, Event.RESULT, "new")) {
        for (Object odd : new Object[] {"x", 1, List.of(), Doc.EMPTY.members()}) {
          Doc fields =
              Doc.of(
                  "name",
                  odd,
                  "verdict",
                  odd,
                  "requested",
                  odd,
                  "detectedAt",
                  odd,
                  "outcome",
                  odd,
                  "revision",
                  odd,
                  "decidedAt",
                  odd);
          assertThatCode(() -> exporter.tell(new Event(type, Phase.BAKE, "", fields)))
              .doesNotThrowAnyException();
        }
      }
    }
  }

  @Test
  void outcomesAreThoseOfTheProgram() {
    Stream<String> reported = Stream.of("refused", "held", "forbidden", "error");
    List<String> words =
        Stream.concat(
                Stream.of(Outcome.Result.values()).map(Outcome.Result::word),
                Stream.concat(reported, Stream.of("unreachable")))
            .distinct()
            .filter(word -> !List.of("planned", "accepted").contains(word))
            .toList();
    assertThat(Instruments.OUTCOMES).containsExactlyInAnyOrderElementsOf(words);
  }

  @Test
  void wholeReleaseIsInItsMetrics() {
    assertThat(Scrape.afterDemo("good"))
        .contains("outcome=\"done\",target=\"shop\"} 1.0")
        .contains("kind=\"observed\",namespace=\"shop\",target=\"shop\"} 1.0")
        .containsPattern("check=\"error-rate\".*phase=\"shift\".*verdict=\"pass\"} [1-9]")
        .containsPattern("rollout_phase_duration_seconds_count\\{.*phase=\"migrate\".*} 1");
    assertThat(Scrape.afterDemo("bad-version"))
        .contains("outcome=\"rolled-back\",target=\"shop\"} 1.0")
        .containsPattern("check=\"error-rate\".*verdict=\"fail\"} [1-9]")
        .containsPattern("rollout_rollback_duration_seconds_count\\{.*until=\"observed\"} 1");
  }
}
