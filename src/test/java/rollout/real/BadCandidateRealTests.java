package rollout.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;

/** Candidates that must not stay, under load: traffic goes back by itself, exit 4. */
class BadCandidateRealTests extends OnTheShop {
  // How long the node may take to see that a container ended, and kube-proxy to follow a write.
  private static final Duration NODE = Duration.ofSeconds(3);

  @Test
  void versionThatAnswers500GoesBack() {
    Load load = shop.load();
    Program.Ended ended = shop.release("shop:500", "--bake", "60s").end();
    assertWentBack(ended, load);
    LoadReport report = assertNoneFailedBesides(load, "v500");
    assertThat(report.versions()).containsExactly("v1", "v500");
    assertThat(ended.events("check"))
        .anyMatch(check -> check.textOrEmpty("verdict").equals("fail"));
  }

  @Test
  void versionThatIsSlowGoesBack() {
    Load load = shop.load();
    Program.Ended ended = shop.release("shop:slow", "--bake", "60s").end();
    assertWentBack(ended, load);
    assertThat(assertNoneFailed(load).versions()).containsExactly("v1", "vslow");
  }

  @Test
  void versionThatCrashesAfterAMinuteGoesBackWithinThreeSeconds() {
    Load load = shop.load();
    Program.Ended ended = shop.release("shop:crash", "--bake", "100s").end(Duration.ofSeconds(200));
    assertWentBack(ended, load);
    RollbackTimes times = ended.rollbackTimes().orElseThrow();
    assertThat(Duration.between(times.detected(), times.written()))
        .isLessThan(Duration.ofSeconds(3));
    LoadReport report = end(load);
    assertThat(report.versions()).containsExactly("v1", "vcrash");
    assertThat(report.failuresOutside(times.detected().minus(NODE), times.observed().plus(NODE)))
        .isEmpty();
  }

  @Test
  void versionThatNeverGetsReadyHasNoTrafficAndGoesAtItsDeadline() {
    Load load = shop.load();
    Program.Ended ended = shop.release("shop:unready", "--timeout", "15s").end();
    assertWentBack(ended, load);
    assertThat(assertNoneFailed(load).versions()).containsExactly("v1");
  }

  @Test
  void imageThatCannotBePulledIsNamedLongBeforeTheDeadline() {
    Load load = shop.load();
    Program.Ended ended =
        shop.release("demo:nowhere", "--timeout", "10m").end(Duration.ofSeconds(90));
    assertWentBack(ended, load);
    assertThat(ended.rollbackTimes().orElseThrow().reason()).contains("demo:nowhere");
    assertThat(assertNoneFailed(load).versions()).containsExactly("v1");
  }

  @Test
  void failedMigrationNeverMovesTrafficAndShowsItsLog() {
    Migration migration = Migration.of(shop, parts.database(), "sql-fail");
    String file = shop.file("migrate.yaml", migration.job()).toString();
    Load load = shop.load();
    Program.Ended ended = shop.release("demo:v2", "--migrate", file).end();
    assertEnded(ended, 4, "rolled-back");
    load.awaitOnly("v1");
    assertThat(assertNoneFailed(load).versions()).containsExactly("v1");
    assertShopRuns("demo:v1");
    assertThat(migration.applied()).isEqualTo("3|t");
    Doc last = ended.events("migration").getLast();
    assertThat(last.number(0, "exitCode")).isEqualTo(1);
    assertThat(String.join("\n", last.textList("log"))).contains("nowhere");
    assertThat(ended.events()).noneMatch(event -> event.textOrEmpty("phase").equals("shift"));
  }

  private void assertWentBack(Program.Ended ended, Load load) {
    assertEnded(ended, 4, "rolled-back");
    times(ended);
    load.awaitOnly("v1");
    assertShopRuns("demo:v1");
  }
}
