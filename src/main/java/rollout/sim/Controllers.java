package rollout.sim;

import java.util.function.Consumer;

/** The controllers of a cluster. Each watches the store and needs no one to hold it. */
final class Controllers {
  private static final Consumer<Object> STARTED = controller -> {};

  private Controllers() {}

  static void start(Store store, VirtualTime time, Dice dice, Garbage garbage, PodMaker pods) {
    STARTED.accept(new DeploymentController(store, time, dice));
    STARTED.accept(new ReplicaSetController(store, time, dice, garbage, pods));
    STARTED.accept(new JobController(store, time, dice, garbage, pods));
    STARTED.accept(new EndpointsController(store, time, dice));
  }
}
