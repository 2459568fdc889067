package rollout.plan;

import java.util.List;
import java.util.Optional;
import rollout.model.Deployment;
import rollout.model.Pod;
import rollout.model.Service;
import rollout.plan.Release.Contender;
import rollout.plan.Release.Stable;
import rollout.plan.Release.Steered;
import rollout.plan.Release.Terms;
import rollout.strategy.Strategy;

/** What must hold before traffic goes from one Deployment of the user's to another. */
final class Swaps {
  private Swaps() {}

  static void check(
      Strategy strategy,
      Survey survey,
      Service service,
      Deployment other,
      boolean pinned,
      Findings findings) {
    boolean serves =
        survey.podsOf(other).stream()
            .filter(Pod::ready)
            .anyMatch(pod -> service.selector().selects(pod.labels()));
    if (serves) {
      findings.refuse(
          "Deployment "
              + other.name()
              + " is in production already: its ready pods are behind Service "
              + service.name(),
          "Scale it to 0 first, or narrow the Service's selector.");
    }
    if (pinned && !serves && other.replicas() > 0) {
      findings.refuse(
          "Deployment "
              + other.name()
              + " has "
              + other.replicas()
              + " replicas, and its pods match the selector of Service "
              + service.name(),
          "Scale it to 0 first.");
    }
    if (!strategy.ignored().isEmpty()) {
      findings.refuse(
          "--ignore-service "
              + String.join(", ", strategy.ignored())
              + ": with --to, its pods go to zero and it would end empty",
          "Move it along: --also.");
    }
    if (!other.claim().isEmpty()) {
      throw new rollout.model.HeldError(
          "Deployment "
              + other.name()
              + " is held by the release of Service "
              + other.claim().textOrEmpty("target"));
    }
    if (other.paused()) {
      findings.refuse(
          "Deployment " + other.name() + " is paused",
          "kubectl rollout resume deployment/" + other.name());
    }
  }

  /** The Service sends to this Deployment already. */
  static Prepared unchanged(Survey survey, Service service, Deployment live, Terms terms) {
    Stable stable =
        new Stable(
            live.name(),
            live.uid(),
            live.replicas(),
            "",
            "",
            "",
            live.templateHash(),
            true,
            false,
            Templates.images(live.template()));
    Contender same =
        new Contender(
            live.name(),
            live.uid(),
            live.replicas(),
            live.templateHash(),
            Templates.images(live.template()));
    Steered steered =
        new Steered(
            service.name(),
            service.uid(),
            service.selector(),
            service.selector(),
            service.selector());
    Release release =
        new Release(
            survey.namespace(),
            Math.max(1, survey.nextRevision() - 1),
            Form.SWAP,
            Optional.empty(),
            stable,
            same,
            List.of(steered),
            Optional.empty(),
            Release.Database.NONE,
            Optional.empty(),
            Release.Configs.NONE,
            Optional.empty(),
            Optional.empty(),
            terms);
    return new Prepared(release, Materials.NONE, List.of(), true);
  }
}
