package rollout.kubernetes;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import rollout.document.Doc;
import rollout.model.UserError;
import rollout.port.Connect;

/**
 * Finds the cluster as kubectl does: the kubeconfig file that is named, those of {@code
 * KUBECONFIG}, {@code ~/.kube/config}, or the service account of the pod that this runs in.
 */
public final class KubeConnect {
  private static final Path SERVICE_ACCOUNT =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  private final Map<String, String> environment;
  private final Path home;
  private final Path serviceAccount;
  private final Requests requests;

  /**
   * Looks around.
   *
   * @param environment the process's variables
   * @param home whose {@code .kube/config} counts
   * @param serviceAccount the folder with {@code token}, {@code ca.crt} and {@code namespace}
   * @param requests told of each request
   */
  KubeConnect(Map<String, String> environment, Path home, Path serviceAccount, Requests requests) {
    this.environment = Map.copyOf(environment);
    this.home = home;
    this.serviceAccount = serviceAccount;
    this.requests = requests;
  }

  /** Looks around in this process's own environment. */
  public static KubeConnect ofThisProcess() {
    return ofThisProcess((verb, code) -> {});
  }

  /** The same, telling of each request. */
  public static KubeConnect ofThisProcess(Requests requests) {
    return new KubeConnect(
        System.getenv(), Path.of(System.getProperty("user.home", "/")), SERVICE_ACCOUNT, requests);
  }

  /**
   * A cluster and where to work in it.
   *
   * @param namespace the one asked for, else the context's, else the pod's own, else {@code
   *     default}
   * @param credentialEnds until when this user is known; empty: not known, or renewed
   */
  public record Connected(
      FabricCluster cluster, String namespace, Supplier<Optional<Instant>> credentialEnds) {}

  /**
   * Makes the client; nothing is asked of the server yet. A connection opened ahead in the
   * background was measured, and made no command faster.
   *
   * @throws UserError when no cluster can be made out of what the user gave
   */
  public Connected to(Connect.Where where) {
    List<Path> files = files(where.kubeconfig());
    if (!files.isEmpty()) {
      KubeConfig config = KubeConfig.read(files);
      if (!config.isEmpty() || where.kubeconfig().isPresent() || !isInPod()) {
        return toContext(config, where);
      }
    }
    if (!isInPod()) {
      throw nothingConfigured();
    }
    if (where.context().isPresent()) {
      throw UserError.of("--context", "there is no kubeconfig file, and so no context.", "");
    }
    return inPod(where.namespace());
  }

  private List<Path> files(Optional<String> named) {
    if (named.isPresent()) {
      return List.of(Path.of(named.get()));
    }
    String variable = environment.getOrDefault("KUBECONFIG", "");
    if (!variable.isEmpty()) {
      // as with kubectl, files in the list that don't exist are left out
      return Arrays.stream(variable.split(File.pathSeparator))
          .filter(file -> !file.isEmpty())
          .map(Path::of)
          .filter(Files::exists)
          .toList();
    }
    Path usual = home.resolve(".kube").resolve("config");
    return Files.exists(usual) ? List.of(usual) : List.of();
  }

  private UserError nothingConfigured() {
    if (environment.containsKey("KUBERNETES_SERVICE_HOST")) {
      return UserError.of(
          "kubeconfig",
          "this pod has no service account token, and no kubeconfig.",
          "Set serviceAccountName, and automountServiceAccountToken: true, in its pod template.");
    }
    String variable = environment.getOrDefault("KUBECONFIG", "");
    String looked =
        variable.isEmpty() ? home.resolve(".kube/config").toString() : "KUBECONFIG=" + variable;
    return UserError.of(
        "kubeconfig",
        "no cluster is configured: " + looked + " is not there.",
        "Use --kubeconfig FILE, or set KUBECONFIG.");
  }

  private Connected toContext(KubeConfig config, Connect.Where where) {
    KubeConfig.Entry context = config.context(where.context());
    Session session =
        new Session(
            config.place(), withProxy(config.cluster(context)), config.user(context), requests);
    String namespace = where.namespace().or(() -> context.text("namespace")).orElse("default");
    return new Connected(session.open(), namespace, session::credentialEnds);
  }

  private KubeConfig.Entry withProxy(KubeConfig.Entry cluster) {
    if (cluster.text("proxy-url").isPresent()) {
      return cluster;
    }
    return new ProxyVariables(environment)
        .proxyOf(cluster.value().textOrEmpty("server"))
        .map(proxy -> cluster.value().with(proxy, "proxy-url"))
        .map(value -> new KubeConfig.Entry(cluster.name(), value, cluster.folder()))
        .orElse(cluster);
  }

  private boolean isInPod() {
    return environment.containsKey("KUBERNETES_SERVICE_HOST")
        && Files.exists(serviceAccount.resolve("token"));
  }

  private Connected inPod(Optional<String> namespace) {
    String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
    String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
    String server = "https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    Doc cluster = Doc.of("server", server, "certificate-authority", "ca.crt");
    Doc user = Doc.of("tokenFile", "token");
    String place = serviceAccount.toString();
    FabricCluster opened =
        new Session(
                place,
                new KubeConfig.Entry("", cluster, serviceAccount),
                new KubeConfig.Entry("", user, serviceAccount),
                requests)
            .open();
    return new Connected(opened, namespace.orElseGet(this::podNamespace), Optional::empty);
  }

  private String podNamespace() {
    return Session.content(serviceAccount.resolve("namespace")).orElse("default");
  }
}
