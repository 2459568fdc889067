package rollout.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.document.Doc;
import rollout.model.Deployment;
import rollout.model.ManifestDoc;
import rollout.model.Schema;
import rollout.model.Selector;
import rollout.model.Service;
import rollout.plan.Release.Contender;
import rollout.plan.Release.Stable;
import rollout.plan.Release.Steered;
import rollout.plan.Release.Terms;
import rollout.strategy.Candidate;
import rollout.strategy.Migration;
import rollout.strategy.Strategy;

/** A first release: nothing serves yet, so there is nothing to go back to. */
final class Installs {
  private Installs() {}

  static Prepared prepare(Strategy strategy, Survey survey, Findings findings, Terms terms) {
    Candidate.Manifests manifests = (Candidate.Manifests) strategy.candidate().orElseThrow();
    ManifestDoc deployment = Templates.deployment(manifests).orElseThrow();
    Deployment wanted = new Deployment(deployment.object());
    int revision = survey.nextRevision();
    Hooks hooks = Hooks.of(manifests, true, findings);
    Jobs jobs =
        new Jobs(survey, strategy.service(), revision)
            .migrating(hooks.or(strategy.migration(), findings), wanted.template())
            .helped(hooks)
            .smoking(strategy.smoke());
    Optional<Doc> service = serviceDoc(strategy, survey, manifests, findings);
    Selector selector =
        service
            .map(one -> new Selector(one.texts("spec", "selector")))
            .orElseGet(
                () ->
                    survey
                        .service(strategy.service())
                        .map(Service::selector)
                        .orElse(new Selector(Map.of())));
    if (!selector.selects(wanted.podLabels())) {
      findings.refuse(
          "Service "
              + strategy.service()
              + " selects "
              + selector
              + ", but the pods of Deployment "
              + wanted.name()
              + " carry other labels",
          "Make the selector fit the template's labels.");
    }
    GivenRoute.file(strategy)
        .ifPresent(
            file ->
                findings.warn(
                    "a first release has no shares, so "
                        + file
                        + " is not made: apply it, or give it with the next release"));
    CapacityRules.quotas(survey, wanted.template(), wanted.replicas(), findings);
    findings.check();
    Steered target =
        new Steered(
            strategy.service(),
            survey.service(strategy.service()).map(Service::uid).orElse(""),
            selector,
            selector,
            selector);
    Release release =
        new Release(
            survey.namespace(),
            revision,
            Form.INSTALL,
            Optional.empty(),
            new Stable(
                wanted.name(), "", wanted.replicas(), "", "", "", "", false, false, List.of()),
            new Contender(
                wanted.name(), "", 0, wanted.templateHash(), Templates.images(wanted.template())),
            List.of(target),
            Optional.empty(),
            new Release.Database(
                jobs.name(JobRole.MIGRATE),
                List.copyOf(jobs.helpers().keySet()),
                Optional.empty(),
                jobs.name(JobRole.UNDO),
                strategy.migration().flatMap(Migration::tool).map(Migration.Tool::preset),
                strategy.migration().map(one -> one.sharing().in(survey.namespace())).orElse(""),
                Schema.built(wanted.template()),
                survey.schema(),
                survey.schema().after(Schema.built(wanted.template()), 0)),
            jobs.name(JobRole.SMOKE),
            Release.Configs.NONE,
            Optional.empty(),
            Optional.empty(),
            terms);
    Materials materials =
        new Materials(
            Optional.of(
                Made.installed(
                    deployment.object(), survey.namespace(), strategy.service(), revision)),
            Optional.empty(),
            jobs.made(),
            service,
            Optional.empty(),
            jobs.helpers(),
            List.of(),
            Optional.empty(),
            Materials.Question.of(strategy, wanted.template()));
    return new Prepared(release, materials, findings.warnings(), false);
  }

  private static Optional<Doc> serviceDoc(
      Strategy strategy, Survey survey, Candidate.Manifests manifests, Findings findings) {
    List<ManifestDoc> others = new ArrayList<>();
    Optional<Doc> service = Optional.empty();
    for (ManifestDoc document : manifests.documents()) {
      String kind = document.object().textOrEmpty("kind");
      boolean target =
          kind.equals("Service")
              && document.object().textOrEmpty("metadata", "name").equals(strategy.service());
      if (target && survey.service(strategy.service()).isEmpty()) {
        service = Optional.of(mine(document.object(), survey.namespace(), strategy.service()));
      } else if (!kind.equals("Deployment") && !kind.equals("Job") && !Hooks.isHook(document)) {
        others.add(document);
      }
    }
    others.stream()
        .filter(
            one ->
                !survey
                    .live()
                    .containsKey(
                        one.object().textOrEmpty("kind")
                            + "/"
                            + one.object().textOrEmpty("metadata", "name")))
        .forEach(
            one ->
                findings.refuse(
                    one.place()
                        + ": "
                        + one.object().textOrEmpty("kind")
                        + " "
                        + one.object().textOrEmpty("metadata", "name")
                        + " is not in the cluster",
                    "Apply it before: kubectl apply. A release makes the Deployment and its Service"
                        + " only."));
    if (service.isEmpty() && survey.service(strategy.service()).isEmpty()) {
      findings.refuse(
          "there is no Service "
              + strategy.service()
              + ", neither in the namespace nor in the manifests",
          "Put it into the manifests.");
    }
    return service;
  }

  private static Doc mine(Doc service, String namespace, String target) {
    return service
        .with(namespace, "metadata", "namespace")
        .with(rollout.model.Marks.MANAGER, "metadata", "labels", rollout.model.Marks.MANAGED_BY)
        .with(target, "metadata", "labels", rollout.model.Marks.TARGET);
  }
}
