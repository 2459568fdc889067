package rollout.kubernetes;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import rollout.core.RouteWritesContract;
import rollout.document.Patch;
import rollout.model.Kind;
import rollout.model.Ref;
import rollout.port.Cluster;
import rollout.port.Cluster.Send;
import rollout.port.ClusterException;
import rollout.real.Troubles;

/** What a release writes on routes, on a real API server with the published definitions. */
final class FabricRouteWritesRealTests extends RouteWritesContract {
  private static Optional<LabNamespace> lab = Optional.empty();

  @BeforeAll
  static void connect() {
    lab = LabNamespace.find("routes-");
    Assumptions.assumeTrue(lab.isPresent(), "no real cluster");
  }

  @AfterAll
  static void leave() {
    lab.ifPresent(LabNamespace::close);
  }

  @Override
  protected Cluster cluster() {
    return lab.orElseThrow().cluster();
  }

  @Override
  protected String namespace() {
    return lab.orElseThrow().name();
  }

  /** A server has what is installed. */
  @Override
  protected void serve(Kind kind) {}

  @Override
  protected Meeting meeting(Trouble trouble, Ref object) {
    Troubles troubles = Troubles.in(namespace());
    String resource = object.kind().plural();
    return switch (trouble) {
      case FORBIDDEN -> as(LabNamespace.to(troubles.reader(object.kind().group(), resource)));
      case WEBHOOK -> {
        String webhook = troubles.webhookThatIsNotThere(object.kind().group(), resource);
        await(webhook + " is asked", () -> isKeptAway(object));
        yield new Meeting(
            cluster(),
            () -> {
              troubles.remove(webhook);
              await(webhook + " is asked no more", () -> !isKeptAway(object));
            });
      }
      case ANSWER_LOST -> {
        Troubles.Between between = troubles.answersThatAreLost(resource);
        FabricCluster there = LabNamespace.to(between.kubeconfig());
        yield new Meeting(
            there,
            () -> {
              there.close();
              between.close();
            });
      }
    };
  }

  private static Meeting as(FabricCluster cluster) {
    return new Meeting(cluster, cluster::close);
  }

  private boolean isKeptAway(Ref object) {
    try {
      cluster()
          .patch(object, Patch.none().put(Map.of("a", "b"), "metadata", "labels"), Send.DRY_RUN);
      return false;
    } catch (ClusterException.Busy e) {
      return true;
    }
  }

  @Override
  protected void await(String what, BooleanSupplier condition) {
    LabNamespace.await(what, condition, new Semaphore(0));
  }
}
