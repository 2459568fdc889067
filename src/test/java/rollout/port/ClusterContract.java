package rollout.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Kind;
import rollout.model.Query;
import rollout.model.Ref;
import rollout.port.Cluster.Send;

/**
 * What every {@link Cluster} does: the one suite that runs on the real API server and on the world
 * in memory alike. Lists are in {@link ClusterReadsContract}, writes and refusals in {@link
 * ClusterObjectsContract}, those of a router's objects in {@link ClusterRoutesContract}, caches in
 * {@link ClusterFollowContract}, the controllers' work here; hooks and the convention for faked
 * pods in {@link ClusterStage}.
 */
public abstract class ClusterContract extends ClusterFollowContract {
  private Patch imagePatch(String image) {
    Doc template = deployment(name, 0, appLabels()).doc("spec", "template");
    Doc container = template.docs("spec", "containers").getFirst().with(image, "image");
    return Patch.none()
        .put(template.with(List.of(container), "spec", "containers"), "spec", "template");
  }

  private void patch(Ref ref, Patch patch) {
    cluster().patch(ref, patch, Send.REAL);
  }

  private boolean isReady(Ref deployment, int replicas) {
    Doc object = read(deployment);
    return caughtUp(deployment)
        && object.number(0, "status", "replicas") == replicas
        && object.number(0, "status", "readyReplicas") == replicas
        && object.number(0, "status", "availableReplicas") == replicas
        && object.number(0, "status", "updatedReplicas") == replicas;
  }

  private Set<String> endpointUids(String service) {
    Set<String> found = new HashSet<>();
    labelled(Kind.ENDPOINT_SLICE, Map.of("kubernetes.io/service-name", service)).stream()
        .flatMap(slice -> slice.docs("endpoints").stream())
        .filter(endpoint -> endpoint.isTrue("conditions", "ready"))
        .forEach(endpoint -> found.add(endpoint.textOrEmpty("targetRef", "uid")));
    return found;
  }

  @Test
  void deploymentWithoutReplicasHasNoPods() {
    Ref ref = ref(Kind.DEPLOYMENT, name);
    create(Kind.DEPLOYMENT, deployment(name, 0, appLabels()));

    await("looked at", () -> caughtUp(ref));

    assertThat(labelled(Kind.POD, appLabels())).isEmpty();
  }

  @Test
  void scaledDeploymentGetsReadyPodsOfOneReplicaSet() {
    Ref ref = ref(Kind.DEPLOYMENT, name);
    Doc deployment = create(Kind.DEPLOYMENT, deployment(name, 0, appLabels()));
    await("looked at", () -> caughtUp(ref));
    patch(ref, Patch.none().put(2, "spec", "replicas"));

    await("two ready", () -> isReady(ref, 2));

    List<Doc> replicaSets = labelled(Kind.REPLICA_SET, appLabels());
    assertThat(replicaSets).hasSize(1);
    Doc replicaSet = replicaSets.getFirst();
    String hash = replicaSet.textOrEmpty("metadata", "labels", "pod-template-hash");
    assertThat(hash).isNotEmpty();
    assertThat(replicaSet.text("spec", "selector", "matchLabels", "pod-template-hash"))
        .contains(hash);
    assertThat(replicaSet.text("metadata", "annotations", "deployment.kubernetes.io/revision"))
        .contains("1");
    assertThat(owner(replicaSet)).isEqualTo(uid(deployment));
    List<Doc> pods = readyPods(appLabels());
    assertThat(pods).hasSize(2);
    assertThat(pods).allSatisfy(pod -> assertThat(owner(pod)).isEqualTo(uid(replicaSet)));
    assertThat(pods)
        .allSatisfy(
            pod -> assertThat(pod.text("metadata", "labels", "pod-template-hash")).contains(hash));
    assertThat(pods)
        .allSatisfy(
            pod ->
                assertThat(pod.docs("status", "containerStatuses"))
                    .singleElement()
                    .satisfies(status -> assertThat(status.isTrue("ready")).isTrue())
                    .satisfies(status -> assertThat(status.number(-1, "restartCount")).isZero())
                    .satisfies(status -> assertThat(status.has("state", "running")).isTrue()));
    await(
        "the ReplicaSet's status",
        () ->
            labelled(Kind.REPLICA_SET, appLabels()).getFirst().number(0, "status", "readyReplicas")
                == 2);
  }

