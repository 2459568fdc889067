package rollout.core;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import rollout.model.Autoscaler;
import rollout.model.Deployment;
import rollout.model.Endpoint;
import rollout.model.Marks;
import rollout.model.Pod;
import rollout.model.ReplicaSet;
import rollout.model.Service;
import rollout.plan.Release;
import rollout.plan.Release.Steered;

/** A state and a look at it: the questions that every step asks. */
record Sight(RolloutState state, Observation seen) {
  Release release() {
    return state.release();
  }

  Instant now() {
    return seen.now();
  }

  /** A steered Service that is still the one of the start. */
  Optional<Service> service(Steered steered) {
    return Optional.ofNullable(seen.services().get(steered.name()))
        .filter(live -> steered.uid().isEmpty() || live.uid().equals(steered.uid()));
  }

  /** Stable, if it is still the object of the start. */
  Optional<Deployment> stable() {
    return seen.stable().filter(live -> live.uid().equals(release().stable().uid()));
  }

  /** The candidate, if it is the object that this release made or was given. */
  Optional<Deployment> candidate() {
    return seen.candidate().filter(live -> live.uid().equals(candidateUid()));
  }

  /** What sizes stable by load, if it is still the object of the start. */
  Optional<Autoscaler> scaler() {
    return release()
        .stableScaler()
        .flatMap(
            scaler ->
                seen.scaler()
                    .map(doc -> new Autoscaler(scaler.kind(), doc))
                    .filter(live -> live.uid().equals(scaler.uid())));
  }

  /** The uid of the candidate; empty until it is made. */
  String candidateUid() {
    String given = release().candidate().uid();
    return given.isEmpty()
        ? state.uids().getOrDefault("Deployment/" + release().candidate().name(), made())
        : given;
  }

  /**
   * A driver that ended between a create and the journal leaves an object that only its marks tell.
   */
  private String made() {
    return seen.candidate()
        .filter(live -> Managers.madeBy(live.doc(), release().target().name()))
        .filter(
            live ->
                live.doc()
                    .texts("metadata", "labels")
                    .getOrDefault(Marks.REVISION, "")
                    .equals(String.valueOf(release().revision())))
        .map(Deployment::uid)
        .orElse("");
  }

  /** Pods of the candidate, on their way out included. */
  List<Pod> candidatePods() {
    String uid = candidateUid();
    return uid.isEmpty() ? List.of() : seen.podsOf(uid);
  }

  /** Ready pods of the candidate. */
  List<Pod> candidateReady() {
    return candidatePods().stream().filter(Pod::ready).toList();
  }

  /**
   * Ready pods of the ReplicaSet that served at the start, or of one with the same hash that took
   * its place: the hash is that of the template.
   */
  List<Pod> stableReady() {
    return seen.pods().stream().filter(pod -> served(pod.owner())).filter(Pod::ready).toList();
  }

  /** Pods of stable that served at the start, ready or not. */
  List<Pod> stablePods() {
    return seen.pods().stream().filter(pod -> served(pod.owner())).toList();
  }

  /** The Deployment with stable's fresh pod, if it is the one of this release. */
  Optional<Deployment> freshCopy() {
    return seen.freshCopy()
        .filter(live -> FreshCopy.isOne(live, release().target().name()))
        .filter(
            live ->
                live.uid()
                    .equals(state.uids().getOrDefault("Deployment/" + live.name(), live.uid())));
  }

  private boolean served(String set) {
    return set.equals(release().stable().replicaSetUid())
        || seen.replicaSets().stream()
            .filter(one -> one.uid().equals(set))
            .filter(one -> one.ownedBy(release().stable().uid()))
            .anyMatch(one -> one.hash().equals(release().stable().hash()));
  }

  /** The ReplicaSet that served at the start, or one with the same hash that took its place. */
  Optional<ReplicaSet> setThatServed() {
    return seen.replicaSets().stream().filter(set -> served(set.uid())).findFirst();
  }

  /** The ReplicaSet of stable that has its current template. */
  Optional<ReplicaSet> currentSetOfStable() {
    return stable()
        .flatMap(
            live ->
                seen.replicaSets().stream()
                    .filter(set -> set.ownedBy(live.uid()))
                    .filter(set -> set.runs(live))
                    .findFirst());
  }

  /** Whether stable's template is that of the start. */
  boolean stableTemplateUnchanged() {
    return stable()
        .map(Deployment::templateHash)
        .orElse("")
        .equals(release().stable().templateHash());
  }

  /**
   * Whether a Service sends to this version only, and to all of these pods: each endpoint that
   * takes traffic is a pod of an owner of theirs (a Service may list pods that are not ready), and
   * none of them is missing. Told by uid, from the slices; what the Service's own selector says is
   * no evidence.
   */
  boolean sendsOnlyTo(String service, List<Pod> wanted) {
    Set<String> owners = new HashSet<>(wanted.stream().map(Pod::owner).toList());
    Set<String> allowed = new HashSet<>(wanted.stream().map(Pod::uid).toList());
    Set<String> taking =
        new HashSet<>(
            seen.endpointsOf(service).stream()
                .filter(Endpoint::takesTraffic)
                .map(Endpoint::podUid)
                .toList());
    boolean all = !allowed.isEmpty() && taking.containsAll(allowed);
    seen.pods().stream()
        .filter(pod -> owners.contains(pod.owner()))
        .forEach(pod -> allowed.add(pod.uid()));
    return all && allowed.containsAll(taking);
  }

  /** How the endpoints of the target divide, for people: {@code 3 of shop, 0 of shop-r2}. */
  String traffic() {
    String target = release().target().name();
    long all = seen.endpointsOf(target).stream().filter(Endpoint::takesTraffic).count();
    long candidate = counted(target, candidatePods());
    long stable = counted(target, seen.podsOf(release().stable().uid()));
    long others = all - candidate - stable;
    return stable
        + " endpoints of "
        + release().stable().name()
        + ", "
        + candidate
        + " of "
        + release().candidate().name()
        + (others > 0 ? ", " + others + " of others" : "");
  }

  /**
   * Percent of the target's endpoints that are the candidate's, rounded down; -1 when it has none.
   */
  int observedPercent() {
    String target = release().target().name();
    long all = seen.endpointsOf(target).stream().filter(Endpoint::takesTraffic).count();
    return all == 0 ? -1 : (int) (100 * counted(target, candidatePods()) / all);
  }

  private long counted(String service, List<Pod> pods) {
    Set<String> uids = new HashSet<>(pods.stream().map(Pod::uid).toList());
    return seen.endpointsOf(service).stream()
        .filter(Endpoint::takesTraffic)
        .filter(endpoint -> uids.contains(endpoint.podUid()))
        .count();
  }

  /** How long the step has been in progress. */
  java.time.Duration inStep() {
    return java.time.Duration.between(state.stepStarted(), now());
  }

  /** Whether the step has been in progress for so long: from {@link #until} on. */
  boolean late(java.time.Duration limit) {
    return inStep().compareTo(limit) >= 0;
  }

  /** Until when the step may go on. */
  Instant until(java.time.Duration limit) {
    return state.stepStarted().plus(limit);
  }
}
