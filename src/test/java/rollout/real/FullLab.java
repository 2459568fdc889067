package rollout.real;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import rollout.document.Doc;

/**
 * The cluster that the tests run on: a real API server, a real node, real pods, all on this
 * machine.
 *
 * @param script the command that leads into it
 * @param bin folder of its binaries, kubectl among them
 * @param kubeconfig of its administrator
 */
record FullLab(Path script, Path bin, Path kubeconfig) {
  /** Folder of a lab; without it {@code ../shared/lab} beside the project. */
  static final String PLACE = "ROLLOUT_LAB";

  /** What the tests cannot run without is not there. */
  static final class MissingException extends Exception {
    private static final long serialVersionUID = 1;

    MissingException(String why) {
      super(why);
    }
  }

  /**
   * The lab that is up.
   *
   * @throws MissingException when there is none, or one without a real node
   */
  static FullLab find() throws MissingException {
    return find(true);
  }

  /**
   * The lab that is up.
   *
   * @param node whether its pods must be real; else they may be pretended
   * @throws MissingException when there is none
   */
  static FullLab find(boolean node) throws MissingException {
    String named = System.getenv(PLACE);
    Path place = Path.of(named == null || named.isEmpty() ? "../shared/lab" : named);
    Path script = place.toAbsolutePath().normalize().resolve("lab");
    if (!Files.isExecutable(script)) {
      throw new MissingException("no lab at " + script.getParent() + " (" + PLACE + " names one)");
    }
    Command.Output status = Command.run(Command.USUAL, "", List.of(script.toString(), "status"));
    if (status.exitCode() != 0) {
      throw new MissingException("the lab at " + script.getParent() + " is not up (lab up)");
    }
    if (node && !status.out().startsWith("mode full")) {
      throw new MissingException("the lab at " + script.getParent() + " has no real node (lab up)");
    }
    return new FullLab(script, path(script, "bin"), path(script, "kubeconfig"));
  }

  private static Path path(Path script, String word) {
    return Path.of(Command.must(Command.USUAL, "", List.of(script.toString(), word)));
  }

  /** The same as whoever has this token sees it. */
  FullLab as(String token) {
    Doc config = Doc.parse(kubectl("config", "view", "--raw", "-o", "json"));
    Doc user = config.docs("users").getFirst().with(Doc.of("token", token), "user");
    return new FullLab(script, bin, KubeconfigFile.of(config.with(List.of(user), "users").json()));
  }

  /** Folder of the lab's state. */
  Path home() {
    return kubeconfig.getParent();
  }

  /** The words that run kubectl against this cluster. */
  List<String> kubectlWords(String... words) {
    List<String> all = new ArrayList<>();
    all.add(bin.resolve("kubectl").toString());
    all.add("--kubeconfig=" + kubeconfig);
    all.addAll(List.of(words));
    return List.copyOf(all);
  }

  /** Standard output of a kubectl command that must succeed. */
  String kubectl(String... words) {
    return Command.must(Duration.ofMinutes(5), "", kubectlWords(words));
  }

  /** A kubectl command that may fail. */
  Command.Output tryKubectl(String... words) {
    return Command.run(Command.USUAL, "", kubectlWords(words));
  }

  /** Applies manifests as a person with a file would. */
  void apply(String namespace, String manifests, String... flags) {
    List<String> words = new ArrayList<>(kubectlWords("-n", namespace, "apply", "-f", "-"));
    words.addAll(List.of(flags));
    Command.must(Command.USUAL, manifests, words);
  }

  /** One object as it is now. */
  Doc get(String namespace, String kind, String name) {
    return Doc.parse(kubectl("-n", namespace, "get", kind, name, "-o", "json"));
  }

  /** Several objects as they are now, each named as KIND/NAME, in this order. */
  List<Doc> all(String namespace, String... names) {
    List<String> words = new ArrayList<>(List.of("-n", namespace, "get", "-o", "json"));
    words.addAll(List.of(names));
    return Doc.parse(kubectl(words.toArray(String[]::new))).docs("items");
  }

  /** The words that run a command where pods and ClusterIPs are reachable. */
  List<String> insideWords(String... words) {
    List<String> all = new ArrayList<>(List.of(script.toString(), "exec"));
    all.addAll(List.of(words));
    return List.copyOf(all);
  }

  /** Takes an image from an archive. */
  void load(Path archive) {
    Command.must(
        Duration.ofMinutes(2),
        "",
        List.of(script.toString(), "ctr", "images", "import", archive.toString()));
  }

  /** Makes an image of a folder or an executable, unless the node has one of this name. */
  synchronized void image(String name, Path source, String... words) {
    String known =
        Command.must(
            Command.USUAL,
            "",
            List.of(script.toString(), "ctr", "images", "ls", "-q", "name~=" + name));
    if (known.lines().anyMatch(line -> line.endsWith("/" + name))) {
      return;
    }
    List<String> all =
        new ArrayList<>(List.of(script.toString(), "image", name, source.toString()));
    all.addAll(List.of(words));
    Command.must(Duration.ofMinutes(2), "", all);
  }
}
