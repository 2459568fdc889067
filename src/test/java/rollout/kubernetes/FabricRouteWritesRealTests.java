package rollout.kubernetes;

import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import rollout.core.RouteWritesContract;
import rollout.model.Kind;
import rollout.port.Cluster;

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
  protected void await(String what, BooleanSupplier condition) {
    LabNamespace.await(what, condition, new Semaphore(0));
  }
}
