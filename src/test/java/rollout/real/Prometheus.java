package rollout.real;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import rollout.document.Doc;

/** Debian's Prometheus in a pod of the lab; it scrapes every second the pods labelled as a shop. */
final class Prometheus implements AutoCloseable {
  private final FullLab lab;
  private final String namespace;
  private final Path folder;
  private final Process targets;

  private Prometheus(FullLab lab, String namespace, Path folder, Process targets) {
    this.lab = lab;
    this.namespace = namespace;
    this.folder = folder;
    this.targets = targets;
  }

  /** Starts it and waits until it answers through the API server. */
  static Prometheus start(FullLab lab, String namespace) throws IOException {
    Path folder = Files.createTempDirectory("rollout-prometheus");
    Path image = folder.resolve("image");
    Command.must(Command.USUAL, "", List.of(script("prometheus-image.sh"), image.toString()));
    lab.image("prometheus:lab", image);
    Path shared = Files.createDirectory(folder.resolve("shared"));
    Files.writeString(shared.resolve("prometheus.yml"), Resources.text("prometheus.yml"));
    Process targets =
        new ProcessBuilder(
                "python3",
                script("targets.py"),
                lab.bin().resolve("kubectl").toString(),
                lab.kubeconfig().toString(),
                shared.resolve("targets.json").toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Prometheus prometheus = new Prometheus(lab, namespace, folder, targets);
    // The pod runs as root in its container, but reads these through the node's file system.
    Command.must(Command.USUAL, "", List.of("chmod", "-R", "a+rX", folder.toString()));
    lab.kubectl("create", "namespace", namespace);
    lab.apply(
        namespace, Resources.text("prometheus-pod.yaml").replace("FOLDER", shared.toString()));
    lab.kubectl(
        "-n", namespace, "wait", "pod/prometheus", "--for=condition=Ready", "--timeout=60s");
    return prometheus;
  }

  private static String script(String name) {
    return Resources.path(name).toString();
  }

  /** What {@code --prometheus} is told. */
  String address() {
    return "svc:" + namespace + "/prometheus:9090";
  }

  /** Asks until so many series answer, for a minute at most. */
  boolean awaitSeries(String promql, int count) {
    long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (System.nanoTime() < deadline) {
      if (query(promql).docs("data", "result").size() == count) {
        return true;
      }
    }
    return false;
  }

  /** The answer to an instant query, through the API server. */
  Doc query(String promql) {
    return Doc.parse(
        lab.kubectl(
            "get",
            "--raw",
            "/api/v1/namespaces/%s/services/http:prometheus:9090/proxy/api/v1/query?query=%s"
                .formatted(namespace, URLEncoder.encode(promql, StandardCharsets.UTF_8))));
  }

  @Override
  public void close() {
    targets.destroy();
    lab.tryKubectl("delete", "namespace", namespace, "--wait=false", "--ignore-not-found");
    Command.run(Duration.ofSeconds(20), "", List.of("rm", "-rf", folder.toString()));
  }
}