  private static String owner(Doc object) {
    return object.docs("metadata", "ownerReferences").stream()
        .filter(reference -> reference.isTrue("controller"))
        .map(reference -> reference.textOrEmpty("uid"))
        .findFirst()
        .orElse("");
  }

  @Test
  void scaledDownDeploymentLosesItsPods() {
    Ref ref = ref(Kind.DEPLOYMENT, name);
    create(Kind.DEPLOYMENT, deployment(name, 2, appLabels()));
    await("two ready", () -> isReady(ref, 2));

    patch(ref, Patch.none().put(0, "spec", "replicas"));

    await("no pods", () -> labelled(Kind.POD, appLabels()).isEmpty());
  }

  @Test
  void pausedDeploymentMakesNoNewReplicaSetUntilItGoesOn() {
    Ref ref = ref(Kind.DEPLOYMENT, name);
    create(Kind.DEPLOYMENT, deployment(name, 1, appLabels()));
    await("ready", () -> isReady(ref, 1));
    Set<String> before = uids(readyPods(appLabels()));
    patch(ref, Patch.none().put(true, "spec", "paused"));
    await("paused", () -> caughtUp(ref));

    patch(ref, imagePatch("demo:v2"));
    await("looked at", () -> caughtUp(ref));
    assertThat(labelled(Kind.REPLICA_SET, appLabels())).hasSize(1);
    assertThat(uids(readyPods(appLabels()))).isEqualTo(before);

    patch(ref, Patch.none().put(false, "spec", "paused"));
    await("second ReplicaSet", () -> labelled(Kind.REPLICA_SET, appLabels()).size() == 2);
    await("ready", () -> isReady(ref, 1));
  }

  @Test
  void pausedDeploymentStillScales() {
    Ref ref = ref(Kind.DEPLOYMENT, name);
    create(Kind.DEPLOYMENT, deployment(name, 1, appLabels()));
    await("ready", () -> isReady(ref, 1));
    patch(ref, Patch.none().put(true, "spec", "paused"));
    patch(ref, Patch.none().put(2, "spec", "replicas"));

    await("two ready", () -> readyPods(appLabels()).size() == 2);
  }

  @Test
  void changedTemplateMakesASecondReplicaSetWhosePodsReplaceTheOld() {
    Ref ref = ref(Kind.DEPLOYMENT, name);
    create(Kind.DEPLOYMENT, deployment(name, 1, appLabels()));
    await("ready", () -> isReady(ref, 1));
    Set<String> before = uids(labelled(Kind.POD, appLabels()));

    patch(ref, imagePatch("demo:v2"));

    await("rolled out", () -> isReady(ref, 1) && readyImages().equals(List.of("demo:v2")));
    await("the old ones are gone", () -> labelled(Kind.POD, appLabels()).size() == 1);
    assertThat(uids(labelled(Kind.POD, appLabels()))).doesNotContainAnyElementsOf(before);
    assertThat(labelled(Kind.REPLICA_SET, appLabels()))
        .extracting(set -> set.text("metadata", "labels", "pod-template-hash").orElseThrow())
        .doesNotHaveDuplicates()
        .hasSize(2);
  }

  private List<String> readyImages() {
    List<String> images = new ArrayList<>();
    readyPods(appLabels())
        .forEach(pod -> images.add(pod.docs("spec", "containers").getFirst().textOrEmpty("image")));
    return images;
  }

  @Test
  void deletedDeploymentGoesAfterItsPods() {
    Ref ref = ref(Kind.DEPLOYMENT, name);
    Doc deployment = create(Kind.DEPLOYMENT, deployment(name, 2, appLabels()));
    await("two ready", () -> isReady(ref, 2));

    cluster().delete(ref, uid(deployment));

    await("the Deployment is gone", () -> cluster().get(ref).isEmpty());
    assertThat(labelled(Kind.POD, appLabels())).isEmpty();
    assertThat(labelled(Kind.REPLICA_SET, appLabels())).isEmpty();
  }

