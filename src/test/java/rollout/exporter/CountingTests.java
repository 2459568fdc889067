package rollout.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Phase;

/** Events in, Prometheus' text out. */
class CountingTests {
  private static final Instant START = Instant.ofEpochSecond(1_000);
  private static final String ABOUT = "namespace=\"prod\"";
  private static final String TARGET = "target=\"shop\"";

  private Instant now = START;
  private final ApiRequests requests = new ApiRequests();
  private final Instruments instruments = new Instruments(new About("prod", "shop"), requests);
  private final Counting counting = new Counting(instruments, () -> now);

  private void tell(String type, Phase phase, Object... fields) {
    counting.tell(new Event(type, phase, "what happened", Doc.of(fields)));
  }

  private void step(Phase phase, String step) {
    tell(Event.STEP_STARTED, phase, "step", step, "revision", 7);
  }

  private void pass(long seconds) {
    now = now.plusSeconds(seconds);
  }

  /** The value of a series, by its name and its labels beside those that all have. */
  private String value(String name, String... labels) {
    List<String> all =
        java.util.stream.Stream.concat(
                java.util.stream.Stream.of(ABOUT, TARGET), java.util.stream.Stream.of(labels))
            .sorted()
            .toList();
    return instruments
        .text()
        .lines()
        .filter(line -> line.startsWith(name + "{"))
        .filter(line -> labelsOf(line).equals(all))
        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
        .findFirst()
        .orElse("none");
  }

