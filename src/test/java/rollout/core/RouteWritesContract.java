package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rollout.core.Action.Change;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Kind;
import rollout.model.Marks;
import rollout.model.Ref;
import rollout.port.Cluster;
import rollout.port.Cluster.Send;
import rollout.port.ClusterException;
import rollout.real.Level4;
import rollout.router.Routers;
import rollout.router.Weights;

/**
 * What a release writes on an object of a router, and what the server makes of it: the one suite
 * that runs on the real API server, with the published definitions, and on the world in memory
 * alike. The objects are rich on purpose ({@code src/test/resources/routes}): all that a release
 * does not name must be the same afterwards.
 */
public abstract class RouteWritesContract {
  private static final AtomicInteger NUMBERS = new AtomicInteger();
  private static final String KINDS = "rollout.core.RouteWritesContract#kinds";
  private static final String MATCHING = "rollout.core.RouteWritesContract#matching";
  private static final String[] STATE = {"metadata", "annotations", Marks.STATE};

  private final String name = "web-" + NUMBERS.incrementAndGet();

  /** The cluster under test; the same at each call within a test. */
  protected abstract Cluster cluster();

  /** An existing namespace in which the tests may do what they like. */
  protected abstract String namespace();

  /** Has the cluster serve the kind, if it can. */
  protected abstract void serve(Kind kind);

  /** Returns when the condition holds, and fails when it doesn't in the cluster's time. */
  protected abstract void await(String what, BooleanSupplier condition);

  /** The same server for whoever meets this with each patch of objects of the kind. */
  protected abstract Meeting meeting(Trouble trouble, Ref object);

  /** What can become of a write. */
  protected enum Trouble {
    /** 403: whoever writes may only read. */
    FORBIDDEN(ClusterException.Forbidden.class),
    /** 500: a webhook that must say yes says nothing. */
    WEBHOOK(ClusterException.Busy.class),
    /** It is done, and nobody hears of it. */
    ANSWER_LOST(ClusterException.Unknown.class);

    private final Class<? extends ClusterException> told;

    Trouble(Class<? extends ClusterException> told) {
      this.told = told;
    }
  }

  /**
   * Trouble until it is closed.
   *
   * @param cluster as whoever has it sees it
   */
  public record Meeting(Cluster cluster, Runnable over) implements AutoCloseable {
    @Override
    public void close() {
      over.run();
    }
  }

  static Stream<Kind> kinds() {
    return Routers.kinds().stream().filter(Routers::isRoute);
  }

  /** Those that can tell chosen requests. */
  static Stream<Kind> matching() {
    return kinds().filter(kind -> !kind.kind().equals("TraefikService"));
  }

  private SteeredRoute create(Kind kind) {
    serve(kind);
    boolean served = cluster().kind(kind.apiVersion(), kind.kind()).isPresent();
    Assumptions.assumeTrue(served, () -> Level4.skipped("no " + kind + " on the server"));
    return SteeredRoute.create(cluster(), namespace(), kind, name);
  }

  private void untilGone(Ref ref) {
    await(ref + " is gone", () -> cluster().get(ref).isEmpty());
  }

  private static void isConflict(SteeredRoute steered, Change change) {
    Doc now = steered.live();
    assertThatThrownBy(() -> steered.send(change)).isInstanceOf(ClusterException.Conflict.class);
    assertThat(steered.live()).isEqualTo(now);
  }

  private static void isInvalid(SteeredRoute steered, Patch patch) {
    Doc now = steered.live();
    assertThatThrownBy(() -> steered.write(patch)).isInstanceOf(ClusterException.Invalid.class);
    assertThat(steered.live()).isEqualTo(now);
  }

  private static void meets(Trouble trouble, Meeting meeting, Change change) {
    assertThatThrownBy(() -> meeting.cluster().patch(change.object(), change.patch(), Send.REAL))
        .isInstanceOf(trouble.told);
  }

  /** Neither a step nor a way back; what was decided can be sent when the trouble is over. */
  private void changesNothing(Kind kind, Trouble trouble) {
    SteeredRoute steered = create(kind).at(5);
    Change step = steered.weigh(25);
    Change back = steered.back().orElseThrow();
    Doc now = steered.live();
    try (Meeting meeting = meeting(trouble, steered.ref())) {
      for (Change change : List.of(step, back)) {
        meets(trouble, meeting, change);
        assertThat(steered.live()).isEqualTo(now);
      }
    }

    steered.send(step);
    assertThat(steered.weights()).isEqualTo(new Weights.Set(25));
  }

