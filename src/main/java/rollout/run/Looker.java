package rollout.run;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import rollout.core.Observation;
import rollout.core.Observation.Interrupt;
import rollout.document.Doc;
import rollout.model.Deployment;
import rollout.model.Endpoint;
import rollout.model.Job;
import rollout.model.Kind;
import rollout.model.Marks;
import rollout.model.Pod;
import rollout.model.Query;
import rollout.model.Ref;
import rollout.model.ReplicaSet;
import rollout.model.Selector;
import rollout.model.Service;
import rollout.plan.JobRole;
import rollout.plan.Materials;
import rollout.plan.Release;
import rollout.port.Cluster;
import rollout.port.Ports;
import rollout.router.Route;

/**
 * Looks: everything that a release stands on, kept up by watches, or read anew when a decision asks
 * for it.
 */
final class Looker implements AutoCloseable {
  private static final String SERVICE_NAME = "kubernetes.io/service-name";

  /**
   * How often Events are read while a Job has no pod: they cannot be followed without following
   * all.
   */
  private static final Duration EVENTS_EVERY = Duration.ofSeconds(10);

  private final Ports ports;
  private final Release release;
  private final Ref journal;
  private final Materials materials;
  private final List<Query> queries;
  private Cluster.@Nullable Follow follow;
  private @Nullable SecretWatch secrets;
  private Map<String, String> jobEvents = Map.of();
  private Instant eventsRead = Instant.EPOCH;
  private Journal.Entry journalEntry = Journal.Entry.NONE;

  Looker(Ports ports, Release release, Ref journal, Materials materials) {
    this.ports = ports;
    this.release = release;
    this.journal = journal;
    this.materials = materials;
    this.queries = queries();
  }

  private List<Query> queries() {
    String namespace = release.namespace();
    List<Query> all = new ArrayList<>();
    for (String service : services()) {
      all.add(Query.named(new Ref(Kind.SERVICE, namespace, service)));
      all.add(Query.labelled(Kind.ENDPOINT_SLICE, namespace, Map.of(SERVICE_NAME, service)));
    }
    all.add(Query.named(new Ref(Kind.DEPLOYMENT, namespace, release.stable().name())));
    if (!release.candidate().name().equals(release.stable().name())) {
      all.add(Query.named(new Ref(Kind.DEPLOYMENT, namespace, release.candidate().name())));
    }
    release
        .freshCopy()
        .ifPresent(name -> all.add(Query.named(new Ref(Kind.DEPLOYMENT, namespace, name))));
    for (Selector selector : podSelectors()) {
      all.add(Query.labelled(Kind.REPLICA_SET, namespace, selector.labels()));
      all.add(Query.labelled(Kind.POD, namespace, selector.labels()));
    }
    jobs().forEach(job -> all.add(Query.named(new Ref(Kind.JOB, namespace, job.name()))));
    Map<String, String> ours = Map.of(Marks.TARGET, release.target().name());
    if (!jobs().isEmpty()) {
      all.add(Query.labelled(Kind.POD, namespace, ours));
    }
    if (release.freshCopy().isPresent()) {
      all.add(Query.labelled(Kind.REPLICA_SET, namespace, ours));
    }
    Stream.concat(release.configs().maps().stream(), release.database().helpers().stream())
        .forEach(name -> all.add(Query.named(new Ref(Kind.CONFIG_MAP, namespace, name))));
    routeRefs().forEach(ref -> all.add(Query.named(ref)));
    release.stableScaler().ifPresent(one -> all.add(Query.named(scaler(one))));
    all.add(Query.named(journal));
    return List.copyOf(all);
  }

  private List<Route> routes() {
    return release.routes();
  }

  /** Those that divide requests, and one of the user's that a router's own is made beside. */
  private Set<Ref> routeRefs() {
    Set<Ref> refs = new LinkedHashSet<>();
    routes().forEach(route -> refs.add(route.ref()));
    release.given().ifPresent(refs::add);
    return refs;
  }

