package rollout.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;
import rollout.real.FaultyProxy.Fate;
import rollout.real.FaultyProxy.Instead;
import rollout.real.FaultyProxy.Late;
import rollout.real.FaultyProxy.Refused;
import rollout.real.FaultyProxy.Unanswered;

/** A real API server that is busy, away, or answers nobody, under load; and drivers that freeze. */
class ApiFaultsRealTests extends OnTheShop {
  private static final Runnable NOTHING = () -> {};
  private static final List<Fate> FATES =
      List.of(
          new Refused(409, "Conflict", ""),
          new Refused(429, "TooManyRequests", "Retry-After: 1"),
          new Refused(500, "InternalError", ""),
          new Refused(503, "ServiceUnavailable", ""),
          new Instead(NOTHING),
          new Unanswered(NOTHING));

  private List<String> release(String image) {
    return List.of(
        "bluegreen", "shop", "--image", "shop=" + image, "--bake", "5s", "--timeout", "60s");
  }

  @Test
  void everyChangeFailsOnceInOneOfSixWaysAndTheReleaseGoesThrough() {
    AtomicInteger faults = new AtomicInteger();
    Set<String> refused = new HashSet<>();
    try (FaultyProxy proxy =
        FaultyProxy.open(
            parts.lab(),
            (request, number) -> {
              // Each object's writes in turn: one fails, the next does not.
              String object = request.method() + " " + request.target();
              boolean fails =
                  request.method().equals("PATCH") && request.write() && refused.add(object);
              if (!fails) {
                refused.remove(object);
                return FaultyProxy.PASS;
              }
              return FATES.get(faults.getAndIncrement() % FATES.size());
            })) {
      Load load = shop.load();
      Program.Ended ended = shop.through(proxy, release("demo:v2")).end();
      assertEnded(ended, 0, "done");
      load.awaitOnly("v2");
      assertNoneFailed(load);
    }
    assertThat(faults.get()).isGreaterThanOrEqualTo(2 * FATES.size());
    assertShopRuns("demo:v2");
    System.out.println("faults in a release that went through: " + faults);
  }

  @Test
  void serverThatIsAwayForTwentySecondsInTheBakeHoldsIt() {
    AtomicLong back = new AtomicLong(Long.MAX_VALUE);
    AtomicBoolean away = new AtomicBoolean();
    try (FaultyProxy proxy =
        FaultyProxy.open(
            parts.lab(),
            (request, number) ->
                away.get() && System.nanoTime() < back.get()
                    ? new Instead(NOTHING)
                    : FaultyProxy.PASS)) {
      Load load = shop.load();
      Program program = shop.through(proxy, release("demo:v2"));
      program.awaitPhase("bake");
      back.set(System.nanoTime() + 20_000_000_000L);
      away.set(true);
      Program.Ended ended = program.end();
      assertEnded(ended, 0, "done");
      load.awaitOnly("v2");
      assertNoneFailed(load);
    }
    assertShopRuns("demo:v2");
  }

  @Test
  void changeThatStallsForFortySecondsIsReadBackNotGuessed() {
    AtomicBoolean once = new AtomicBoolean();
    try (FaultyProxy proxy =
        FaultyProxy.open(
            parts.lab(),
            (request, number) -> {
              boolean selector =
                  request.write() && request.target().matches(".*/services/shop(\\?.*)?");
              return selector && once.compareAndSet(false, true)
                  ? new Late(new CountDownLatch(1), 40_000)
                  : FaultyProxy.PASS;
            })) {
      Load load = shop.load();
      Program.Ended ended = shop.through(proxy, release("demo:v2")).end();
      assertEnded(ended, 0, "done");
      load.awaitOnly("v2");
      assertNoneFailed(load);
    }
    assertShopRuns("demo:v2");
  }

  @Test
  void driverFrozenBetweenItsCheckAndItsSendFailsThatWriteAndEndsWithSeven() {
    Doc left = frozenAt(request -> request.target().matches(".*/services/shop(\\?.*)?"), 2);
    assertThat(left.texts("spec", "selector")).containsOnlyKeys("app");
  }

  @Test
  void driverFrozenBeforeACreateThatTheOtherHasUndoneLeavesNothingThatRuns() {
    frozenAt(
        request -> request.method().equals("POST") && request.target().contains("/deployments"), 1);
    // What it made after all has no pods; the next one cleans up.
    Program.Ended repaired = shop.rollout("repair", "shop").end();
    assertThat(repaired.exitCode()).as(repaired.transcript()).isZero();
    assertShopRuns("demo:v1");
  }

  private interface Which {
    boolean here(FaultyProxy.Request request);
  }

  /**
   * The n-th such write stands still between the program and the server; the program is stopped;
   * another one rolls back; then the write arrives, and the program wakes.
   */
  private Doc frozenAt(Which which, int count) {
    CountDownLatch thawed = new CountDownLatch(1);
    CountDownLatch caught = new CountDownLatch(1);
    AtomicInteger seen = new AtomicInteger();
    AtomicReference<Program> program = new AtomicReference<>();
    try (FaultyProxy proxy =
        FaultyProxy.open(
            parts.lab(),
            (request, number) -> {
              boolean here =
                  request.write() && which.here(request) && seen.incrementAndGet() == count;
              if (!here) {
                return FaultyProxy.PASS;
              }
              program.get().signal("STOP");
              caught.countDown();
              return new Late(thawed, 120_000);
            })) {
      Load load = shop.load();
      program.set(shop.through(proxy, release("demo:v2")));
      assertThat(await(caught)).as("the write came").isTrue();
      Program.Ended other = shop.rollout("rollback", "shop").end();
      assertThat(other.exitCode()).as(other.transcript()).isZero();
      thawed.countDown();
      program.get().signal("CONT");
      Program.Ended woken = program.get().end();
      assertThat(woken.exitCode()).as(woken.transcript()).isEqualTo(7);
      load.awaitOnly("v1");
      assertNoneFailed(load);
      return shop.service();
    }
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(60, java.util.concurrent.TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
