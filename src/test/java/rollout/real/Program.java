package rollout.real;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import rollout.document.Doc;

/** The built program as a process of its own: what a pipeline or a person starts. */
final class Program implements AutoCloseable {
  /** How long an event or the end may be waited for, unless a test says otherwise. */
  static final Duration PATIENCE = Duration.ofSeconds(150);

  private final Process process;
  private final List<String> words;
  private final StringBuilder transcript = new StringBuilder();
  private final List<String> out = new ArrayList<>();
  private final List<Doc> events = new ArrayList<>();
  private final List<Thread> readers;
  private int readersLeft = 2;

  private Program(Process process, List<String> words) {
    this.process = process;
    this.words = words;
    this.readers =
        List.of(
            Thread.ofVirtual()
                .start(() -> read(process.inputReader(StandardCharsets.UTF_8), "", this::heard)),
            Thread.ofVirtual()
                .start(() -> read(process.errorReader(StandardCharsets.UTF_8), "! ", line -> {})));
  }

  /** How the program is called in front of its arguments: {@code ROLLOUT_PROGRAM}, or the jar. */
  static List<String> command() {
    String other = System.getenv("ROLLOUT_PROGRAM");
    if (other != null && !other.isEmpty()) {
      return List.of(other.split(" "));
    }
    return Jar.COMMAND;
  }

  /** The jar, with a start-up cache as the launcher makes one: hundreds of processes start here. */
  private static final class Jar {
    private static final List<String> COMMAND = trained();

    private static List<String> trained() {
      String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      Path target = Path.of("target").toAbsolutePath();
      String jar = target.resolve("rollout.jar").toString();
      List<String> flags =
          List.of(
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1",
              "-XX:-UsePerfData",
              "-Xlog:disable",
              "--enable-native-access=ALL-UNNAMED");
      Path cache = target.resolve("level4.aot");
      try {
        Path folder = Files.createTempDirectory(target, "training");
        List<String> training = new ArrayList<>(List.of(java, "-XX:AOTCacheOutput=" + cache));
        training.addAll(flags);
        training.addAll(List.of("-cp", jar, "rollout.Training", folder.toString()));
        Command.must(PATIENCE, "", training);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      List<String> command = new ArrayList<>(List.of(java, "-XX:AOTCache=" + cache));
      command.addAll(flags);
      command.addAll(List.of("-jar", jar));
      return List.copyOf(command);
    }
  }

  /** Starts it with these arguments. */
  static Program start(Path kubeconfig, List<String> arguments) {
    // A shell's background job ignores Ctrl-C, and so would its children: this one is a terminal's.
    List<String> all = new ArrayList<>(List.of("env", "--default-signal=INT"));
    all.addAll(command());
    all.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(all);
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    builder.environment().remove("ROLLOUT_PROMETHEUS");
    builder.environment().put("NO_COLOR", "1");
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    try {
      return new Program(builder.start(), List.copyOf(arguments));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Line {
    void said(String line);
  }

  private void read(BufferedReader reader, String mark, Line line) {
    try (reader) {
      for (String text = reader.readLine(); text != null; text = reader.readLine()) {
        synchronized (this) {
          transcript.append(mark).append(text).append('\n');
          line.said(text);
          notifyAll();
        }
      }
    } catch (IOException e) {
      // The process has ended, which its exit code says better.
    } finally {
      synchronized (this) {
        readersLeft--;
        notifyAll();
      }
    }
  }

  private void heard(String line) {
    out.add(line);
    if (line.startsWith("{")) {
      events.add(Doc.parse(line));
    }
  }

  /** The first event of this type, come or still to come. */
  Doc await(String type) {
    return await("an event of type " + type, event -> event.textOrEmpty("type").equals(type));
  }

  /** The first event of this phase, come or still to come. */
  Doc awaitPhase(String phase) {
    return await("phase " + phase, event -> event.textOrEmpty("phase").equals(phase));
  }

  /**
   * The first event that is meant.
   *
   * @throws AssertionError when the program ends, or too much time goes by, before it comes
   */
  synchronized Doc await(String what, Predicate<Doc> meant) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    for (int next = 0; ; ) {
      for (; next < events.size(); next++) {
        if (meant.test(events.get(next))) {
          return events.get(next);
        }
      }
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (readersLeft == 0 || left <= 0) {
        throw new AssertionError("no " + what + " from " + words + ":\n" + transcript);
      }
      pause(left);
    }
  }

  private void pause(long millis) {
    try {
      wait(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /**
   * Waits for the end.
   *
   * @throws AssertionError when it does not come in time
   */
  Ended end() {
    return end(PATIENCE);
  }

  /** Waits for the end, this long at most. */
  Ended end(Duration bound) {
    try {
      if (!process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(words + " did not end within " + bound + ":\n" + transcript());
      }
      for (Thread reader : readers) {
        reader.join(Duration.ofSeconds(10));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
    synchronized (this) {
      return new Ended(
          process.exitValue(), List.copyOf(events), List.copyOf(out), transcript.toString());
    }
  }

  /** Sends a signal: {@code INT}, {@code TERM}, {@code KILL}, {@code STOP}, {@code CONT}. */
  void signal(String name) {
    Command.must(Command.USUAL, "", List.of("kill", "-" + name, Long.toString(process.pid())));
  }

  /** Whether it still runs. */
  boolean runs() {
    return process.isAlive();
  }

  /** What it has said until now; lines of its standard error begin with {@code !}. */
  synchronized String transcript() {
    return transcript.toString();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /**
   * How it ended.
   *
   * @param events what stood on standard output, of {@code -o json}
   * @param out the lines of standard output
   * @param transcript both outputs, in the order they came
   */
  record Ended(int exitCode, List<Doc> events, List<String> out, String transcript) {
    /** All events of a type, in order. */
    List<Doc> events(String type) {
      return events.stream().filter(event -> event.textOrEmpty("type").equals(type)).toList();
    }

    /** The last event. */
    Doc last() {
      if (events.isEmpty()) {
        throw new AssertionError("no event at all:\n" + transcript);
      }
      return events.get(events.size() - 1);
    }

    /** The four times of the rollback, if there was one. */
    Optional<RollbackTimes> rollbackTimes() {
      return events("rollback").stream().reduce((first, last) -> last).map(RollbackTimes::of);
    }
  }
}
