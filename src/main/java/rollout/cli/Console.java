package rollout.cli;

import java.io.InputStream;
import java.io.PrintWriter;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * The process around a command.
 *
 * @param out the product
 * @param err errors, and people's text while JSON is on {@code out}
 * @param environment the environment variables
 * @param terminal whether a person looks at {@code out}
 * @param halt ends the process at once with this code, for a second Ctrl-C
 */
public record Console(
    PrintWriter out,
    PrintWriter err,
    InputStream in,
    Map<String, String> environment,
    boolean terminal,
    IntConsumer halt) {
  /** Copies the environment. */
  public Console {
    environment = Map.copyOf(environment);
  }
}
