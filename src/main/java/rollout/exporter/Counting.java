package rollout.exporter;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Phase;
import rollout.port.Progress;

/** Turns events into metrics. May be told from several threads. */
final class Counting implements Progress {
  /** A verb that left its request to the driver that lives: the release goes on there. */
  private static final String ACCEPTED = "accepted";

  private static final double PERCENT = 100;
  private static final double MILLIS = 1000;

  private final Instruments instruments;
  private final InstantSource clock;
  private final Map<Phase, Duration> spent = new EnumMap<>(Phase.class);
  private final Set<String> known = new HashSet<>();
  private Phase phase = Phase.PREFLIGHT;
  private Instant since;
  private boolean begun;

  Counting(Instruments instruments, InstantSource clock) {
    this.instruments = instruments;
    this.clock = clock;
    this.since = clock.instant();
  }

  @Override
  public synchronized void tell(Event event) {
    Doc fields = event.fields();
    instruments.revision.set(fields.number((long) instruments.revision.get(), "revision"));
    switch (event.type()) {
      case Event.PLAN -> newRelease();
      case Event.STEP_STARTED -> began(event.phase(), fields.textOrEmpty("step"));
      case Event.TRAFFIC -> traffic(fields);
      case Event.CHECK -> verdict(event.phase(), fields);
      case Event.ROLLBACK -> rollback(fields);
      case Event.RESULT -> ended(fields.textOrEmpty("outcome"));
      default -> {}
    }
  }

  /** Only a new release is planned, and its candidate has no traffic yet. */
  private void newRelease() {
    for (String kind : new String[] {"requested", "effective", "observed"}) {
      instruments.weight.labelValues(kind).set(0);
    }
  }

  private void began(Phase next, String step) {
    double now = seconds(clock.instant());
    if (!begun) {
      begun = true;
      instruments.active.set(1);
      instruments.started.set(now);
    }
    if (next != phase) {
      leave();
      phase = next;
    }
    instruments.step.clear();
    instruments.step.labelValues(next.word(), step).set(1);
    instruments.stepStarted.set(now);
  }

  private void leave() {
    Instant now = clock.instant();
    spent.merge(phase, Duration.between(since, now), Duration::plus);
    since = now;
  }

  private void traffic(Doc fields) {
    for (String kind : new String[] {"requested", "effective", "observed"}) {
      Optional<Double> percent = number(fields, kind);
      percent.ifPresentOrElse(
          value -> instruments.weight.labelValues(kind).set(value / PERCENT),
          () -> instruments.weight.remove(kind));
    }
  }

  private static Optional<Double> number(Doc fields, String name) {
    return fields.members().get(name) instanceof Number number
        ? Optional.of(number.doubleValue())
        : Optional.empty();
  }

  private void verdict(Phase in, Doc fields) {
    String check = fields.textOrEmpty("name");
    if (known.add(in.word() + " " + check)) {
      Instruments.VERDICTS.forEach(
          verdict -> instruments.verdicts.initLabelValues(check, in.word(), verdict));
    }
    instruments.verdicts.labelValues(check, in.word(), fields.textOrEmpty("verdict")).inc();
  }

  private void rollback(Doc fields) {
    for (String moment : Instruments.MOMENTS) {
      Optional<Instant> from = instant(fields, "detectedAt");
      Optional<Instant> to = instant(fields, moment + "At");
      if (from.isPresent() && to.isPresent()) {
        double took = Duration.between(from.get(), to.get()).toMillis() / MILLIS;
        instruments.rollbacks.labelValues(moment).observe(Math.max(0, took));
      }
    }
  }

  private static Optional<Instant> instant(Doc fields, String name) {
    try {
      return fields.text(name).map(Instant::parse);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private void ended(String outcome) {
    if (!outcome.equals(ACCEPTED)) {
      instruments.releases.labelValues(outcome).inc();
      instruments.ended.set(seconds(clock.instant()));
    }
    if (begun) {
      leave();
      spent.forEach(
          (stay, time) ->
              instruments.phases.labelValues(stay.word()).observe(time.toMillis() / MILLIS));
    }
    instruments.active.set(0);
    instruments.step.clear();
  }

  private static double seconds(Instant at) {
    return at.toEpochMilli() / MILLIS;
  }
}
