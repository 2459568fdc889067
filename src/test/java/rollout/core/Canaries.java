package rollout.core;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.model.MetricAnswer;
import rollout.model.MetricAnswer.Point;
import rollout.model.MetricAnswer.Samples;
import rollout.model.MetricAnswer.Series;
import rollout.model.MetricRound;
import rollout.plan.Release;
import rollout.plan.Release.Shifting;
import rollout.router.Route;
import rollout.strategy.Canary;

/** Releases share by share, for tests, and what the counters of the requests say of a share. */
final class Canaries {
  private Canaries() {}

  /** The copy with these stages, by its pods. */
  static Release byPods(Canary.Stage... stages) {
    return Seen.with(
        Seen.copy(), new Shifting(List.of(stages), List.of(), Optional.empty(), Optional.empty()));
  }

  /** A canary by a route without chosen users, where the requests are counted. */
  static Release counted(Release routed) {
    Shifting shifting = routed.shifting().orElseThrow();
    Release plain =
        Seen.with(
            routed,
            new Shifting(shifting.stages(), shifting.routes(), Optional.empty(), Optional.empty()));
    return Seen.counted(plain, Scraped.NAMES);
  }

  /** The same by these routes. */
  static Release by(Release release, Route... routes) {
    Shifting shifting = release.shifting().orElseThrow();
    return Seen.with(
        release,
        new Shifting(shifting.stages(), List.of(routes), shifting.match(), shifting.given()));
  }

  /** So many requests to each version from one instant to another, which the round was asked at. */
  static MetricRound requests(Instant from, Instant asked, double candidate, double stable) {
    return new MetricRound(
        asked,
        asked,
        Map.of(
            "share/candidate", grown(from, asked, candidate),
            "share/stable", grown(from, asked, stable)));
  }

  private static MetricAnswer grown(Instant from, Instant to, double by) {
    List<Point> points = List.of(new Point(from, 1000), new Point(to, 1000 + by));
    return new Samples(List.of(new Series(Map.of("pod", "any"), points)), List.of());
  }
}