  private Ref scaler(Release.Scaler one) {
    return new Ref(one.kind(), release.namespace(), one.name());
  }

  private Set<String> services() {
    Set<String> names = new LinkedHashSet<>();
    release.services().forEach(one -> names.add(one.name()));
    release.preview().ifPresent(one -> names.add(one.name()));
    routes().forEach(route -> names.add(route.candidate()));
    return names;
  }

  /**
   * All pods of both versions carry the target's labels, but for a candidate of the user's or in
   * prepared mode.
   */
  private List<Selector> podSelectors() {
    Selector original = release.target().original();
    Selector candidate = release.target().candidate();
    boolean within = candidate.labels().entrySet().containsAll(original.labels().entrySet());
    return within ? List.of(original) : List.of(original, candidate);
  }

  private List<Release.JobName> jobs() {
    List<Release.JobName> all = new ArrayList<>();
    for (JobRole role : JobRole.values()) {
      release.job(role).ifPresent(all::add);
    }
    return all;
  }

  /**
   * One look.
   *
   * @param fresh read from the server, rather than what the watches have kept up
   */
  Observation look(boolean fresh, Optional<Interrupt> interrupt) {
    Cluster.Follow kept = fresh ? follow : following();
    boolean read = fresh || kept == null || !kept.live();
    Map<Query, List<Doc>> seen = new LinkedHashMap<>();
    for (Query query : queries) {
      List<Doc> found = read || kept == null ? ports.cluster().list(query) : kept.list(query);
      if (read) {
        found.forEach(this::saw);
      }
      seen.put(query, found);
    }
    return observation(seen, read, interrupt);
  }

  /** The watches begin with the first look that is not fresh: a way back must not wait for them. */
  private Cluster.Follow following() {
    Cluster.Follow kept = follow;
    if (kept == null) {
      kept = ports.cluster().follow(queries, ports.time().signal());
      follow = kept;
    }
    return kept;
  }

  /** Takes in the answer of an own write. */
  void saw(Doc written) {
    if (follow != null) {
      follow.saw(written);
    }
  }

  /** The journal of the last look; empty: there was none. */
  Journal.Entry journal() {
    return journalEntry;
  }

  private void read(Doc journal) {
    String version = journal.textOrEmpty("metadata", "resourceVersion");
    if (!version.equals(journalEntry.version())) {
      journalEntry = journal.isEmpty() ? Journal.Entry.NONE : Journal.entry(journal);
    }
  }

  private Observation observation(
      Map<Query, List<Doc>> seen, boolean fresh, Optional<Interrupt> interrupt) {
    Map<String, Service> services = new LinkedHashMap<>();
    all(seen, Kind.SERVICE).forEach(doc -> services.put(name(doc), new Service(doc)));
    Map<String, List<Endpoint>> endpoints = new LinkedHashMap<>();
    for (String service : services()) {
      Query query =
          Query.labelled(Kind.ENDPOINT_SLICE, release.namespace(), Map.of(SERVICE_NAME, service));
      endpoints.put(service, Endpoint.in(seen.getOrDefault(query, List.of())));
    }
    Map<String, Job> jobs = new LinkedHashMap<>();
    all(seen, Kind.JOB).forEach(doc -> jobs.put(name(doc), new Job(doc)));
    Map<String, Doc> configs = new LinkedHashMap<>();
    all(seen, Kind.CONFIG_MAP).forEach(doc -> configs.put(name(doc), doc));
    read(Optional.ofNullable(configs.get(journal.name())).orElse(Doc.EMPTY));
    List<Pod> pods = all(seen, Kind.POD).stream().map(Pod::new).toList();
    return new Observation(
        ports.time().now(),
        fresh,
        services,
        deployment(seen, release.stable().name()),
        deployment(seen, release.candidate().name()),
        release.freshCopy().flatMap(name -> deployment(seen, name)),
        all(seen, Kind.REPLICA_SET).stream().map(ReplicaSet::new).toList(),
        pods,
        endpoints,
        jobs,
        events(jobs, pods),
        configs,
        secrets(),
        routes(seen),
        release.stableScaler().flatMap(one -> all(seen, one.kind()).stream().findFirst()),
        ports.metrics().latest(),
        journal().request(),
        interrupt,
        materials);
  }

