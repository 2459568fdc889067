package rollout.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import rollout.document.Doc;
import rollout.strategy.Preset;

/** Two of the same tool at once, and one that is killed in the midst of a migration. */
@Order(1) // one of the longest: the others fill the gaps
class ToolsAtOnceRealTests extends OnTheShop {
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "EF")
  void twoAtOnceAndOneKilledMidway(Preset preset) {
    Tools.restricted(shop);
    Tools two = Tools.of(shop, parts.database(), preset, "b");
    Tools killed = Tools.of(shop, parts.database(), preset, "c");
    assertThat(List.of(two.migrate("3"), killed.migrate("3"))).containsOnly(0);

    String first = two.start("slow");
    String second = two.start("slow");
    String victim = killed.start("slow");
    killed.killMidway(victim);
    assertThat(killed.exitCode(victim)).isEqualTo(137);
    List<Integer> codes = List.of(two.exitCode(first), two.exitCode(second));
    // Alembic has no lock of its own, so the second fails on what the first one did; golang-migrate
    // waits for its lock with the preset's lock_timeout, and these take longer.
    boolean waits = preset == Preset.FLYWAY || preset == Preset.LIQUIBASE;
    assertThat(codes).contains(0);
    assertThat(codes.stream().allMatch(code -> code == 0)).as(codes.toString()).isEqualTo(waits);
    assertThat(Tools.asserted(two.status("slow"), 0).textList("pending")).isEmpty();

    killed.awaitQuiet();
    Program.Ended after = killed.status("slow");
    Doc state = Doc.parse(after.out().getLast());
    assertThat(state.isTrue("dirty")).isEqualTo(preset == Preset.GOLANG_MIGRATE);
    assertThat(state.isTrue("locked")).isEqualTo(preset == Preset.LIQUIBASE);
    boolean stands = !state.isTrue("dirty") && !state.isTrue("locked");
    assertThat(after.exitCode()).as(after.transcript()).isEqualTo(stands ? 0 : 3);
    if (preset == Preset.LIQUIBASE) {
      assertThat(killed.migrate("slow", "liquibase", "release-locks")).isZero();
    } else if (preset == Preset.GOLANG_MIGRATE) {
      // Its client is dead, yet the server has done all of the file.
      assertThat(
              killed.migrate(
                  "slow",
                  "migrate",
                  "-path=/migrations",
                  "-database=$(DATABASE_URL)",
                  "force",
                  state.textOrEmpty("current")))
          .isZero();
    }
    assertThat(killed.migrate("slow")).as("after the repair").isZero();
    assertThat(Tools.asserted(killed.status("slow"), 0).textList("pending")).isEmpty();
  }
}
