package rollout.run;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import rollout.core.HistoryEntry;
import rollout.core.Observation.Request;
import rollout.core.Pausing;
import rollout.core.RolloutState;
import rollout.core.RolloutState.Course;
import rollout.core.StableBroken;
import rollout.core.Status;
import rollout.document.Doc;
import rollout.model.Endpoint;
import rollout.model.Kind;
import rollout.model.Marks;
import rollout.model.Query;
import rollout.model.Ref;
import rollout.model.Service;
import rollout.plan.Step;
import rollout.port.Ports;

/** Where a target stands, read and not written. */
final class StatusReader {
  private final Ports ports;
  private final Sight sight;

  StatusReader(Ports ports) {
    this(
        ports,
        new Sight() {
          @Override
          public Optional<Doc> get(Ref ref) {
            return ports.cluster().get(ref);
          }

          @Override
          public List<Doc> list(Query query) {
            return ports.cluster().list(query);
          }
        });
  }

  StatusReader(Ports ports, Sight sight) {
    this.ports = ports;
    this.sight = sight;
  }

  /** What the server says now, or what watches have heard of it. */
  interface Sight {
    Optional<Doc> get(Ref ref);

    List<Doc> list(Query query);
  }

  /** All that a status is told from. */
  List<Query> queries(String service) {
    String namespace = ports.namespace();
    return List.of(
        Query.named(new Journal(ports.cluster(), namespace, service).ref()),
        Query.named(serviceRef(namespace, service)),
        Query.named(new LeaseKeeper(ports, namespace, service).ref()),
        slices(namespace, service));
  }

  private static Ref serviceRef(String namespace, String service) {
    return new Ref(Kind.SERVICE, namespace, service);
  }

  private static Query slices(String namespace, String service) {
    return Query.labelled(
        Kind.ENDPOINT_SLICE, namespace, Map.of("kubernetes.io/service-name", service));
  }

  Optional<Status> status(String service) {
    Optional<Status> found = status(ports.namespace(), service);
    if (found.isEmpty()) {
      NamespaceCheck.check(ports.cluster(), ports.namespace());
    }
    return found;
  }

  /** Every target that has a journal. */
  List<Status> list(boolean allNamespaces) {
    Query query =
        Query.labelled(
            Kind.CONFIG_MAP,
            allNamespaces ? "" : ports.namespace(),
            Map.of(Marks.MANAGED_BY, Marks.MANAGER));
    List<Status> all = new ArrayList<>();
    for (Doc journal : sight.list(query)) {
      String target = journal.texts("metadata", "labels").getOrDefault(Marks.TARGET, "");
      String namespace = journal.textOrEmpty("metadata", "namespace");
      status(namespace, target).ifPresent(all::add);
    }
    if (all.isEmpty() && !allNamespaces) {
      NamespaceCheck.check(ports.cluster(), ports.namespace());
    }
    return all;
  }

  private Optional<Status> status(String namespace, String name) {
    Ref journal = new Journal(ports.cluster(), namespace, name).ref();
    Journal.Entry entry = sight.get(journal).map(Journal::entry).orElse(Journal.Entry.NONE);
    Optional<Service> service = sight.get(serviceRef(namespace, name)).map(Service::new);
    if (service.isEmpty() && entry.state().isEmpty()) {
      return Optional.empty();
    }
    String traffic = traffic(namespace, name);
    return Optional.of(
        entry
            .state()
            .map(state -> running(namespace, name, state, entry.request(), traffic))
            .orElseGet(() -> settled(namespace, name, entry, service, traffic)));
  }

