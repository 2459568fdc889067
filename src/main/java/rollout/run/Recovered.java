package rollout.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.core.Recovery;
import rollout.core.RolloutState;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Marks;
import rollout.model.Query;
import rollout.model.Ref;
import rollout.model.Service;
import rollout.plan.Survey;
import rollout.port.ClusterException;
import rollout.port.Ports;
import rollout.router.Landscape;
import rollout.router.Routers;
import rollout.strategy.Strategy;

/** A release that no journal tells of, as the live objects have it. */
final class Recovered {
  private Recovered() {}

  /** What the objects say; empty: nothing of a release is on any of them. */
  static Optional<RolloutState> from(Ports ports, String service, Journal.Entry entry) {
    Strategy plain = Strategy.of(service, ports.namespace());
    Survey survey = new Surveyor(ports.cluster(), ports.namespace()).survey(plain, entry);
    return Recovery.of(survey.with(leftOver(ports, service)), service, ports.time().now());
  }

  /** What was made for routers; whoever may not read it has made none. */
  private static Landscape leftOver(Ports ports, String service) {
    Map<Kind, List<Doc>> objects = new LinkedHashMap<>();
    for (Kind kind : Routers.madeKinds()) {
      Map<String, String> ours = Map.of(Marks.TARGET, service);
      try {
        objects.put(kind, ports.cluster().list(Query.labelled(kind, ports.namespace(), ours)));
      } catch (ClusterException.Forbidden e) {
        // Then there is nothing of ours.
      }
    }
    return new Landscape(ports.namespace(), service, objects);
  }

  /** Whether it is worth to look: nothing tells, or the Service tells otherwise. */
  static boolean likely(Ports ports, String service, Journal.Entry entry) {
    boolean untold = entry.version().isEmpty() || !entry.damage().isEmpty();
    return untold
        || ports
            .cluster()
            .get(new Ref(Kind.SERVICE, ports.namespace(), service))
            .map(Service::new)
            .filter(live -> !live.stateText().isEmpty())
            .isPresent();
  }

  /** For people: why the journal is not what this goes by. */
  static String why(Journal.Entry entry, Journal journal) {
    String name = "journal (ConfigMap " + journal.ref().name() + ")";
    if (!entry.damage().isEmpty()) {
      return "the " + name + " cannot be read (" + entry.damage() + ")";
    }
    return entry.version().isEmpty()
        ? "there is no " + name
        : "the " + name + " tells of no release";
  }
}
