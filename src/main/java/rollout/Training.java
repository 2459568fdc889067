package rollout;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import rollout.cli.Console;
import rollout.cli.ExitCode;
import rollout.cli.Shell;

/**
 * Runs the short commands once, so that the AOT cache that the launcher makes knows their classes.
 * Reaches no cluster: nobody listens at the port of its kubeconfig.
 */
final class Training {
  private static final String KUBECONFIG =
      """
      apiVersion: v1
      kind: Config
      current-context: training
      clusters: [{name: training, cluster: {server: "https://127.0.0.1:1"}}]
      contexts: [{name: training, context: {cluster: training, user: training, namespace: none}}]
      users: [{name: training, user: {token: none}}]
      """;

  private Training() {}

  /** Takes a folder that may be written to. */
  public static void main(String[] args) throws IOException {
    Path kubeconfig = Path.of(args[0]).resolve("kubeconfig");
    Files.writeString(kubeconfig, KUBECONFIG);
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    Console console =
        new Console(
            nowhere, nowhere, InputStream.nullInputStream(), Map.of(), false, d -> {}, code -> {});
    Shell shell = Main.shell(console);
    List<List<String>> commands =
        List.of(
            List.of("--help"),
            List.of("version", "-o", "json"),
            List.of("status", "--help"),
            List.of("bluegreen", "--help"),
            List.of("bluegreen", "x", "--image", "x:1", "--check", "p99 > 1s", "-o", "json"),
            List.of("status", "none", "--kubeconfig", kubeconfig.toString()),
            List.of("list", "--kubeconfig", kubeconfig.toString()));
    for (List<String> words : commands) {
      ExitCode unused = shell.run(words);
    }
    System.exit(0);
  }
}