  private Status running(
      String namespace,
      String name,
      RolloutState state,
      Optional<Request> request,
      String traffic) {
    Doc lease = sight.get(new LeaseKeeper(ports, namespace, name).ref()).orElse(Doc.EMPTY);
    Instant now = ports.time().now();
    boolean alive = LeaseKeeper.looksAlive(lease, now);
    Optional<String> pause =
        request
            .filter(one -> one.pauses() && Pausing.possible(state))
            .map(one -> "paused by " + one.by())
            .or(() -> Pausing.heldBy(state));
    boolean holds =
        state
            .current()
            .filter(step -> step instanceof Step.Hold || step instanceof Step.Approve)
            .isPresent();
    Optional<String> broken = StableBroken.why(state);
    boolean waits = holds || broken.isPresent() || pause.isPresent();
    boolean back = state.course() != Course.FORWARD;
    List<String> details = new ArrayList<>();
    if (!alive && !waits) {
      details.add(
          "its driver is dead or gone"
              + LeaseKeeper.age(lease, now)
                  .map(age -> ", last heard of " + text(age) + " ago")
                  .orElse("")
              + "; go on: rollout resume "
              + name
              + (back ? "" : "; go back: rollout rollback " + name));
    }
    pause.ifPresent(
        one ->
            details.add(
                one
                    + "; to go on: rollout resume "
                    + name
                    + "; to go back: rollout rollback "
                    + name));
    broken.ifPresent(
        why ->
            details.add(state.release().stable().name() + " cannot live with the schema: " + why));
    if ((holds || broken.isPresent()) && pause.isEmpty()) {
      details.add("waits for: rollout promote " + name + "; to go back: rollout rollback " + name);
    }
    if (state.release().shifting().isPresent() && !back) {
      details.add("asked for: " + state.serves());
    }
    String word = waits ? "waiting" : back && !alive ? "rolled-back-partly" : "in-progress";
    return new Status(
        name,
        namespace,
        word,
        state.release().revision(),
        state.current().map(step -> step.phase().word()).orElse("done"),
        state.current().map(Step::id).orElse(""),
        named(state.release().stable().name(), state.release().stable().images()),
        named(state.release().candidate().name(), state.release().candidate().images()),
        traffic,
        Optional.of(LeaseKeeper.holder(lease)).filter(one -> !one.isEmpty()).map(LeaseKeeper::name),
        alive,
        Optional.of(state.stepStarted()),
        state.going().map(RolloutState.GoingBack::reason).orElse(""),
        details);
  }

  private static String named(String deployment, List<String> images) {
    return images.isEmpty() ? deployment : deployment + " (" + String.join(", ", images) + ")";
  }

  private static String text(Duration age) {
    return age.toSeconds() + " s";
  }

  private Status settled(
      String namespace,
      String name,
      Journal.Entry entry,
      Optional<Service> service,
      String traffic) {
    List<String> details = new ArrayList<>();
    if (!entry.notOurs().isEmpty()) {
      details.add(
          "ConfigMap "
              + new Journal(ports.cluster(), namespace, name).ref().name()
              + " "
              + entry.notOurs());
    } else if (!entry.damage().isEmpty()) {
      details.add("the journal cannot be read: " + entry.damage());
    }
    Doc untold = service.map(Service::state).orElse(Doc.EMPTY);
    if (!untold.isEmpty()) {
      details.add(
          "the Service carries an unfinished release (revision "
              + untold.number(0, "revision")
              + ") that no journal tells of; put it in order: rollout repair "
              + name
              + "; traffic back at once: rollout rollback "
              + name);
    }
    Optional<HistoryEntry> last =
        entry.history().isEmpty() ? Optional.empty() : Optional.of(entry.history().getLast());
    String word =
        last.map(HistoryEntry::outcome)
            .map(
                outcome ->
                    outcome.equals("rolled-back") || outcome.equals("rolled-back-partly")
                        ? outcome
                        : "settled")
            .orElse("never-released");
    String state = untold.isEmpty() ? word : "in-progress";
    return new Status(
        name,
        namespace,
        state,
        last.map(HistoryEntry::revision).orElse(0),
        "",
        "",
        "",
        "",
        traffic,
        Optional.empty(),
        false,
        last.flatMap(HistoryEntry::ended),
        last.map(HistoryEntry::reason).orElse(""),
        details);
  }

  /** Which pods take new connections now, told by what the slices name. */
  private String traffic(String namespace, String service) {
    List<Endpoint> taking =
        Endpoint.in(sight.list(slices(namespace, service))).stream()
            .filter(Endpoint::takesTraffic)
            .toList();
    if (taking.isEmpty()) {
      return "no endpoint";
    }
    Set<String> owners = new HashSet<>();
    taking.forEach(endpoint -> owners.add(ownerOf(endpoint.podName())));
    return taking.size()
        + " endpoints of "
        + String.join(" and ", owners.stream().sorted().toList());
  }

  /**
   * A pod of a Deployment is named after its ReplicaSet: DEPLOYMENT-HASH-RANDOM. Good enough for a
   * line of text.
   */
  private static String ownerOf(String pod) {
    int random = pod.lastIndexOf('-');
    return random < 0 ? pod : pod.substring(0, random);
  }
}
