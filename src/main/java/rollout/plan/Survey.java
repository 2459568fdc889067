package rollout.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import rollout.document.Doc;
import rollout.model.Autoscaler;
import rollout.model.Deployment;
import rollout.model.Job;
import rollout.model.Kind;
import rollout.model.Pod;
import rollout.model.ReplicaSet;
import rollout.model.Schema;
import rollout.model.Service;
import rollout.router.Landscape;

/**
 * Everything of a namespace that the preflight looks at, read at one time.
 *
 * @param version of the API server, {@code 1.35}
 * @param autoscalers and {@code scaledObjects}, {@code budgets}, {@code quotas}: whole, as the
 *     server holds them
 * @param jobs that earlier releases of the target made
 * @param live objects of the manifests' kinds and names, by {@code Kind/name}
 * @param defaulted the template of the manifests' Deployment as the server completes it; empty: not
 *     asked
 * @param nextRevision the number of this release
 * @param refused templates that a health verdict refused before: why, by hash
 * @param revisions that may be returned to, by number
 * @param schema of the target's database, as its releases have left it
 * @param landscape what may divide the target's requests, one of the strategy's file that is to be
 *     made among it; empty: nobody asked
 * @param given the route of the strategy's file as the server completes it; empty: there is no file
 */
public record Survey(
    String namespace,
    String version,
    List<Service> services,
    List<Deployment> deployments,
    List<ReplicaSet> replicaSets,
    List<Pod> pods,
    List<Doc> autoscalers,
    List<Doc> scaledObjects,
    List<Doc> budgets,
    List<Doc> quotas,
    List<Job> jobs,
    Map<String, Doc> live,
    Optional<Doc> defaulted,
    int nextRevision,
    Map<String, String> refused,
    Map<Integer, Past> revisions,
    Schema schema,
    Optional<Landscape> landscape,
    Optional<Doc> given) {

  /** Copies the collections. */
  public Survey {
    services = List.copyOf(services);
    deployments = List.copyOf(deployments);
    replicaSets = List.copyOf(replicaSets);
    pods = List.copyOf(pods);
    autoscalers = List.copyOf(autoscalers);
    scaledObjects = List.copyOf(scaledObjects);
    budgets = List.copyOf(budgets);
    quotas = List.copyOf(quotas);
    jobs = List.copyOf(jobs);
    live = Map.copyOf(live);
    refused = Map.copyOf(refused);
    revisions = Map.copyOf(revisions);
  }

  /**
   * A revision of the past: the ReplicaSet or Deployment that has its template.
   *
   * @param built the newest migration that it was built with; 0: nobody said
   */
  public record Past(String workload, boolean swapped, String outcome, long built) {}

  /** The Service of a name. */
  public Optional<Service> service(String name) {
    return services.stream().filter(one -> one.name().equals(name)).findFirst();
  }

  /** The Deployment of a name. */
  public Optional<Deployment> deployment(String name) {
    return deployments.stream().filter(one -> one.name().equals(name)).findFirst();
  }

  /** Everything that sizes something by load. */
  public List<Autoscaler> scalers() {
    return Stream.concat(
            autoscalers.stream().map(doc -> new Autoscaler(Kind.AUTOSCALER, doc)),
            scaledObjects.stream().map(doc -> new Autoscaler(Kind.SCALED_OBJECT, doc)))
        .toList();
  }

  /** The pods of a Deployment, told by owner. */
  public List<Pod> podsOf(Deployment deployment) {
    List<String> sets = setsOf(deployment).stream().map(ReplicaSet::uid).toList();
    return pods.stream().filter(pod -> sets.contains(pod.owner())).toList();
  }

  /** The ReplicaSets of a Deployment. */
  public List<ReplicaSet> setsOf(Deployment deployment) {
    return replicaSets.stream().filter(set -> set.ownedBy(deployment.uid())).toList();
  }

  /** Ready pods of a ReplicaSet. */
  public List<Pod> readyOf(ReplicaSet set) {
    return pods.stream().filter(pod -> pod.owner().equals(set.uid()) && pod.ready()).toList();
  }

  /** With what may divide the requests. */
  public Survey with(Landscape read) {
    return like(defaulted, Optional.of(read), given);
  }

  /** With the template of the manifests as the server completes it. */
  public Survey withDefaulted(Doc template) {
    return like(Optional.of(template), landscape, given);
  }

  /** With the route of the strategy's file as the server completes it. */
  public Survey withGiven(Doc route) {
    return like(defaulted, landscape, Optional.of(route));
  }

  private Survey like(Optional<Doc> template, Optional<Landscape> read, Optional<Doc> route) {
    return new Survey(
        namespace,
        version,
        services,
        deployments,
        replicaSets,
        pods,
        autoscalers,
        scaledObjects,
        budgets,
        quotas,
        jobs,
        live,
        template,
        nextRevision,
        refused,
        revisions,
        schema,
        read,
        route);
  }
}
