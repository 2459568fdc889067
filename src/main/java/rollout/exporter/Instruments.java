package rollout.exporter;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import rollout.model.Phase;

/**
 * Every metric that the program has, by name. What can be known before is there from the start, at
 * 0: a series that begins at 1 has no increase, and a process that lives for one release has no
 * other moment.
 */
final class Instruments {
  /** Of {@link #text()}. */
  static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

  /** How a release can end, as a {@code result} event says it. */
  static final List<String> OUTCOMES =
      List.of(
          "done",
          "installed",
          "unchanged",
          "rolled-back",
          "rolled-back-partly",
          "lost",
          "waiting",
          "unreachable",
          "not-settled",
          "interrupted",
          "terminated",
          "refused",
          "held",
          "forbidden",
          "error");

  /** What a check can say. */
  static final List<String> VERDICTS = List.of("pass", "fail", "undecided", "no-data");

  /** The moments of a way back, all measured from when the reason was detected. */
  static final List<String> MOMENTS = List.of("decided", "written", "observed");

  private static final double[] PHASE_SECONDS = {
    1, 5, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 43_200, 86_400
  };
  private static final double[] ROLLBACK_SECONDS = {
    0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300
  };

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Labels about;

  final Counter releases;
  final Histogram phases;
  final Gauge active;
  final Gauge revision;
  final Gauge started;
  final Gauge ended;
  final Gauge step;
  final Gauge stepStarted;
  final Gauge weight;
  final Counter verdicts;
  final Histogram rollbacks;

  Instruments(About about, ApiRequests requests) {
    this.about = Labels.of("namespace", about.namespace(), "target", about.target());
    releases = counter("rollout_releases", "Releases that have ended, by outcome.", "outcome");
    OUTCOMES.forEach(releases::initLabelValues);
    phases =
        histogram(
            "rollout_phase_duration_seconds",
            "Time that a release has spent in a phase, all of its stays together.",
            PHASE_SECONDS,
            "phase");
    // Nobody spends time in the last one.
    EnumSet.complementOf(EnumSet.of(Phase.DONE)).forEach(one -> phases.initLabelValues(one.word()));
    active = gauge("rollout_release_active", "Whether a release is being driven: 1 or 0.");
    revision = gauge("rollout_release_revision", "Revision of the release; 0 before it has one.");
    started =
        gauge(
            "rollout_release_start_timestamp_seconds",
            "When the first step began, in Unix time; 0 before.");
    ended =
        gauge(
            "rollout_release_end_timestamp_seconds",
            "When the release ended, in Unix time; 0 before.");
    step = gauge("rollout_step_active", "The step in progress: 1.", "phase", "step");
    stepStarted =
        gauge(
            "rollout_step_start_timestamp_seconds",
            "When the step in progress, or the last one, began, in Unix time; 0 before.");
    weight =
        gauge(
            "rollout_weight_ratio",
            "Share of new traffic for the candidate, 0 to 1: as asked for, as the router can give"
                + " it, as last observed. A kind that is not known is not there.",
            "kind");
    verdicts =
        counter("rollout_check_verdicts", "Verdicts of checks.", "check", "phase", "verdict");
    rollbacks =
        histogram(
            "rollout_rollback_duration_seconds",
            "From the moment at which the reason to go back was detected until that was decided,"
                + " written, and observed in the endpoints.",
            ROLLBACK_SECONDS,
            "until");
    MOMENTS.forEach(rollbacks::initLabelValues);
    CounterWithCallback.builder()
        .name("rollout_api_requests")
        .help("Requests to the API server, by verb and HTTP code; 'none' where no answer came.")
        .constLabels(this.about)
        .labelNames("verb", "code")
        .callback(all -> requests.each((verb, code, count) -> all.call(count, verb, code)))
        .register(registry);
  }

  private Counter counter(String name, String help, String... labels) {
    return Counter.builder()
        .name(name)
        .help(help)
        .constLabels(about)
        .labelNames(labels)
        .withoutExemplars()
        .register(registry);
  }

  private Gauge gauge(String name, String help, String... labels) {
    return Gauge.builder()
        .name(name)
        .help(help)
        .constLabels(about)
        .labelNames(labels)
        .withoutExemplars()
        .register(registry);
  }

  private Histogram histogram(String name, String help, double[] seconds, String label) {
    return Histogram.builder()
        .name(name)
        .help(help)
        .constLabels(about)
        .labelNames(label)
        .classicOnly()
        .classicUpperBounds(seconds)
        .withoutExemplars()
        .register(registry);
  }

  /** All of them as they are now, in Prometheus' text format. */
  String text() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create().write(bytes, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
