package rollout.plan;

import java.util.List;
import java.util.Map;
import rollout.document.Doc;
import rollout.model.Deployment;
import rollout.model.HeldError;
import rollout.model.Marks;
import rollout.model.Near;
import rollout.model.RefusedError;
import rollout.model.Selector;
import rollout.model.Service;
import rollout.plan.Release.Steered;
import rollout.strategy.Strategy;

/** What Services must be like for traffic to be moved by their selectors. */
final class ServiceRules {
  private ServiceRules() {}

  /** The target, if it can be steered. */
  static Service target(Strategy strategy, Survey survey) {
    Service service =
        survey.service(strategy.service()).orElseThrow(() -> absent(strategy.service(), survey));
    steerable(service);
    return service;
  }

  private static RefusedError absent(String name, Survey survey) {
    List<String> names = survey.services().stream().map(Service::name).toList();
    return RefusedError.of(
        "there is no Service " + name + " in namespace " + survey.namespace(),
        Near.hint(name, names, "A first release needs -f with its Deployment and Service."));
  }

  private static void steerable(Service service) {
    if (service.doc().textOrEmpty("spec", "type").equals("ExternalName")) {
      throw RefusedError.of(
          "Service " + service.name() + " is of type ExternalName: it sends to a name, not to pods",
          "Name the Service whose selector picks the pods.");
    }
    if (service.selector().labels().isEmpty()) {
      throw RefusedError.of(
          "Service "
              + service.name()
              + " has no selector: its endpoints are written by somebody else",
          "Name a Service that selects the pods of a Deployment.");
    }
  }

  /** Every Service that sends to stable's pods is named: it moves along, or it is left alone. */
  static void sharing(Strategy strategy, Survey survey, Deployment stable, Findings findings) {
    for (Service other : survey.services()) {
      boolean named =
          other.name().equals(strategy.service())
              || strategy.also().contains(other.name())
              || strategy.ignored().contains(other.name())
              || strategy.preview().filter(other.name()::equals).isPresent();
      if (!named && other.selector().selects(stable.podLabels())) {
        findings.refuse(
            "Service " + other.name() + " sends to the pods of " + stable.name() + " too",
            "Move it along: --also "
                + other.name()
                + "; or leave it alone: --ignore-service "
                + other.name());
      }
    }
    strategy.also().forEach(name -> also(name, survey, stable, findings));
    strategy.ignored().forEach(name -> ignored(name, survey, findings));
  }

  /**
   * The copy's pods are picked by the steered Services and by no other: its template may have other
   * labels than the one that serves.
   */
  static void candidate(
      Strategy strategy,
      Survey survey,
      List<Steered> steered,
      Deployment stable,
      Map<String, String> labels,
      Findings findings) {
    for (Steered one : steered) {
      boolean serves = one.original().selects(stable.podLabels());
      if (serves && !one.candidate().selects(labels)) {
        findings.refuse(
            "the new template's pods would not be behind Service "
                + one.name()
                + ": it selects "
                + one.original(),
            "Keep those labels in the template.");
      }
    }
    for (Service other : survey.services()) {
      boolean known =
          steered.stream().anyMatch(one -> one.name().equals(other.name()))
              || strategy.ignored().contains(other.name())
              || strategy.preview().filter(other.name()::equals).isPresent()
              || other.selector().selects(stable.podLabels());
      if (!known && other.selector().selects(labels)) {
        findings.refuse(
            "Service "
                + other.name()
                + " would send to the new version's pods before they are proven: it selects "
                + other.selector(),
            "Leave it alone: --ignore-service " + other.name());
      }
    }
  }

  /** A Service in the hands of a release that nobody remembers. */
  static void free(Service service) {
    if (!service.stateText().isEmpty()) {
      throw new HeldError(
          "Service "
              + service.name()
              + " is in the middle of a release (revision "
              + service.state().number(0, "revision")
              + ") that has no journal any more.  Look at its annotation "
              + Marks.STATE
              + ": the selector before was "
              + new Selector(service.state().texts("original")));
    }
  }

  private static void also(String name, Survey survey, Deployment stable, Findings findings) {
    if (survey.service(name).isEmpty()) {
      throw absent(name, survey);
    }
    Service service = survey.service(name).get();
    steerable(service);
    if (!service.selector().selects(stable.podLabels())) {
      findings.refuse(
          "--also " + name + ": it does not send to the pods of " + stable.name(), "Leave it out.");
    }
  }

  private static void ignored(String name, Survey survey, Findings findings) {
    if (survey.service(name).isEmpty()) {
      throw absent(name, survey);
    }
    findings.warn(
        "Service "
            + name
            + " is left alone: it will send to the candidate's pods before they are proven");
  }

  /** A selector that somebody's apply writes back would let unproven pods in. */
  static void gitOps(Strategy strategy, Service service, boolean prepared, Findings findings) {
    if (prepared || strategy.permissions().gitopsSuspended()) {
      return;
    }
    service.doc().docs("metadata", "managedFields").stream()
        .filter(entry -> entry.textOrEmpty("operation").equals("Apply"))
        .filter(entry -> !entry.textOrEmpty("manager").equals(Marks.MANAGER))
        .filter(entry -> entry.has("fieldsV1", "f:spec", "f:selector"))
        .findFirst()
        .ifPresent(entry -> findings.refuse(applied(service, entry), PREPARE));
  }

  private static String applied(Service service, Doc entry) {
    return "the selector of Service "
        + service.name()
        + " is owned by the server-side apply of "
        + entry.textOrEmpty("manager")
        + ", which would write it back in the middle of the release";
  }

  private static final String PREPARE =
      "Add the label 'rollout/track: stable' to the Service's selector and to the Deployment's"
          + " template, or suspend it and say --gitops-suspended.";

  /** Whether Service and Deployment carry the label of prepared mode. */
  static boolean prepared(Service service, Deployment stable) {
    return service.selector().labels().containsKey(Marks.TRACK)
        && stable.podLabels().containsKey(Marks.TRACK);
  }
}