  private Map<String, Optional<Doc>> secrets() {
    SecretWatch kept = secrets;
    if (kept == null) {
      kept = new SecretWatch(ports, release);
      secrets = kept;
    }
    return kept.known();
  }

  private Map<Ref, Doc> routes(Map<Query, List<Doc>> seen) {
    Map<Ref, Doc> found = new LinkedHashMap<>();
    for (Ref route : routeRefs()) {
      seen.getOrDefault(Query.named(route), List.of()).forEach(doc -> found.put(route, doc));
    }
    return found;
  }

  private static List<Doc> all(Map<Query, List<Doc>> seen, Kind kind) {
    List<List<Doc>> found = new ArrayList<>();
    for (Map.Entry<Query, List<Doc>> one : seen.entrySet()) {
      if (one.getKey().kind().equals(kind) && !one.getValue().isEmpty()) {
        found.add(one.getValue());
      }
    }
    if (found.size() <= 1) {
      return found.isEmpty() ? List.of() : found.getFirst();
    }
    // Two queries may find the same object.
    Map<String, Doc> byUid = new LinkedHashMap<>();
    found.forEach(docs -> docs.forEach(doc -> byUid.put(doc.textOrEmpty("metadata", "uid"), doc)));
    return List.copyOf(byUid.values());
  }

  private static Optional<Deployment> deployment(Map<Query, List<Doc>> seen, String name) {
    return all(seen, Kind.DEPLOYMENT).stream()
        .filter(doc -> name(doc).equals(name))
        .findFirst()
        .map(Deployment::new);
  }

  private static String name(Doc doc) {
    return doc.textOrEmpty("metadata", "name");
  }

  /** Why a Job that was let go has no pod, or its pod no volume: only Events say so. */
  private Map<String, String> events(Map<String, Job> jobs, List<Pod> pods) {
    List<Job> without =
        jobs.values().stream()
            .filter(job -> !job.suspended() && !job.succeeded() && !job.failed())
            .filter(
                job ->
                    pods.stream()
                        .filter(pod -> pod.owner().equals(job.uid()))
                        .allMatch(Looker::isWaiting))
            .toList();
    Instant now = ports.time().now();
    if (without.isEmpty()) {
      jobEvents = Map.of();
    } else if (!now.isBefore(eventsRead.plus(EVENTS_EVERY))) {
      eventsRead = now;
      jobEvents = failures(without, pods);
    }
    return jobEvents;
  }

  /** Nothing in it has begun, and it has a node. */
  private static boolean isWaiting(Pod pod) {
    List<Doc> containers = pod.allContainers();
    return !containers.isEmpty()
        && containers.stream().allMatch(one -> one.has("state", "waiting"));
  }

  private Map<String, String> failures(List<Job> jobs, List<Pod> pods) {
    Map<String, String> messages = new LinkedHashMap<>();
    for (Doc event : ports.cluster().list(Query.all(Kind.EVENT, release.namespace()))) {
      String about = event.textOrEmpty("involvedObject", "uid");
      String reason = event.textOrEmpty("reason");
      String message = event.textOrEmpty("message");
      for (Job job : jobs) {
        boolean ofPod =
            pods.stream().anyMatch(pod -> pod.uid().equals(about) && pod.owner().equals(job.uid()));
        if (reason.equals("FailedCreate") && job.uid().equals(about)) {
          messages.put(job.name(), message);
        } else if (ofPod && Unstarted.cannotMount(event)) {
          messages.put(job.name(), reason + " (" + message + ")");
        }
      }
    }
    return messages;
  }

  @Override
  public void close() {
    if (follow != null) {
      follow.close();
    }
    if (secrets != null) {
      secrets.close();
    }
  }
}
