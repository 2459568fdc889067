package rollout.real;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A command of the machine, run to its end within a bound. */
final class Command {
  /** How long a command may take that nobody gave a longer time. */
  static final Duration USUAL = Duration.ofSeconds(60);

  private Command() {}

  /** What a command has left. */
  record Output(int exitCode, String out, String err) {
    /** Its standard output, trimmed. */
    String text() {
      return out.strip();
    }
  }

  /**
   * Runs a command and waits for it.
   *
   * @param input its whole standard input
   * @throws AssertionError when it does not end within the bound
   */
  static Output run(Duration bound, String input, List<String> words) {
    try {
      Process process = new ProcessBuilder(words).start();
      CompletableFuture<String> out = read(process.getInputStream());
      CompletableFuture<String> err = read(process.getErrorStream());
      try (var stdin = process.outputWriter(StandardCharsets.UTF_8)) {
        stdin.write(input);
      }
      if (!process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(words + " did not end within " + bound);
      }
      return new Output(process.exitValue(), out.join(), err.join());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted in " + words, e);
    }
  }

  /** The output of a command that must succeed. */
  static String must(Duration bound, String input, List<String> words) {
    Output output = run(bound, input, words);
    if (output.exitCode() != 0) {
      throw new AssertionError(
          words + " ended with " + output.exitCode() + ": " + output.out() + output.err());
    }
    return output.text();
  }

  private static CompletableFuture<String> read(InputStream stream) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try (stream) {
                text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
              } catch (IOException e) {
                text.complete("");
              }
            });
    return text;
  }
}
