package rollout.core;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.document.Doc;
import rollout.model.Deployment;
import rollout.model.Endpoint;
import rollout.model.Job;
import rollout.model.MetricRound;
import rollout.model.Pod;
import rollout.model.Ref;
import rollout.model.ReplicaSet;
import rollout.model.Service;
import rollout.plan.Materials;

/**
 * What was seen in one look, time included; the core never looks for itself.
 *
 * @param fresh whether everything was read from the server for this look, rather than kept up by
 *     watches
 * @param services the target, those that move with it, and the preview; an absent one is not in it
 * @param stable the Deployment that served at the start; empty: it is gone
 * @param candidate empty: not there (yet)
 * @param freshCopy of stable, for its fresh pod on the new schema; empty: not there
 * @param pods every pod that carries the labels of stable or candidate, or belongs to a Job of the
 *     release
 * @param endpoints by Service
 * @param jobs by name
 * @param jobEvents messages of Kubernetes events on the Jobs that say a pod could not be made, by
 *     Job
 * @param configs the ConfigMaps that both versions read, by name
 * @param secrets what is known of the Secrets that both versions read: their metadata, by name; one
 *     that is not there is empty, one that nobody knows of is not in it
 * @param routes the objects that divide the requests; an absent one is not in it
 * @param scaler what sizes stable; empty: it is gone, or there was none
 * @param round the newest finished round of metrics
 * @param request of a person, from the journal
 * @param interrupt the process was asked to end
 */
public record Observation(
    Instant now,
    boolean fresh,
    Map<String, Service> services,
    Optional<Deployment> stable,
    Optional<Deployment> candidate,
    Optional<Deployment> freshCopy,
    List<ReplicaSet> replicaSets,
    List<Pod> pods,
    Map<String, List<Endpoint>> endpoints,
    Map<String, Job> jobs,
    Map<String, String> jobEvents,
    Map<String, Doc> configs,
    Map<String, Optional<Doc>> secrets,
    Map<Ref, Doc> routes,
    Optional<Doc> scaler,
    Optional<MetricRound> round,
    Optional<Request> request,
    Optional<Interrupt> interrupt,
    Materials materials) {

  /** Copies the collections. */
  public Observation {
    services = Map.copyOf(services);
    replicaSets = List.copyOf(replicaSets);
    pods = List.copyOf(pods);
    endpoints = Map.copyOf(endpoints);
    jobs = Map.copyOf(jobs);
    jobEvents = Map.copyOf(jobEvents);
    configs = Map.copyOf(configs);
    secrets = Map.copyOf(secrets);
    routes = Map.copyOf(routes);
  }

  /** Nothing was looked at; for questions that the state alone answers. */
  public static Observation nothing(Instant now) {
    return new Observation(
        now,
        false,
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Materials.NONE);
  }

  /** The pods of a Deployment, told by owner and not by label; those on their way out included. */
  public List<Pod> podsOf(String deploymentUid) {
    List<String> sets =
        replicaSets.stream()
            .filter(set -> set.ownedBy(deploymentUid))
            .map(ReplicaSet::uid)
            .toList();
    return pods.stream().filter(pod -> sets.contains(pod.owner())).toList();
  }

  /** The pods of one ReplicaSet, or of one Job. */
  public List<Pod> podsOwnedBy(String uid) {
    return pods.stream().filter(pod -> pod.owner().equals(uid)).toList();
  }

  /** The endpoints of a Service; none: an empty list. */
  public List<Endpoint> endpointsOf(String service) {
    return endpoints.getOrDefault(service, List.of());
  }

  /** What a person asked for. */
  public record Request(String verb, boolean full, String by) {
    /** Whether it asks to hold, for as long as it stands. */
    public boolean pauses() {
      return verb.equals("pause");
    }

    /** Whether it lets a release go on that holds. */
    public boolean goesOn() {
      return verb.equals("resume") || verb.equals("promote");
    }
  }

  /** Why the process shall end. */
  public enum Interrupt {
    /** Ctrl-C: traffic back, and everything as it was. */
    GO_BACK,
    /** SIGTERM: the same, but whoever sent it does not wait for long. */
    GO_BACK_TERMINATED,
    /** Ctrl-C: leave everything as it is. */
    LEAVE,
    /** SIGTERM: leave everything as it is. */
    LEAVE_TERMINATED;

    /** Whether the process will be killed soon. */
    public boolean terminated() {
      return this == GO_BACK_TERMINATED || this == LEAVE_TERMINATED;
    }
  }
}