  private static String state(Doc live) {
    return live.textOrEmpty(STATE);
  }

  @ParameterizedTest
  @MethodSource(KINDS)
  void candidateComesInAtNothing(Kind kind) {
    SteeredRoute steered = create(kind);
    Doc before = steered.live();

    Doc stored = steered.send(steered.attach());

    assertThat(steered.live()).as("read back").isEqualTo(stored);
    assertThat(steered.weights()).isEqualTo(new Weights.Set(0));
    assertThat(Doc.parse(state(stored)).number(-1, "percent")).isZero();
    Set<String> more = Differences.besidesOurs(before, stored);
    more.remove("/metadata/annotations");
    assertThat(more).as("one element more").hasSize(steered.isMade() ? 0 : 1);
  }

  @ParameterizedTest
  @MethodSource(KINDS)
  void stepChangesOurNumbersAndOurStateAndNothingElse(Kind kind) {
    SteeredRoute steered = create(kind).at(0);
    for (int percent : new int[] {5, 25, 95, 100}) {
      Doc before = steered.live();

      Doc stored = steered.send(steered.weigh(percent));

      assertThat(steered.live()).as("read back").isEqualTo(stored);
      assertThat(steered.weights()).isEqualTo(new Weights.Set(percent));
      assertThat(Doc.parse(state(stored)).number(-1, "percent")).isEqualTo(percent);
      assertThat(Differences.besidesOurs(before, stored)).isEmpty();
      assertThat(Differences.between(before, stored)).hasSize(steered.isMade() ? 2 : 3);
    }
    assertThat(Differences.between(steered.before(), steered.original()).isEmpty())
        .as("the user's own is left alone where there is one of ours")
        .isEqualTo(steered.isMade());
  }

  @ParameterizedTest
  @MethodSource(KINDS)
  void stepWhoseAnswerWasLostIsRefusedASecondTimeAndSeenDone(Kind kind) {
    SteeredRoute steered = create(kind).at(0);
    Change step = steered.weigh(25);
    steered.send(step);

    isInvalid(steered, step.patch());

    assertThat(steered.weighed(25)).isInstanceOf(Decision.Advance.class);
  }

