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
 * Reaches no cluster: its kubeconfig leads to a {@link TrainingServer}.
 */
final class Training {
  private Training() {}

  /** Takes a folder that may be written to. */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    try (TrainingServer server = TrainingServer.start(folder)) {
      Path kubeconfig = folder.resolve("kubeconfig");
      Files.writeString(kubeconfig, server.kubeconfig());
      run(kubeconfig.toString());
    }
    System.exit(0);
  }

  private static void run(String kubeconfig) {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    Console console =
        new Console(nowhere, nowhere, InputStream.nullInputStream(), Map.of(), false, code -> {});
    Shell shell = Main.shell(console);
    List<List<String>> commands =
        List.of(
            List.of("--help"),
            List.of("version", "-o", "json"),
            List.of("status", "--help"),
            List.of("bluegreen", "--help"),
            List.of("bluegreen", "x", "--image", "x:1", "--check", "p99 > 1s", "-o", "json"),
            List.of("status", "shop", "--kubeconfig", kubeconfig),
            List.of("status", "none", "-o", "json", "--kubeconfig", kubeconfig),
            List.of("list", "--kubeconfig", kubeconfig));
    for (List<String> words : commands) {
      ExitCode unused = shell.run(words);
    }
  }
}