  @Test
  void slicesOfAServiceListItsReadyPodsAndFollowASwitch() {
    create(Kind.SERVICE, service(name, trackLabels("blue"), 80));
    for (String track : List.of("blue", "green")) {
      String deployment = name + "-" + track;
      create(Kind.DEPLOYMENT, deployment(deployment, 2, trackLabels(track)));
    }
    await("all ready", () -> readyPods(appLabels()).size() == 4);
    Set<String> blue = uids(readyPods(trackLabels("blue")));
    Set<String> green = uids(readyPods(trackLabels("green")));
    await("blue serves", () -> endpointUids(name).equals(blue));

    patch(ref(Kind.SERVICE, name), Patch.none().put(trackLabels("green"), "spec", "selector"));

    await("green serves", () -> endpointUids(name).equals(green));
  }

  @Test
  void suspendedJobHasNoPodsAndCompletesOnceItIsLetGo() {
    Ref ref = ref(Kind.JOB, name);
    create(Kind.JOB, job(name, true, "exit 0"));
    await("suspended", () -> hasCondition(ref, "Suspended"));
    assertThat(labelled(Kind.POD, Map.of("run", name))).isEmpty();

    patch(ref, Patch.none().put(false, "spec", "suspend"));

    await("complete", () -> hasCondition(ref, "Complete"));
    assertThat(hasCondition(ref, "Failed")).isFalse();
    assertThat(read(ref).number(0, "status", "succeeded")).isEqualTo(1);
  }

  @Test
  void jobThatExitsOtherThanZeroFails() {
    Ref ref = ref(Kind.JOB, name);
    Doc job = create(Kind.JOB, job(name, false, "exit 3"));

    await("failed", () -> hasCondition(ref, "Failed"));

    assertThat(hasCondition(ref, "Complete")).isFalse();
    Doc pod = labelled(Kind.POD, Map.of("batch.kubernetes.io/job-name", name)).getFirst();
    assertThat(owner(pod)).isEqualTo(uid(job));
    assertThat(pod.docs("status", "containerStatuses").getFirst())
        .extracting(status -> status.number(-1, "state", "terminated", "exitCode"))
        .isEqualTo(3L);
  }

  @Test
  void logOfAJobIsReadWholeAndByItsTail() {
    Ref ref = ref(Kind.JOB, name);
    create(Kind.JOB, job(name, false, "echo one; echo two; echo three; exit 0"));
    await("complete", () -> hasCondition(ref, "Complete"));
    Ref pod = Ref.to(Kind.POD, labelled(Kind.POD, Map.of("run", name)).getFirst());

    assertThat(cluster().logTail(pod, "job", 2, false)).containsExactly("two", "three");
    assertThat(cluster().logTail(pod, "job", 2, true)).as("no previous run").isEmpty();
    List<String> lines = new ArrayList<>();
    try (Cluster.Log log = cluster().log(pod, "job", signal())) {
      await("the log's end", log::ended);
      lines.addAll(log.take());
      assertThat(log.take()).isEmpty();
    }
    assertThat(lines).containsExactly("one", "two", "three");
  }

  @Test
  void logOfAPodThatIsNotThereIsEmpty() {
    Ref pod = ref(Kind.POD, name);

    assertThat(cluster().logTail(pod, "job", 2, false)).isEmpty();
    try (Cluster.Log log = cluster().log(pod, "job", signal())) {
      await("the log's end", log::ended);
      assertThat(log.take()).isEmpty();
    }
  }

  @Test
  void followedPodsBecomeReady() {
    Query pods = Query.labelled(Kind.POD, namespace(), appLabels());
    try (Cluster.Follow follow = follow(pods)) {
      create(Kind.DEPLOYMENT, deployment(name, 1, appLabels()));

      await("ready", () -> isReady(ref(Kind.DEPLOYMENT, name), 1));
      await("heard", () -> uids(follow.list(pods)).equals(uids(readyPods(appLabels()))));

      assertThat(raised.get()).isPositive();
    }
  }
}
