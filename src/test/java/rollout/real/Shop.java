package rollout.real;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import rollout.document.Doc;

/** A demo shop in a namespace of its own: what a team has before it ever heard of the program. */
final class Shop implements AutoCloseable {
  private static final Path RECORDS = Path.of("target", "real");

  /** What is kept of a shop, for whoever looks for the cause of a failure. */
  private static final String KEPT =
      "deployments,replicasets,pods,services,endpointslices,jobs,configmaps,leases,events";

  private final Parts parts;
  private final String namespace;
  private final String test;
  private final List<Program> programs = new ArrayList<>();
  private final List<Load> loads = new ArrayList<>();
  private final ShopShape before;

  private Shop(Parts parts, String namespace, String test, String manifest) {
    this.parts = parts;
    this.namespace = namespace;
    this.test = test;
    lab()
        .apply(
            namespace,
            "{apiVersion: v1, kind: Namespace, metadata: {name: %s}}\n---\n%s"
                .formatted(namespace, manifest));
    lab().kubectl("-n", namespace, "rollout", "status", "deploy/shop", "--timeout=60s");
    this.before = shape();
  }

  /** Opens one of version 1 with three pods, of the usual manifest as it is changed here. */
  static Shop open(Parts parts, String test, UnaryOperator<String> manifest) {
    String changed = manifest.apply(Resources.text("shop.yaml"));
    Shop shop = new Shop(parts, "rollout-" + Parts.word(), test, changed);
    String counted = "http_requests_total{code=\"200\",namespace=\"" + shop.namespace + "\"}";
    if (!parts.prometheus().awaitSeries(counted, 3)) {
      throw new IllegalStateException(
          "Prometheus does not scrape the three pods of " + shop.namespace);
    }
    return shop;
  }

  /** The same, for tests that ask no metrics. */
  static Shop unscraped(Parts parts, String test) {
    return new Shop(parts, "rollout-" + Parts.word(), test, Resources.text("shop.yaml"));
  }

  FullLab lab() {
    return parts.lab();
  }

  String namespace() {
    return namespace;
  }

  Doc service() {
    return lab().get(namespace, "service", "shop");
  }

  Doc deployment() {
    return lab().get(namespace, "deployment", "shop");
  }

  /** Standard output of kubectl in the shop's namespace. */
  String kubectl(String... words) {
    List<String> all = new ArrayList<>(List.of("-n", namespace));
    all.addAll(List.of(words));
    return lab().kubectl(all.toArray(String[]::new));
  }

  /** Starts the program in the shop's namespace, with events on its standard output. */
  Program rollout(String... arguments) {
    return start(List.of(arguments));
  }

  /** Starts the program with a proxy between it and the API server. */
  Program through(FaultyProxy proxy, List<String> arguments) {
    return start(proxy.kubeconfig(namespace), arguments);
  }

  private Program start(List<String> arguments) {
    return start(lab().kubeconfig(), arguments);
  }

  private Program start(Path kubeconfig, List<String> arguments) {
    List<String> all = new ArrayList<>(arguments);
    all.addAll(List.of("-n", namespace, "-o", "json"));
    Program program = Program.start(kubeconfig, all);
    programs.add(program);
    return program;
  }

  /** Starts a release of an image, with the usual checks and short times. */
  Program release(String image, String... more) {
    return start(words(image, more));
  }

  /** Starts a canary of an image, with the usual checks and short times. */
  Program canary(String image, String... more) {
    List<String> words = words(image, more);
    words.set(0, "canary");
    return start(words);
  }

  private List<String> words(String image, String... more) {
    List<String> all = new ArrayList<>(List.of("bluegreen", "shop", "--image", "shop=" + image));
    all.addAll(List.of("--prometheus", parts.prometheus().address()));
    all.addAll(List.of("--check", "error-rate < 1%", "--check", "p99 < 300ms"));
    all.addAll(List.of(more));
    Map.of("--timeout", "45s", "--settle-timeout", "90s", "--bake", "10s")
        .forEach(
            (flag, value) -> {
              if (!all.contains(flag)) {
                all.addAll(List.of(flag, value));
              }
            });
    return all;
  }

  /** Users come; at first version 1 alone answers them. */
  Load load() {
    return load("shop", "v1");
  }

  /** Users come while this version alone serves. */
  Load load(String version) {
    return load("shop", version);
  }

  /** Users come through another Service; at first version 1 alone answers them. */
  Load loadOn(String service) {
    return load(service, "v1");
  }

  /** Users come in somewhere else; at first version 1 alone answers them. */
  Load load(Load.Entry entry) {
    return load(entry, "v1");
  }

  private Load load(String service, String version) {
    String address =
        lab().get(namespace, "service", service).textOrEmpty("spec", "clusterIP") + ":80";
    return load(Load.Entry.at(address), version);
  }

  private Load load(Load.Entry entry, String version) {
    Load load = Load.on(lab(), entry, version);
    loads.add(load);
    return load;
  }

  /** What of the shop must be the same after a release as before it. */
  ShopShape shape() {
    List<Doc> both = lab().all(namespace, "service/shop", "deployment/shop");
    return ShopShape.of(both.getFirst(), both.getLast());
  }

  /** The shape before the test. */
  ShopShape before() {
    return before;
  }

  /** Names of the objects that the program made and that should be gone at the end. */
  List<String> leftovers() {
    return kubectl(
            "get",
            "deployments,services,pods,replicasets",
            "-l",
            // Jobs and their pods stay as long as their revision is in the history.
            "rollout/target,!batch.kubernetes.io/job-name",
            "-o",
            "name",
            "--ignore-not-found")
        .lines()
        .toList();
  }

  /** Writes a file of this test, for arguments such as {@code --migrate}. */
  Path file(String name, String text) {
    try {
      Path folder = Files.createDirectories(RECORDS.resolve(test));
      return Files.writeString(folder.resolve(name), text).toAbsolutePath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    for (int i = 0; i < programs.size(); i++) {
      file("program-%d.log".formatted(i + 1), programs.get(i).transcript());
      programs.get(i).close();
    }
    loads.forEach(Load::close);
    file("objects.yaml", lab().tryKubectl("-n", namespace, "get", KEPT, "-o", "yaml").out());
    lab().tryKubectl("delete", "namespace", namespace, "--wait=false");
  }
}
