package rollout.core;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.core.Decision.Advance;
import rollout.document.Doc;
import rollout.model.Check;
import rollout.model.Event;
import rollout.model.Measure;
import rollout.model.MetricNames;
import rollout.model.MetricQuery;
import rollout.model.MetricRound;
import rollout.model.Pod;
import rollout.model.Verdict;
import rollout.plan.Release;
import rollout.plan.Step;
import rollout.router.Route;
import rollout.strategy.Canary;

/**
 * The checks on metrics: when to ask, and what the answers come to. Pod health is judged apart,
 * from the pods.
 */
public final class Checks {
  private static final MetricNames NO_NAMES = new MetricNames("", "", "", "", "", 1, "");

  private Checks() {}

  /** Whether there is anything to ask in this state. */
  public static boolean asking(RolloutState state) {
    return state
        .current()
        .filter(
            step ->
                step instanceof Step.Prove
                    ? StableWatch.asking(state)
                    : ObservedShare.isProvenBy(step)
                        ? ObservedShare.asked(state)
                        : (step instanceof Step.Verify || isWatched(step))
                            && !onMetrics(state).isEmpty())
        .isPresent();
  }

  /** The queries that are due in this state; none: nothing to ask. */
  public static List<MetricQuery> queries(RolloutState state, Observation seen) {
    if (!asking(state)) {
      return List.of();
    }
    if (state.current().orElseThrow() instanceof Step.Prove) {
      return StableWatch.queries(new Sight(state, seen));
    }
    Subject subject = subject(new Sight(state, seen));
    if (ObservedShare.asked(state)) {
      return ObservedShare.queries(state, subject);
    }
    Release.Terms terms = state.release().terms();
    return Questions.of(due(state, seen.now()), terms.metricNames().orElse(NO_NAMES), subject);
  }

  /** The checks whose own interval has passed since they were last judged in this step. */
  private static List<Check> due(RolloutState state, Instant at) {
    return onMetrics(state).stream()
        .filter(
            check ->
                Optional.ofNullable(state.tallies().askedAt().get(check.name()))
                    .map(last -> !at.isBefore(last.plus(check.every())))
                    .orElse(true))
        .toList();
  }

  /** How often to ask: as often as the most frequent check. */
  public static Duration every(RolloutState state) {
    boolean proving =
        state
            .current()
            .filter(step -> step instanceof Step.Prove || ObservedShare.isProvenBy(step))
            .isPresent();
    return proving
        ? Check.EVERY
        : onMetrics(state).stream().map(Check::every).min(Duration::compareTo).orElse(Timings.IDLE);
  }

  /** The checks on metrics that judge the step in progress: a stage may name its own. */
  static List<Check> onMetrics(RolloutState state) {
    List<String> only =
        state.current().orElse(null) instanceof Step.Watch(int stage, int percent)
                && state.release().shifting().orElseThrow().stages().get(stage)
                    instanceof Canary.Weight weight
            ? weight.checks()
            : List.of();
    return state.release().terms().checks().stream()
        .filter(check -> !(check.measure() instanceof Measure.PodHealth))
        .filter(check -> only.isEmpty() || only.contains(check.name()))
        .toList();
  }

  private static boolean isWatched(Step step) {
    return step instanceof Step.Bake || step instanceof Step.Watch || step instanceof Step.Approve;
  }

  private static Subject subject(Sight sight) {
    Release release = sight.release();
    return new Subject(
        release.namespace(),
        release.candidate().name(),
        release.stable().name(),
        sight.candidatePods().stream().filter(pod -> !pod.terminating()).map(Pod::name).toList(),
        sight.stableReady().stream().map(Pod::name).toList(),
        release.routes().stream().map(Route::candidate).findFirst().orElse(release.target().name()),
        release.target().name(),
        since(sight));
  }

  /**
   * Since when the candidate's numbers count: its traffic began with the switch, and what a share
   * brought does not speak for the next one.
   */
  private static Instant since(Sight sight) {
    if (sight.state().current().filter(Step.Watch.class::isInstance).isPresent()) {
      return sight.state().stepStarted();
    }
    return Optional.ofNullable(sight.state().facts().get(ShiftSteps.SWITCHED_AT))
        .map(Instant::parse)
        .orElse(sight.state().stepStarted());
  }

  /** The state with a new round judged; empty when there is no new one. */
  static Optional<Advance> judgeNewRound(Sight sight) {
    RolloutState state = sight.state();
    Optional<MetricRound> round =
        sight
            .seen()
            .round()
            .filter(one -> state.tallies().judged().map(one.asked()::isAfter).orElse(true));
    if (round.isEmpty() || round.get().asked().isBefore(state.stepStarted())) {
      return Optional.empty();
    }
    List<Check> checks = due(state, round.get().asked());
    if (checks.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Verdict> verdicts = new LinkedHashMap<>();
    Map<String, Integer> fails = new LinkedHashMap<>();
    List<Event> events = new ArrayList<>();
    MetricNames names = state.release().terms().metricNames().orElse(NO_NAMES);
    Subject subject = subject(sight);
    for (Check check : checks) {
      Verdict verdict = Judge.judge(check, names, round.get(), subject);
      verdicts.put(check.name(), verdict);
      int before = state.tallies().fails().getOrDefault(check.name(), 0);
      fails.put(check.name(), verdict instanceof Verdict.Fail ? before + 1 : 0);
      events.add(event(sight, check, verdict));
    }
    Tallies tallies = state.tallies().judged(fails, verdicts, round.get().asked());
    return Optional.of(new Advance(state.counting(tallies), "judged a round of checks", events));
  }

  private static Event event(Sight sight, Check check, Verdict verdict) {
    String word = word(verdict);
    return new Event(
        Event.CHECK,
        sight.state().current().map(Step::phase).orElse(rollout.model.Phase.BAKE),
        check.name() + ": " + word + ", " + verdict.reason(),
        Doc.of(
            "name", check.name(),
            "query", text(check.measure()),
            "value", finite(verdict.value()),
            "threshold", finite(verdict.threshold()),
            "samples", verdict.samples(),
            "verdict", word));
  }

  static Object finite(double value) {
    return Double.isFinite(value) ? (Object) value : "none";
  }

  static String word(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Pass pass -> "pass";
      case Verdict.Fail fail -> "fail";
      case Verdict.Undecided undecided -> "undecided";
      case Verdict.NoData noData -> "no-data";
    };
  }

  private static String text(Measure measure) {
    return switch (measure) {
      case Measure.ErrorRate() -> "http-error-rate";
      case Measure.Latency(double share) -> "http-p" + Math.round(share * 1000) / 10.0;
      case Measure.PodHealth() -> "pod-health";
      case Measure.Expression(String promql) -> promql;
    };
  }

  /** The check that has failed often enough, with its sentence; empty: none. */
  static Optional<Failed> failed(RolloutState state) {
    for (Check check : onMetrics(state)) {
      int fails = state.tallies().fails().getOrDefault(check.name(), 0);
      Verdict verdict = state.tallies().verdicts().get(check.name());
      if (fails >= check.consecutive() && verdict != null) {
        String times = fails == 1 ? "" : " (" + fails + " times in a row)";
        return Optional.of(new Failed(check, check.name() + ": " + verdict.reason() + times));
      }
    }
    return Optional.empty();
  }

  /** A check that has failed as often as its patience allows. */
  record Failed(Check check, String reason) {}
}
