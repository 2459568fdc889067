package rollout.kubernetes;

import static org.assertj.core.api.Assertions.fail;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Ref;
import rollout.port.Cluster.Send;
import rollout.port.Connect;
import rollout.real.Lab;

/** A namespace of its own on the real API server, and the program's own way to it. */
record LabNamespace(FabricCluster cluster, Doc namespace) implements AutoCloseable {
  private static final int LOOKS = 600;
  private static final long LOOK_MILLIS = 100;

  /** On the server that tests may use; empty: there is none. */
  static Optional<LabNamespace> find(String prefix) {
    return Lab.kubeconfig().map(kubeconfig -> create(to(kubeconfig), prefix));
  }

  private static LabNamespace create(FabricCluster cluster, String prefix) {
    Doc made =
        cluster.create(
            Kind.NAMESPACE,
            Doc.of(
                "apiVersion",
                "v1",
                "kind",
                "Namespace",
                "metadata",
                Doc.of("generateName", prefix)),
            Send.REAL);
    return new LabNamespace(cluster, made);
  }

  /** The program's own way to where this leads. */
  static FabricCluster to(Path kubeconfig) {
    Connect.Where where =
        new Connect.Where(
            Optional.of(kubeconfig.toString()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            0);
    return KubeConnect.ofThisProcess().to(where).cluster();
  }

  String name() {
    return namespace.textOrEmpty("metadata", "name");
  }

  /**
   * Returns when the condition holds, and fails when it doesn't within a minute.
   *
   * @param changes shorten the waits between two looks
   */
  static void await(String what, BooleanSupplier condition, Semaphore changes) {
    for (int i = 0; i < LOOKS; i++) {
      if (condition.getAsBoolean()) {
        return;
      }
      try {
        if (changes.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
          changes.drainPermits();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
    fail("not within a minute: " + what);
  }

  @Override
  public void close() {
    cluster.delete(Ref.to(Kind.NAMESPACE, namespace), namespace.textOrEmpty("metadata", "uid"));
    cluster.close();
  }
}
