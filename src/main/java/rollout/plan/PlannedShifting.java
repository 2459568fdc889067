package rollout.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import rollout.model.Durations;
import rollout.plan.Release.Shifting;
import rollout.plan.Release.Steered;
import rollout.router.Route;
import rollout.strategy.Canary;

/** What the steps of a canary say and write, before they happen. */
final class PlannedShifting {
  private final Release release;

  PlannedShifting(Release release) {
    this.release = release;
  }

  private Shifting shifting() {
    return release.shifting().orElseThrow();
  }

  private int stable() {
    return Math.max(1, release.stable().replicas());
  }

  private int pods(int percent) {
    return shifting().pods(stable(), percent);
  }

  int firstPods() {
    return shifting().firstPods(stable());
  }

  int mostPods() {
    return shifting().mostPods(stable());
  }

  String shifts(int percent) {
    int pods = pods(percent);
    if (!shifting().byReplicas()) {
      return percent
          + " % of the requests to "
          + release.candidate().name()
          + " by "
          + routes()
          + ", borne by "
          + pods
          + " pods at least";
    }
    return percent
        + " % of the requests to "
        + release.candidate().name()
        + ": "
        + pods
        + " of "
        + (stable() + pods)
        + " pods, effective "
        + Shares.percent(stable(), pods)
        + " %";
  }

  String watches(int stage, int percent, String checks) {
    Canary.Weight weight = (Canary.Weight) shifting().stages().get(stage);
    String only =
        weight.checks().isEmpty() ? checks : " (" + String.join(", ", weight.checks()) + ")";
    return "watch it at " + percent + " % for " + Durations.text(weight.time()) + only;
  }

  String routes() {
    return String.join(" and ", shifting().routes().stream().map(Route::toString).toList());
  }

  List<String> shiftWrites(int percent) {
    List<String> writes = new ArrayList<>();
    writes.add("patch Deployment " + release.candidate().name() + ": replicas → " + pods(percent));
    if (shifting().byReplicas()) {
      for (Steered one : release.services()) {
        writes.add("patch Service " + one.name() + ": selector " + one.both());
      }
    } else {
      writes.addAll(weights(percent));
    }
    return writes;
  }

  List<String> attachWrites() {
    String service = candidateService();
    return Stream.concat(
            Stream.of("create Service " + service + ": selector " + release.target().candidate()),
            shifting().routes().stream()
                .map(route -> "patch " + route + ": " + service + " beside it at weight 0"))
        .toList();
  }

  List<String> weights(int percent) {
    return shifting().routes().stream()
        .map(
            route ->
                "patch "
                    + route
                    + ": weights "
                    + route.stable()
                    + " "
                    + (100 - percent)
                    + ", "
                    + route.candidate()
                    + " "
                    + percent)
        .toList();
  }

  List<String> detachWrites() {
    return shifting().routes().stream()
        .map(route -> "patch " + route + ": " + route.candidate() + " out, rollout/state off")
        .toList();
  }

  String candidateService() {
    return shifting().routes().getFirst().candidate();
  }
}