  @ParameterizedTest
  @MethodSource(KINDS)
  void writeWhoseAnswerIsLostIsKnownFromReadingBack(Kind kind) {
    SteeredRoute steered = create(kind).at(5);
    try (Meeting meeting = meeting(Trouble.ANSWER_LOST, steered.ref())) {
      meets(Trouble.ANSWER_LOST, meeting, steered.weigh(25));

      assertThat(steered.weights()).isEqualTo(new Weights.Set(25));
      assertThat(steered.weighed(25)).isInstanceOf(Decision.Advance.class);

      meets(Trouble.ANSWER_LOST, meeting, steered.back().orElseThrow());

      assertThat(steered.weights()).isEqualTo(new Weights.Set(0));
      assertThat(steered.back()).as("nothing more to write").isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource(KINDS)
  void writeThatIsForbiddenChangesNothing(Kind kind) {
    changesNothing(kind, Trouble.FORBIDDEN);
  }

  @ParameterizedTest
  @MethodSource(KINDS)
  void writeThatAWebhookKeepsAwayChangesNothing(Kind kind) {
    changesNothing(kind, Trouble.WEBHOOK);
  }

  @ParameterizedTest
  @MethodSource(KINDS)
  void stepIsRefusedAfterAnyOtherWriteEvenOfALabel(Kind kind) {
    SteeredRoute steered = create(kind).at(5);
    Change step = steered.weigh(25);
    steered.write(Patch.none().put(Map.of("foreign", "x"), "metadata", "labels"));

    isConflict(steered, step);

    steered.send(steered.weigh(25));
    assertThat(steered.weights()).isEqualTo(new Weights.Set(25));
  }

  @ParameterizedTest
  @MethodSource(KINDS)
  void numbersOfSomebodyElseAreNotOverwrittenForward(Kind kind) {
    SteeredRoute steered = create(kind).at(5);
    Patch step = steered.router().weigh(steered.live(), steered.route(), 25, false);
    steered.weighByHand(40);

    isInvalid(steered, step);

    assertThat(steered.weights()).isEqualTo(new Weights.Set(40));
  }

  @ParameterizedTest
  @MethodSource(KINDS)
  void wayBackGoesThroughWhateverElseSomebodyHasWritten(Kind kind) {
    SteeredRoute steered = create(kind).at(25);
    Change back = steered.back().orElseThrow();
    steered.write(Patch.none().put(Map.of("foreign", "x"), "metadata", "labels"));
    steered.weighByHand(100);
    Doc before = steered.live();

    Doc stored = steered.send(back);

    assertThat(steered.weights()).isEqualTo(new Weights.Set(0));
    assertThat(stored.texts("metadata", "labels")).containsEntry("foreign", "x");
    assertThat(Doc.parse(state(stored)).textOrEmpty("way")).isEqualTo("back");
    assertThat(Differences.besidesOurs(before, stored)).isEmpty();
    assertThat(steered.back()).as("nothing more to write").isEmpty();
  }

  @ParameterizedTest
  @MethodSource(KINDS)
  void wayBackIsRefusedOnAnotherStampAndOnAnotherObject(Kind kind) {
    SteeredRoute steered = create(kind).at(25);
    Change back = steered.back().orElseThrow();
    Doc annotations = steered.live().doc("metadata", "annotations");
    steered.write(Patch.none().put("{\"epoch\":8}", STATE));
    isInvalid(steered, back.patch());
    steered.write(Patch.none().remove(STATE));
    isInvalid(steered, back.patch());
    steered.write(Patch.none().put(annotations, "metadata", "annotations"));

    steered.replace(this::untilGone);

    isInvalid(steered, back.patch());
    assertThat(steered.weights()).isEqualTo(new Weights.Set(25));
  }

  @ParameterizedTest
  @MethodSource(KINDS)
  void wayBackWritesNothingWhereAnotherServiceStandsNow(Kind kind) {
    SteeredRoute steered = create(kind).at(25);
    Change back = steered.back().orElseThrow();
    steered.rename();

    isInvalid(steered, back.patch());
  }

  @ParameterizedTest
  @MethodSource(KINDS)
  void wayBackFindsItsPlaceAgainBehindWhatSomebodyPutInFront(Kind kind) {
    SteeredRoute steered = create(kind).at(25);
    Change stale = steered.back().orElseThrow();
    steered.putInFront();
    Doc before = steered.live();
    isInvalid(steered, stale.patch());

    Doc stored = steered.send(steered.back().orElseThrow());

    assertThat(Differences.besidesOurs(before, stored)).isEmpty();
    assertThat(Differences.between(before, stored)).hasSize(steered.isMade() ? 2 : 3);
  }

  @ParameterizedTest
  @MethodSource(MATCHING)
  void chosenRequestsComeAndGoWithoutATrace(Kind kind) {
    SteeredRoute steered = create(kind).at(25);
    Doc before = steered.live();

    Doc matched = steered.send(steered.match());

    assertThat(steered.live()).as("read back").isEqualTo(matched);
    assertThat(matched.json()).contains("x-canary", "yes");
    assertThat(steered.weights()).isEqualTo(new Weights.Set(25));
    Patch away = steered.router().unmatch(steered.live(), steered.route(), SteeredRoute.HEADER);
    Doc after = steered.write(away);
    assertThat(Differences.between(before, after)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource(KINDS)
  void afterwardsTheObjectIsAsItWas(Kind kind) {
    SteeredRoute steered = create(kind).at(25);
    if (matching().anyMatch(kind::equals)) {
      steered.send(steered.match());
    }
    steered.send(steered.weigh(100));
    steered.send(steered.weigh(0));

    steered.out();

    assertThat(Differences.between(steered.before(), steered.original())).isEmpty();
    if (steered.isMade()) {
      untilGone(steered.ref());
    }
  }

  @ParameterizedTest
  @MethodSource(KINDS)
  void weightThatIsNoNumberIsRefusedByTheServer(Kind kind) {
    SteeredRoute steered = create(kind).at(25);
    Object wrong = steered.isMade() ? 10 : "10";
    steered.router().weigh(steered.live(), steered.route(), 30, true).operations().stream()
        .filter(operation -> operation.verb().equals("add"))
        .map(operation -> operation.path().toArray(String[]::new))
        .filter(path -> path[path.length - 1].endsWith("weight"))
        .forEach(path -> isInvalid(steered, Patch.none().put(wrong, path)));
  }
}
