package rollout.real;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import rollout.document.Doc;
import rollout.strategy.Preset;

/**
 * Each migration tool as the Job of its preset, under the Pod Security Standard {@code restricted},
 * against PostgreSQL. An Entity Framework bundle is not here: there is no dotnet to make one.
 */
@Order(1) // one of the longest: the others fill the gaps
class ToolsRealTests extends OnTheShop {
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "EF")
  void appliesFailsRunsTwiceAndMeetsANewerDatabase(Preset preset) {
    Tools.restricted(shop);
    Tools tool = Tools.of(shop, parts.database(), preset, "a");
    assertThat(Tools.asserted(tool.status("3"), 0).textList("pending")).hasSize(3);
    assertThat(tool.migrate("3")).isZero();
    assertThat(tool.migrate("3")).as("again").isZero();
    Doc done = Tools.asserted(tool.status("3"), 0);
    assertThat(done.textOrEmpty("current")).contains("3");
    assertThat(done.textList("pending")).isEmpty();

    int older = tool.migrate("2");
    Program.Ended behind = tool.status("2");
    assertThat(Tools.asserted(behind, 3).isTrue("ahead")).as(behind.transcript()).isTrue();

    assertThat(tool.migrate("fail")).as("a migration that fails").isEqualTo(1);
    Program.Ended failed = tool.status("fail");
    boolean marks = preset == Preset.GOLANG_MIGRATE;
    Doc state = Tools.asserted(failed, marks ? 3 : 0);
    assertThat(state.isTrue("dirty")).isEqualTo(marks);
    if (marks) {
      assertThat(tool.migrate("fail")).as("while it is dirty").isEqualTo(1);
    } else {
      assertThat(state.textList("pending")).hasSize(1);
    }
    assertThat(older)
        .as("older files")
        .isEqualTo(
            switch (preset) {
              case FLYWAY, LIQUIBASE -> 0;
              case ALEMBIC -> 255;
              default -> 1;
            });
  }
}
