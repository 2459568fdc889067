package rollout;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import rollout.cli.Console;
import rollout.cli.ExitCode;
import rollout.cli.Shell;

/** Entry point: puts the real parts together. */
public final class Main {
  private Main() {}

  /** Runs the command line, and exits with its code. */
  public static void main(String[] args) {
    // UTF-8 whatever the locale says: JSON is, and a container's locale is often plain ASCII.
    PrintWriter out = writer(FileDescriptor.out);
    PrintWriter err = writer(FileDescriptor.err);
    Console console =
        new Console(out, err, System.in, System.getenv(), isTerminal(), Main::endAtOnce);
    ExitCode code = shell(console).run(List.of(args));
    System.exit(code.number());
  }

  /** The commands on real clusters. */
  static Shell shell(Console console) {
    return new Shell(
        console,
        new RealBackend(console, requests -> new RealConnect(console.environment(), requests)));
  }

  private static PrintWriter writer(FileDescriptor descriptor) {
    return new PrintWriter(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
  }

  // The launcher has asked already, and cheaper than java.io.Console can.
  private static boolean isTerminal() {
    String known = System.getProperty("rollout.terminal");
    if (known != null) {
      return known.equals("true");
    }
    java.io.Console console = System.console();
    return console != null && console.isTerminal();
  }

  private static void endAtOnce(int code) {
    Runtime.getRuntime().halt(code);
  }
}
