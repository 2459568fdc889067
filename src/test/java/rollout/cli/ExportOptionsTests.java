package rollout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rollout.core.Outcome;
import rollout.model.Event;
import rollout.model.RefusedError;
import sun.misc.Signal;

/** What becomes of a run's own metrics: the words, and the time after the end. */
class ExportOptionsTests {
  private final Typed typed = new Typed();

  private int run(String... more) {
    List<String> words = new java.util.ArrayList<>(List.of("bluegreen", "shop", "--to", "b"));
    words.addAll(List.of(more));
    return typed.run(words.toArray(String[]::new));
  }

  private Exporting exporting() {
    return typed.exported.getLast();
  }

  @Test
  void nobodyWantsThemUnlessSaid() {
    assertThat(run()).isZero();
    assertThat(exporting().isWanted()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "9095, 127.0.0.1, 9095",
    "0, 127.0.0.1, 0",
    "10.0.0.7:9095, 10.0.0.7, 9095",
    "metrics.example:80, metrics.example, 80",
    "[::1]:9095, ::1, 9095"
  })
  void placeIsAPortOrAHostAndAPort(String words, String host, int port) {
    assertThat(run("--serve-metrics", words, "--metrics-linger", "0s")).isZero();
    assertThat(exporting().serve()).contains(new Exporting.Place(host, port));
  }

  @Test
  void inAPodAllInterfacesAreServed() {
    typed.environment.put("KUBERNETES_SERVICE_HOST", "10.96.0.1");
    run("--serve-metrics", "9095", "--metrics-linger", "0s");
    assertThat(exporting().serve()).contains(new Exporting.Place("0.0.0.0", 9095));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "65536", "-1", "host:", ":9095", "a:b:1", "host:99999", "1 2"})
  void whatIsNoPortIsSaid(String words) {
    assertThat(run("--serve-metrics", words)).isEqualTo(2);
    assertThat(typed.err()).contains("this is no port");
    assertThat(typed.exported).isEmpty();
  }

  @Test
  void lingeringWithoutServingIsSaid() {
    assertThat(run("--metrics-linger", "1m")).isEqualTo(2);
    assertThat(typed.err()).contains("--metrics-linger: nothing is served.");
  }

  @Test
  void pushgatewayIsAUrlOfTheFlagOrTheEnvironment() {
    typed.environment.put("ROLLOUT_PUSHGATEWAY", "https://ci:secret@push.example/base");
    run();
    assertThat(exporting().pushgateway())
        .contains(URI.create("https://ci:secret@push.example/base"));
    assertThat(exporting().toString()).doesNotContain("secret");
    run("--pushgateway", "http://other:9091");
    assertThat(exporting().pushgateway()).contains(URI.create("http://other:9091"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "push:9091", "ftp://ci:secret@x", "http:// secret", "http://x:99999"})
  void whatIsNoUrlIsSaidWithoutBeingRepeated(String url) {
    assertThat(run("--pushgateway", url)).isEqualTo(2);
    assertThat(typed.err()).contains("--pushgateway: this is no http or https URL.");
    assertThat(typed.err()).doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rollback", "promote", "resume", "repair"})
  void everyVerbThatDrivesHasThem(String verb) {
    typed.run(verb, "shop", "--serve-metrics", "9095", "--metrics-linger", "0s");
    assertThat(typed.err()).isEmpty();
    assertThat(exporting().serve()).isEqualTo(Optional.of(new Exporting.Place("127.0.0.1", 9095)));
    assertThat(exporting().linger()).isZero();
  }

  @Test
  void servedForHalfAMinuteUnlessSaid() {
    typed.run("plan", "bluegreen", "shop", "--to", "b", "--serve-metrics", "9095");
    assertThat(typed.err()).isEmpty();
    assertThat(new ExportOptions().read(typed.console(), new FlagReader(List.of())).linger())
        .isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  @Timeout(30)
  void signalEndsTheLingeringAndNothingElse() throws InterruptedException {
    typed.serves = true;
    typed.verbs.outcome = () -> RecordedVerbs.ended(Outcome.Result.ROLLED_BACK);
    CountDownLatch ended = new CountDownLatch(1);
    int[] code = new int[1];
    Thread command =
        Thread.ofPlatform()
            .start(
                () -> {
                  code[0] = run("--serve-metrics", "9095", "--metrics-linger", "1h");
                  ended.countDown();
                });
    // Said once the signal would find it lingering.
    while (!typed.err().contains("served for another")) {
      Thread.onSpinWait();
    }
    Signal.raise(new Signal("TERM"));
    assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
    command.join();
    assertThat(code[0]).isEqualTo(4);
    assertThat(typed.halted).isEmpty();
    assertThat(typed.err())
        .isEqualTo(
            "The metrics of this run are served for another 1h at http://127.0.0.1/metrics  "
                + " Ctrl-C ends that at once."
                + System.lineSeparator());
    assertThat(typed.verbs.asked).noneMatch(one -> one.equals(List.of("interrupt", true)));
  }

  @Test
  @Timeout(30)
  void nobodyWaitsWhereNothingIsServed() {
    assertThat(run("--serve-metrics", "9095", "--metrics-linger", "1h")).isZero();
    assertThat(typed.err()).isEmpty();
  }

  @Test
  @Timeout(30)
  void whoWasInterruptedIsNotMadeToWait() {
    typed.serves = true;
    CountDownLatch interrupted = new CountDownLatch(1);
    typed.verbs.onInterrupt = interrupted::countDown;
    typed.verbs.outcome =
        () -> {
          Signal.raise(new Signal("TERM"));
          try {
            assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          return RecordedVerbs.ended(Outcome.Result.ROLLED_BACK);
        };
    assertThat(run("--serve-metrics", "9095", "--metrics-linger", "1h")).isEqualTo(4);
    assertThat(typed.err()).doesNotContain("served for another");
  }

  @Test
  void refusalIsMeasuredThoughPeopleReadIt() {
    typed.verbs.outcome =
        () -> {
          throw RefusedError.of("no", "Do something else");
        };
    assertThat(run("--serve-metrics", "9095", "--metrics-linger", "0s")).isEqualTo(3);
    assertThat(typed.told).isEmpty();
    assertThat(typed.measured)
        .singleElement()
        .satisfies(event -> assertThat(event.type()).isEqualTo(Event.RESULT))
        .satisfies(event -> assertThat(event.fields().textOrEmpty("outcome")).isEqualTo("refused"));
  }

  @Test
  void refusalInJsonIsToldOnceToAll() {
    typed.verbs.outcome =
        () -> {
          throw RefusedError.of("no", "Do something else");
        };
    assertThat(run("-o", "json")).isEqualTo(3);
    assertThat(typed.told).hasSize(1);
    assertThat(typed.measured).isEmpty();
  }
}
