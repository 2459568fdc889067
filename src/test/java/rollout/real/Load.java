package rollout.real;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import rollout.document.Doc;

/**
 * Users of the shop: 200 requests a second through the Service or a router, half of them on
 * connections that are kept open. Bounded, and ended with the test.
 */
final class Load implements AutoCloseable {
  /** Requests a second. */
  static final int RATE = 200;

  /** The longest that one load may last. */
  static final Duration BOUND = Duration.ofMinutes(15);

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** A version serves alone when nothing else answered for this many tenths of a second. */
  private static final int TENTHS_ALONE = 10;

  /**
   * Where users come in.
   *
   * @param address host and port
   * @param name the host that they ask for
   * @param rate requests a second
   */
  record Entry(String address, String name, int rate) {
    /** The usual users of what is there. */
    static Entry at(String address) {
      return new Entry(address, address.replaceFirst(":\\d+$", ""), RATE);
    }
  }

  private final Process process;
  private final Thread reader;
  private final List<LoadReport.Answers> answers = new ArrayList<>();
  private final List<LoadReport.Failure> failures = new ArrayList<>();
  private Doc end = Doc.EMPTY;
  private int reopened;
  private boolean over;
  private Instant since = Instant.EPOCH;

  private Load(Process process) {
    this.process = process;
    this.reader = Thread.ofVirtual().start(() -> read(process.inputReader(StandardCharsets.UTF_8)));
  }

  /**
   * Starts it and waits until this version alone answers; what failed before is forgotten, since a
   * new Service refuses connections for a moment.
   */
  static Load on(FullLab lab, Entry entry, String version) {
    String seconds = Long.toString(BOUND.toSeconds());
    List<String> words =
        lab.insideWords(
            "python3",
            Resources.path("load.py").toString(),
            entry.address(),
            Integer.toString(entry.rate()),
            seconds,
            entry.name());
    try {
      Load load =
          new Load(
              new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start());
      load.awaitOnly(version);
      load.forget();
      return load;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read(BufferedReader lines) {
    try (lines) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Doc said = Doc.parse(line);
        synchronized (this) {
          take(said);
          notifyAll();
        }
      }
    } catch (IOException e) {
      // It has ended; a report without its end says so.
    } finally {
      synchronized (this) {
        over = true;
        notifyAll();
      }
    }
  }

  private void take(Doc said) {
    if (said.has("answers")) {
      answers.add(answersOf(said));
    } else if (said.has("failure")) {
      LoadReport.Failure one = failureOf(said.doc("failure"));
      if (!one.began().isBefore(since)) {
        failures.add(one);
      }
    } else if (said.has("reopened")) {
      reopened++;
    } else if (said.has("end")) {
      end = said;
    }
  }

  private static LoadReport.Failure failureOf(Doc failure) {
    return new LoadReport.Failure(
        Instant.ofEpochMilli(failure.number(0, "began")),
        Instant.ofEpochMilli(failure.number(0, "at")),
        failure.textOrEmpty("mode"),
        failure.textOrEmpty("kind"),
        failure.textOrEmpty("word"),
        how(failure));
  }

  private static String how(Doc failure) {
    return failure.has("stage")
        ? failure.textOrEmpty("stage")
            + " from port "
            + failure.number(0, "port")
            + " "
            + failure.textList("tracked")
        : "";
  }

  private static LoadReport.Answers answersOf(Doc said) {
    Map<String, Long> onNew = new TreeMap<>();
    Map<String, Long> onKept = new TreeMap<>();
    said.doc("answers")
        .members()
        .keySet()
        .forEach(
            key -> {
              String[] parts = key.split(" ");
              if (parts[2].equals("200")) {
                Map<String, Long> side = parts[0].equals("new") ? onNew : onKept;
                side.merge(parts[1], said.number(0, "answers", key), Long::sum);
              }
            });
    return new LoadReport.Answers(Instant.ofEpochMilli(said.number(0, "at")), onNew, onKept);
  }

  private synchronized void forget() {
    since = Instant.now();
    failures.clear();
    answers.clear();
    reopened = 0;
  }

  /** Waits until new connections have met this version alone for a second. */
  void awaitOnly(String version) {
    await(version + " alone on new connections", () -> aloneAtLast(version));
  }

  /** Waits until this version has answered once. */
  void awaitAnswer(String version) {
    await("an answer of " + version, () -> answers.stream().anyMatch(tenth -> tenth.of(version)));
  }

  /** Waits until a request has failed in this way. */
  void awaitFailure(String kind) {
    await(kind, () -> failures.stream().anyMatch(failure -> failure.kind().equals(kind)));
  }

  private boolean aloneAtLast(String version) {
    return answers.size() >= TENTHS_ALONE
        && answers.subList(answers.size() - TENTHS_ALONE, answers.size()).stream()
            .allMatch(tenth -> List.copyOf(tenth.onNew().keySet()).equals(List.of(version)));
  }

  private interface Condition {
    boolean holds();
  }

  private synchronized void await(String what, Condition condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (over || left <= 0) {
        throw new AssertionError("no " + what + "; the load has met: " + report().line());
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", e);
      }
    }
  }

  /** What it has met until now. */
  synchronized LoadReport report() {
    return new LoadReport(
        List.copyOf(answers),
        List.copyOf(failures),
        end.number(0, "requests"),
        reopened,
        end.number(0, "slowestMs"));
  }

  /**
   * Ends it.
   *
   * @throws AssertionError when it was cut off, so that its report is not whole
   */
  LoadReport end() {
    try {
      process.outputWriter(StandardCharsets.UTF_8).close();
      if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("the load does not end; it has met: " + report().line());
      }
      reader.join(PATIENCE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
    LoadReport report = report();
    if (report.requests() == 0) {
      throw new AssertionError("the load was cut off: " + report.line());
    }
    return report;
  }

  @Override
  public void close() {
    // Its standard input ends with it, and that ends what runs inside the lab.
    process.destroyForcibly();
  }
}