  private static List<String> labelsOf(String line) {
    String inside = line.substring(line.indexOf('{') + 1, line.lastIndexOf('}'));
    return java.util.Arrays.stream(inside.split(",")).sorted().toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"done", "rolled-back", "rolled-back-partly", "not-settled", "lost", "refused"})
  void eachOutcomeIsThereFromTheStartAndCounted(String outcome) {
    String label = "outcome=\"" + outcome + "\"";
    assertThat(value("rollout_releases_total", label)).isEqualTo("0.0");
    tell(Event.RESULT, Phase.DONE, "outcome", outcome);
    assertThat(value("rollout_releases_total", label)).isEqualTo("1.0");
  }

  @Test
  void requestThatIsLeftForTheDriverIsNoRelease() {
    tell(Event.RESULT, Phase.DONE, "outcome", "accepted");
    assertThat(instruments.text()).doesNotContain("accepted");
    assertThat(value("rollout_release_end_timestamp_seconds")).isEqualTo("0.0");
  }

  @Test
  void staysInOnePhaseAreAddedUpAndObservedAtTheEnd() {
    pass(2);
    step(Phase.DEPLOY, "pause");
    pass(3);
    step(Phase.MIGRATE, "migrate");
    pass(40);
    step(Phase.DEPLOY, "start");
    step(Phase.DEPLOY, "verify");
    pass(7);
    assertThat(value("rollout_phase_duration_seconds_count", "phase=\"deploy\"")).isEqualTo("0");
    tell(Event.RESULT, Phase.DONE, "outcome", "done");
    assertThat(value("rollout_phase_duration_seconds_sum", "phase=\"preflight\"")).isEqualTo("2.0");
    assertThat(value("rollout_phase_duration_seconds_sum", "phase=\"migrate\"")).isEqualTo("40.0");
    assertThat(value("rollout_phase_duration_seconds_sum", "phase=\"deploy\"")).isEqualTo("10.0");
    assertThat(value("rollout_phase_duration_seconds_count", "phase=\"deploy\"")).isEqualTo("1");
    assertThat(value("rollout_phase_duration_seconds_count", "phase=\"bake\"")).isEqualTo("0");
  }

  @Test
  void refusedReleaseHasNoPhases() {
    pass(5);
    tell(Event.RESULT, Phase.PREFLIGHT, "outcome", "refused");
    assertThat(value("rollout_phase_duration_seconds_count", "phase=\"preflight\"")).isEqualTo("0");
  }

  @Test
  void onlyTheStepInProgressIsThere() {
    step(Phase.SHIFT, "shift-5");
    pass(90);
    step(Phase.SHIFT, "watch-5");
    pass(1);
    assertThat(value("rollout_step_active", "phase=\"shift\"", "step=\"watch-5\""))
        .isEqualTo("1.0");
    assertThat(instruments.text()).doesNotContain("shift-5");
    assertThat(value("rollout_step_start_timestamp_seconds")).isEqualTo("1090.0");
    assertThat(value("rollout_release_start_timestamp_seconds")).isEqualTo("1000.0");
    assertThat(value("rollout_release_active")).isEqualTo("1.0");
    assertThat(value("rollout_release_revision")).isEqualTo("7.0");

    tell(Event.RESULT, Phase.DONE, "outcome", "done");
    assertThat(instruments.text()).doesNotContain("watch-5");
    assertThat(value("rollout_release_active")).isEqualTo("0.0");
    assertThat(value("rollout_release_end_timestamp_seconds")).isEqualTo("1091.0");
    assertThat(value("rollout_release_revision")).isEqualTo("7.0");
  }

  @Test
  void weightsAreThreeAndTheOneThatIsNotKnownIsNotThere() {
    assertThat(value("rollout_weight_ratio", "kind=\"requested\"")).isEqualTo("none");
    tell(Event.PLAN, Phase.PREFLIGHT);
    assertThat(value("rollout_weight_ratio", "kind=\"observed\"")).isEqualTo("0.0");
    tell(Event.TRAFFIC, Phase.SHIFT, "requested", 25, "effective", 30, "observed", 27.4);
    assertThat(value("rollout_weight_ratio", "kind=\"requested\"")).isEqualTo("0.25");
    assertThat(value("rollout_weight_ratio", "kind=\"effective\"")).isEqualTo("0.3");
    assertThat(value("rollout_weight_ratio", "kind=\"observed\"")).startsWith("0.27");
    tell(Event.TRAFFIC, Phase.SHIFT, "requested", 50, "effective", 50);
    assertThat(value("rollout_weight_ratio", "kind=\"effective\"")).isEqualTo("0.5");
    assertThat(value("rollout_weight_ratio", "kind=\"observed\"")).isEqualTo("none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pass", "fail", "undecided", "no-data"})
  void verdictIsCountedByCheckAndPhase(String verdict) {
    tell(Event.CHECK, Phase.BAKE, "name", "p99", "verdict", "pass");
    String before = value(verdicts(), "check=\"p99\"", "phase=\"bake\"", labelled(verdict));
    tell(Event.CHECK, Phase.BAKE, "name", "p99", "verdict", verdict);
    assertThat(before).isEqualTo(verdict.equals("pass") ? "1.0" : "0.0");
    assertThat(value(verdicts(), "check=\"p99\"", "phase=\"bake\"", labelled(verdict)))
        .isEqualTo(verdict.equals("pass") ? "2.0" : "1.0");
    assertThat(value(verdicts(), "check=\"p99\"", "phase=\"migrate\"", labelled(verdict)))
        .isEqualTo("none");
  }

  private static String verdicts() {
    return "rollout_check_verdicts_total";
  }

  private static String labelled(String verdict) {
    return "verdict=\"" + verdict + "\"";
  }

  @ParameterizedTest
  @CsvSource({"decided, 0.05", "written, 0.11", "observed, 0.8"})
  void wayBackIsMeasuredFromItsDetection(String moment, String seconds) {
    assertThat(value("rollout_rollback_duration_seconds_count", "until=\"" + moment + "\""))
        .isEqualTo("0");
    Instant detected = Instant.parse("2025-01-01T10:00:00Z");
    tell(
        Event.ROLLBACK,
        Phase.ROLLBACK,
        "detectedAt",
        detected.toString(),
        "decidedAt",
        detected.plusMillis(50).toString(),
        "writtenAt",
        detected.plusMillis(110).toString(),
        "observedAt",
        detected.plus(Duration.ofMillis(800)).toString());
    assertThat(value("rollout_rollback_duration_seconds_sum", "until=\"" + moment + "\""))
        .isEqualTo(seconds);
  }

  @Test
  void wayBackWithoutItsTimesIsNotMeasured() {
    tell(Event.ROLLBACK, Phase.ROLLBACK, "detectedAt", "once upon a time");
    assertThat(value("rollout_rollback_duration_seconds_count", "until=\"decided\""))
        .isEqualTo("0");
  }

  @Test
  void requestsAreCountedByVerbAndCode() {
    requests.ended("list", "200");
    requests.ended("list", "200");
    requests.ended("patch", "409");
    requests.ended("get", "none");
    assertThat(value("rollout_api_requests_total", "verb=\"list\"", "code=\"200\""))
        .isEqualTo("2.0");
    assertThat(value("rollout_api_requests_total", "verb=\"patch\"", "code=\"409\""))
        .isEqualTo("1.0");
    assertThat(value("rollout_api_requests_total", "verb=\"get\"", "code=\"none\""))
        .isEqualTo("1.0");
  }
}
