package rollout.real;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import rollout.strategy.Preset;

/** Releases whose migration is a preset. */
@Order(1) // one of the longest: the others fill the gaps
class ToolReleaseRealTests extends OnTheShop {
  @ParameterizedTest
  @EnumSource(names = {"FLYWAY", "ALEMBIC"})
  void releaseMigratesByThePreset(Preset preset) {
    Tools tool = Tools.of(shop, parts.database(), preset, "d");
    String contract = preset == Preset.FLYWAY ? "[flyway, migrate]" : "[alembic, upgrade, head]";
    String strategy =
        // That stable lives with the schema is proven elsewhere, in a minute and a half.
        tool.strategy(
                "3",
                "  compatibility: {freshPod: false, watchStable: 0s}",
                "  schema: 3",
                "  contract: {command: " + contract + ", floor: 3}")
            .toString();
    Load load = shop.load();
    Program.Ended ended = shop.release("demo:v2", "-s", strategy).end();
    assertEnded(ended, 0, "done");
    assertNoneFailed(load);
    assertThat(ended.events("note"))
        .extracting(event -> event.textOrEmpty("message"))
        .anyMatch(line -> line.startsWith("database: nothing applied, pending"))
        .anyMatch(line -> line.startsWith("database: at ") && line.endsWith("nothing pending"));
    Program.Ended standing = shop.rollout("migration", "status", "shop").end();
    assertThat(Tools.asserted(standing, 0).textList("pending")).isEmpty();
    assertEnded(shop.rollout("migration", "contract", "-s", strategy).end(), 0, "done");
    Program.Ended back = shop.rollout("rollback", "shop", "--to-revision", "0").end();
    assertThat(back.exitCode()).as(back.transcript()).isEqualTo(3);
    assertThat(back.transcript()).contains("only versions built with 3 or newer can run");
    Program.Ended later = shop.release("demo:v3", "-s", tool.strategy("2").toString()).end();
    assertThat(later.exitCode()).as(later.transcript()).isEqualTo(3);
    assertThat(later.transcript()).contains("the database is ahead of the image");
    assertThat(imageOf(shop.deployment())).isEqualTo("demo:v2");
  }

  @Test
  void databaseThatIsDownIsNamedAsSuch() {
    Tools tool = Tools.of(shop, parts.database(), Preset.GOLANG_MIGRATE, "e");
    String secret = tool.secret("3");
    shop.kubectl("delete", "secret", secret);
    shop.kubectl(
        "create",
        "secret",
        "generic",
        secret,
        "--from-literal=DATABASE_URL=postgres://shop:Leak-Kx7w@198.18.0.1:1/shop?sslmode=disable");
    Program.Ended ended = shop.release("demo:v2", "-s", tool.strategy("3").toString()).end();
    assertThat(ended.exitCode()).as(ended.transcript()).isEqualTo(3);
    assertThat(ended.transcript())
        .contains("the database does not say where it stands")
        .contains("connection refused")
        .doesNotContain("Leak");
    shop.kubectl("delete", "secret", secret);
    Program.Ended missing = shop.release("demo:v2", "-s", tool.strategy("3").toString()).end();
    assertThat(missing.exitCode()).as(missing.transcript()).isEqualTo(3);
    assertThat(missing.transcript()).contains("CreateContainerConfigError").contains(secret);
    assertThat(imageOf(shop.deployment())).isEqualTo("demo:v1");
  }
}
