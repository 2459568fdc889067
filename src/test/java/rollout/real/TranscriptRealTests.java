package rollout.real;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * What a person reads of a release; the README shows these two. They are kept in {@code
 * target/real/TranscriptRealTests.TEST/program-1.log}.
 */
class TranscriptRealTests extends OnTheShop {

  @Test
  void goodRelease() {
    Migration migration = Migration.of(shop, parts.database());
    String file = shop.file("migrate.yaml", migration.job()).toString();
    Load load = shop.load();
    Program.Ended ended = shop.releaseInWords("demo:v2", "--migrate", file).end();
    assertThat(ended.exitCode()).as(ended.transcript()).isZero();
    assertThat(ended.transcript())
        .containsSubsequence("preflight", "migrate", "shift", "bake", "settle", "done");
    assertNoneFailed(load);
  }

  @Test
  void releaseThatGoesBack() {
    Load load = shop.load();
    Program.Ended ended = shop.releaseInWords("shop:500", "--bake", "60s").end();
    assertThat(ended.exitCode()).as(ended.transcript()).isEqualTo(4);
    assertThat(ended.transcript())
        .containsSubsequence("shift", "bake", "error-rate: fail", "rollback", "rolled back");
    assertNoneFailedBesides(load, "v500");
  }
}
