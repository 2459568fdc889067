package rollout.sim;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.Ref;

/** A pod as it runs on its node. */
final class PodRun {
  final Ref ref;
  final String uid;

  /** The image that answers: that of the first container. */
  final String image;

  final boolean ofJob;
  final long graceMillis;
  final List<ContainerRun> containers = new ArrayList<>();
  final Counters counters = new Counters();
  String phase = "Pending";
  String reason = "";
  boolean terminating;
  boolean gone;

  /** Whether it was ready at some time of its life. */
  boolean everReady;

  /** Set by a person or a fault: the readiness probe fails from now on. */
  boolean probeFails;

  PodRun(Ref ref, Doc pod, boolean ofJob) {
    this.ref = ref;
    this.uid = Meta.uid(pod);
    this.ofJob = ofJob;
    this.graceMillis = pod.number(30, "spec", "terminationGracePeriodSeconds") * 1000;
    for (Doc container : pod.docs("spec", "containers")) {
      containers.add(
          new ContainerRun(container.textOrEmpty("name"), container.textOrEmpty("image")));
    }
    this.image = containers.isEmpty() ? "" : containers.getFirst().image;
  }

  boolean ready() {
    return !gone && !probeFails && containers.stream().allMatch(one -> one.ready);
  }

  /** Whether a request that comes in is answered. */
  boolean answers() {
    return !gone && everReady && containers.stream().allMatch(ContainerRun::running);
  }

  /** Whether its program runs and has numbers to scrape. */
  boolean scrapable() {
    return !gone && !ofJob && containers.stream().anyMatch(ContainerRun::running);
  }

  @Nullable ContainerRun container(String name) {
    for (ContainerRun container : containers) {
      if (container.name.equals(name)) {
        return container;
      }
    }
    return null;
  }
}
