package rollout.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Ref;
import rollout.port.Cluster;
import rollout.port.Cluster.Send;
import rollout.port.ClusterContract;
import rollout.port.ClusterException;
import rollout.port.Signal;

/** The contract on a real API server with a real node. */
final class FabricClusterRealTests extends ClusterContract {
  private static final Kind DEFAULT_ACCOUNT = new Kind("v1", "ServiceAccount", "serviceaccounts");

  private static Optional<LabNamespace> lab = Optional.empty();

  /** Raised whenever something changed; shortens the waits between two looks. */
  private final Semaphore changes = new Semaphore(0);

  @BeforeAll
  static void connect() {
    lab = LabNamespace.find("contract-");
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

  @Override
  protected Signal signal() {
    return changes::release;
  }

  @Override
  protected void await(String what, BooleanSupplier condition) {
    LabNamespace.await(what, condition, changes);
  }

  private void awaitAccount() {
    await(
        "the namespace's account",
        () -> cluster().get(new Ref(DEFAULT_ACCOUNT, namespace(), "default")).isPresent());
  }

  @Test
  void proxyReachesThePodsOfAService() {
    awaitAccount();
    Map<String, String> labels = Map.of("proxied", "yes");
    Doc container = Doc.of("name", "app", "image", "demo:v1");
    cluster()
        .create(
            Kind.POD,
            Doc.of(
                "apiVersion",
                "v1",
                "kind",
                "Pod",
                "metadata",
                Doc.of("name", "proxied", "namespace", namespace(), "labels", labels),
                "spec",
                Doc.of("containers", List.of(container), "terminationGracePeriodSeconds", 1)),
            Send.REAL);
    Doc port = Doc.of("name", "http", "port", 80, "targetPort", 8080);
    cluster()
        .create(
            Kind.SERVICE,
            Doc.of(
                "apiVersion",
                "v1",
                "kind",
                "Service",
                "metadata",
                Doc.of("name", "proxied", "namespace", namespace()),
                "spec",
                Doc.of("selector", labels, "ports", List.of(port))),
            Send.REAL);

    await("an answer", () -> answers("/readyz"));
    Duration timeout = Duration.ofSeconds(5);
    assertThat(cluster().proxyGet(namespace(), "proxied", "80", "/?a=%7Bx%7D", timeout))
        .satisfies(answer -> assertThat(answer.status()).isEqualTo(200))
        .satisfies(answer -> assertThat(answer.body()).startsWith("v1 proxied"));
    assertThatThrownBy(() -> cluster().proxyGet(namespace(), "absent", "80", "/", timeout))
        .isInstanceOf(ClusterException.NotFound.class);
  }

  private boolean answers(String path) {
    try {
      return cluster()
              .proxyGet(namespace(), "proxied", "http", path, Duration.ofSeconds(5))
              .status()
          == 200;
    } catch (ClusterException e) {
      return false;
    }
  }

  @Test
  void misspeltFieldIsInvalid() {
    Doc wrong =
        Doc.of(
            "apiVersion",
            "v1",
            "kind",
            "ConfigMap",
            "metadata",
            Doc.of("name", "misspelt", "namespace", namespace()),
            "dta",
            Map.of());

    assertThatThrownBy(() -> cluster().create(Kind.CONFIG_MAP, wrong, Send.DRY_RUN))
        .isInstanceOf(ClusterException.Invalid.class)
        .hasMessageContaining("dta");
  }
}
