package rollout.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The built program is killed by {@code kill -9} before or after a write to a real API server; then
 * {@code rollout resume} ends the release. {@code -Dkills=all} does so at every write.
 */
@ExtendWith(RealParts.class)
@Order(1) // one of the longest: the others fill the gaps
class KilledRealTests {
  private static final boolean ALL = System.getProperty("kills", "").equals("all");

  /** Every so many writes, unless all are wanted: one sample of each phase. */
  private static final int STRIDE = 9;

  private static final int AT_ONCE = ALL ? 5 : 2;
  private static final List<String> RELEASE =
      List.of("bluegreen", "shop", "--image", "shop=demo:v2", "--bake", "0s", "--timeout", "60s");

  private record Point(int write, boolean after) {}

  @Test
  void killedAnywhereResumeBringsItToTheSameEnd(Parts parts) throws InterruptedException {
    int writes = writes(parts);
    assertThat(writes).isGreaterThan(20);
    List<Point> points = new ArrayList<>();
    for (int write = 1; write <= writes; write++) {
      if (ALL || write % STRIDE == 1) {
        points.add(new Point(write, false));
        points.add(new Point(write, true));
      }
    }
    List<String> wrong = new ArrayList<>();
    int resumed = 0;
    ExecutorService executor = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<Future<Integer>> all = new ArrayList<>();
      points.forEach(point -> all.add(executor.submit(() -> killed(parts, point))));
      for (int i = 0; i < all.size(); i++) {
        try {
          resumed += all.get(i).get() == 0 ? 1 : 0;
        } catch (ExecutionException e) {
          wrong.add(points.get(i) + ": " + e.getCause());
        }
      }
    } finally {
      executor.shutdownNow();
    }
    System.out.println(
        "killed at %d of %d writes, before and after: %d went on to the new version"
            .formatted(points.size() / 2, writes, resumed));
    assertThat(wrong).isEmpty();
    assertThat(resumed).isGreaterThan(points.size() / 2);
  }

  /** How many writes the release has when nobody kills it. */
  private static int writes(Parts parts) {
    AtomicInteger writes = new AtomicInteger();
    try (Shop shop = Shop.unscraped(parts, "KilledRealTests.reference");
        FaultyProxy proxy =
            FaultyProxy.open(
                parts.lab(),
                (request, number) -> {
                  if (request.write()) {
                    writes.incrementAndGet();
                  }
                  return FaultyProxy.PASS;
                })) {
      Program.Ended ended = shop.through(proxy, RELEASE).end();
      assertThat(ended.exitCode()).as(ended.transcript()).isZero();
      return writes.get();
    }
  }

  /** The exit code of the one who resumed it: 0, or 4 where what was to be made is gone with it. */
  private static int killed(Parts parts, Point point) {
    String test = "KilledRealTests." + (point.after() ? "after" : "before") + "-" + point.write();
    AtomicReference<Program> program = new AtomicReference<>();
    Runnable kill = () -> program.get().signal("KILL");
    AtomicInteger writes = new AtomicInteger();
    try (Shop shop = Shop.unscraped(parts, test);
        FaultyProxy proxy =
            FaultyProxy.open(
                parts.lab(),
                (request, number) -> {
                  boolean counts = request.write();
                  boolean here = counts && writes.incrementAndGet() == point.write();
                  if (!here) {
                    return FaultyProxy.PASS;
                  }
                  return point.after()
                      ? new FaultyProxy.Unanswered(kill)
                      : new FaultyProxy.Instead(kill);
                })) {
      program.set(shop.through(proxy, RELEASE));
      assertThat(program.get().end().exitCode()).isEqualTo(137);
      Program.Ended resumed = resumed(shop);
      boolean done = OnTheShop.imageOf(shop.deployment()).equals("demo:v2");
      assertThat(resumed.exitCode())
          .as(resumed.transcript())
          .isIn(done ? List.of(0, 3) : List.of(3, 4));
      assertThat(shop.shape()).isEqualTo(shop.before());
      assertThat(shop.leftovers()).isEmpty();
      assertThat(shop.kubectl("get", "configmaps", "-o", "yaml")).doesNotContain("state.json:");
      return resumed.exitCode() == 3 && done ? 0 : resumed.exitCode();
    }
  }

  /** The Lease of a driver that was killed looks alive for 15 seconds. */
  private static Program.Ended resumed(Shop shop) {
    while (true) {
      Program.Ended ended = shop.rollout("resume", "shop").end();
      if (ended.exitCode() != 6) {
        return ended;
      }
    }
  }
}
