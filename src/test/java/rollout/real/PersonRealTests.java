package rollout.real;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a person does to a release that another process drives, under load. */
class PersonRealTests extends OnTheShop {

  @Test
  void rollbackBeforeTheSwitchLeavesNothing() {
    Load load = shop.load();
    Program release = shop.release("demo:v2", "--hold");
    release.await("gate");
    Program.Ended rollback = rollback();
    assertEnded(release.end(), 7, "lost");
    assertEnded(rollback, 0, "rolled-back");
    load.awaitOnly("v1");
    assertThat(assertNoneFailed(load).versions()).containsExactly("v1");
    assertShopRuns("demo:v1");
  }

  @Test
  void rollbackDuringTheBakeBringsTrafficBack() {
    Load load = shop.load();
    Program release = shop.release("demo:v2", "--bake", "2m");
    release.awaitPhase("bake");
    load.awaitOnly("v2");
    Program.Ended rollback = rollback();
    assertEnded(release.end(), 7, "lost");
    assertEnded(rollback, 0, "rolled-back");
    times(rollback);
    load.awaitOnly("v1");
    assertThat(assertNoneFailed(load).versions()).containsExactly("v1", "v2");
    assertShopRuns("demo:v1");
  }

  @Test
  void rollbackInTheMidstOfSettlingRestoresTheTemplate() {
    Load load = shop.load();
    // Each of its pods takes 5 s to get ready, so that settling takes its time.
    Program release = shop.release("shop:late", "--bake", "5s");
    release.awaitPhase("settle");
    Program.Ended rollback = rollback();
    assertEnded(release.end(), 7, "lost");
    assertEnded(rollback, 0, "rolled-back");
    times(rollback);
    load.awaitOnly("v1");
    assertThat(assertNoneFailed(load).versions()).containsExactly("v1", "vlate");
    assertShopRuns("demo:v1");
  }

  @Test
  void promoteFromElsewherePassesTheGate() {
    Load load = shop.load();
    Program release = shop.release("demo:v2", "--hold", "--bake", "3s");
    release.await("gate");
    assertThat(shop.rollout("promote", "shop").end().exitCode()).isZero();
    assertEnded(release.end(), 0, "done");
    load.awaitOnly("v2");
    assertThat(assertNoneFailed(load).versions()).containsExactly("v1", "v2");
    assertShopRuns("demo:v2");
  }

  @Test
  void ctrlCDuringTheBakeGoesBack() {
    Load load = shop.load();
    Program release = shop.release("demo:v2", "--bake", "2m");
    release.awaitPhase("bake");
    load.awaitOnly("v2");
    release.signal("INT");
    Program.Ended ended = release.end();
    assertEnded(ended, 4, "rolled-back");
    times(ended);
    load.awaitOnly("v1");
    assertNoneFailed(load);
    assertShopRuns("demo:v1");
  }

  @Test
  void driverThatWakesAfterARollbackWritesNothingMore() {
    Load load = shop.load();
    Program release = shop.release("demo:v2", "--bake", "20s");
    release.awaitPhase("bake");
    load.awaitOnly("v2");
    release.signal("STOP");
    try {
      assertEnded(rollback(), 0, "rolled-back");
    } finally {
      release.signal("CONT");
    }
    assertEnded(release.end(), 7, "lost");
    load.awaitOnly("v1");
    assertNoneFailed(load);
    assertShopRuns("demo:v1");
  }

  private Program.Ended rollback() {
    return shop.rollout("rollback", "shop", "--reason", "a person said no").end();
  }
}
