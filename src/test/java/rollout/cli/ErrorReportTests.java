package rollout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import rollout.model.Event;
import rollout.model.HeldError;
import rollout.model.Problem;
import rollout.model.RefusedError;
import rollout.model.UserError;
import rollout.port.ClusterException;

class ErrorReportTests {
  private final Typed typed = new Typed();

  private int failing(RuntimeException error, String... more) {
    typed.verbs.outcome =
        () -> {
          throw error;
        };
    String[] words =
        Stream.concat(Stream.of("promote", "shop"), Stream.of(more)).toArray(String[]::new);
    return typed.run(words);
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        Arguments.of(UserError.of("--x", "no.", "yes"), 2, "error", "--x: no.  yes"),
        Arguments.of(RefusedError.of("D is paused.", "Unpause it"), 3, "refused", "D is paused."),
        Arguments.of(new HeldError("held by ci"), 6, "held", "held by ci"),
        Arguments.of(
            new ClusterException.Forbidden("cannot patch services"),
            9,
            "forbidden",
            "cannot patch services"),
        Arguments.of(
            new ClusterException.Unknown("GET x: timeout", null),
            9,
            "unreachable",
            "GET x: timeout"),
        Arguments.of(
            new ClusterException.Busy("429", Duration.ZERO), 9, "unreachable", "too busy: 429"),
        Arguments.of(new ClusterException.Conflict("409"), 1, "error", "This is a bug in rollout"),
        Arguments.of(new IllegalStateException("oh"), 1, "error", "This is a bug in rollout"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void theCodeSaysWhoseFaultItIs(RuntimeException error, int code, String outcome, String says) {
    assertThat(failing(error)).isEqualTo(code);
    assertThat(typed.err()).contains(says).doesNotContain("\tat ");
    assertThat(typed.out()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void withJsonItEndsInAResultEvent(RuntimeException error, int code, String outcome, String says) {
    assertThat(failing(error, "-o", "json")).isEqualTo(code);
    Event last = typed.told.getLast();
    assertThat(typed.told).hasSize(1);
    assertThat(last.type()).isEqualTo(Event.RESULT);
    assertThat(last.message()).contains(says);
    assertThat(last.fields().number(-1, "exitCode")).isEqualTo(code);
    assertThat(last.fields().textOrEmpty("outcome")).isEqualTo(outcome);
    assertThat(typed.out()).isEmpty();
  }

  @Test
  void allProblemsAreSaid() {
    failing(
        new RefusedError(List.of(Problem.of("one.", ""), new Problem("Service b", "two.", ""))));

    assertThat(typed.err())
        .isEqualTo("one.\nService b: two.\nNothing was changed; the traffic is where it was.\n");
  }

  @Test
  void aBugSaysWhereToReportItAndWhereTheTrafficIs() {
    failing(new IllegalStateException("oh"));

    assertThat(typed.err())
        .contains("java.lang.IllegalStateException: oh")
        .contains(Version.ISSUES)
        .contains("rollout status shop");
  }

  @Test
  void verboseShowsTheStackTraceOfABugOnly() {
    failing(new IllegalStateException("oh"), "-v");
    assertThat(typed.err()).contains("\tat rollout.");

    Typed other = new Typed();
    other.run("status", "SHOP", "-v");
    assertThat(other.err()).doesNotContain("\tat ");
  }

  @Test
  void passwordsInUrlsAreNotSaid() {
    failing(new ClusterException.Unknown("GET https://me:s3cret@host/api: reset", null), "-v");

    assertThat(typed.err()).contains("https://***@host/api").doesNotContain("s3cret");
  }

  @Test
  void forbiddenSaysTheRuleThatWouldGrantIt() {
    failing(
        new ClusterException.Forbidden(
            "leases.coordination.k8s.io \"rollout-shop\" is forbidden: User \"ci\" cannot patch"
                + " resource \"leases\" in API group \"coordination.k8s.io\" in the namespace"
                + " \"prod\""));
    failing(
        new ClusterException.Forbidden(
            "configmaps is forbidden: User \"ci\" cannot list resource \"configmaps\" in API group"
                + " \"\" at the cluster scope"));

    assertThat(typed.err())
        .contains(
            "A Role with this rule grants it: {apiGroups: [\"coordination.k8s.io\"], resources:"
                + " [leases], verbs: [patch]}\n")
        .contains(
            "A ClusterRole with this rule grants it: {apiGroups: [\"\"], resources: [configmaps],"
                + " verbs: [list]}\n");
  }

  @Test
  void wrongWordsWithJsonSayOnWhichServiceAndThatItIsUntouched() {
    typed.run("plan", "bluegreen", "shop", "--bake", "5", "-o", "json");

    assertThat(typed.tellings.getLast().service()).isEqualTo("shop");
    assertThat(typed.told.getLast().fields().textOrEmpty("traffic"))
        .isEqualTo("where it was; nothing was changed");
  }

  @Test
  void wrongWordsWithJsonEndInAResultEvent() {
    assertThat(typed.run("status", "shop", "--wtach", "--output=json")).isEqualTo(2);
    assertThat(typed.told).hasSize(1);
    assertThat(typed.told.getFirst().message()).contains("Did you mean --watch?");
    assertThat(typed.out()).isEmpty();
  }
}
