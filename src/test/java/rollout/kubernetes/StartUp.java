package rollout.kubernetes;

import java.util.Optional;
import rollout.model.Kind;
import rollout.model.Ref;
import rollout.port.Connect;

/** Connects and gets one Service: what the start of a short command costs. Run by hand. */
final class StartUp {
  private StartUp() {}

  /** Arguments: the kubeconfig file. */
  public static void main(String[] arguments) {
    Connect.Where where =
        new Connect.Where(
            Optional.of(arguments[0]), Optional.empty(), Optional.empty(), Optional.empty(), 0);
    try (FabricCluster cluster = KubeConnect.ofThisProcess().to(where).cluster()) {
      System.out.println(
          cluster.get(new Ref(Kind.SERVICE, "default", "kubernetes")).isPresent()
              ? "found"
              : "absent");
    }
  }
}
