package rollout.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import rollout.document.Doc;
import rollout.strategy.Preset;

class PresetJobTests {
  private static PresetJob job(Preset preset, String... command) {
    return new PresetJob(
        preset,
        "registry.example/shop:2.0",
        Optional.of("shop-db-ddl"),
        Duration.ofMinutes(10),
        List.of(command));
  }

  private static Doc pod(Doc job) {
    return job.doc("spec", "template", "spec");
  }

  @ParameterizedTest
  @CsvSource({
    "FLYWAY, flyway migrate",
    "ALEMBIC, alembic upgrade head",
    "FLASK, flask db upgrade",
    "GOLANG_MIGRATE, migrate -path=/migrations -database=$(DATABASE_URL) up",
    "EF, ./efbundle --connection $(DATABASE_URL)",
    "LIQUIBASE, liquibase update"
  })
  void eachToolIsCalledAsItsUsersCallIt(Preset preset, String words) {
    Doc job = job(preset).manifest();
    Doc container = pod(job).docs("containers").getFirst();
    assertThat(String.join(" ", container.textList("command"))).isEqualTo(words);
    assertThat(container.textOrEmpty("image")).isEqualTo("registry.example/shop:2.0");
    assertThat(container.docs("envFrom").getFirst().textOrEmpty("secretRef", "name"))
        .isEqualTo("shop-db-ddl");
    assertThat(job.number(0, "spec", "activeDeadlineSeconds")).isEqualTo(600);
    assertThat(pod(job).has("initContainers")).isFalse();
    Doc other = job(preset, "make", "migrate").manifest();
    assertThat(pod(other).docs("containers").getFirst().textList("command"))
        .containsExactly("make", "migrate");
  }

  @ParameterizedTest
  @EnumSource
  void podMeetsTheStrictestStandardAndHasNoToken(Preset preset) {
    Doc pod = pod(job(preset).manifest());
    assertThat(pod.isTrue("automountServiceAccountToken")).isFalse();
    assertThat(pod.has("automountServiceAccountToken")).isTrue();
    assertThat(pod.textOrEmpty("restartPolicy")).isEqualTo("Never");
    assertThat(pod.isTrue("securityContext", "runAsNonRoot")).isTrue();
    assertThat(pod.textOrEmpty("securityContext", "seccompProfile", "type"))
        .isEqualTo("RuntimeDefault");
    Doc rights = pod.docs("containers").getFirst().doc("securityContext");
    assertThat(rights.has("allowPrivilegeEscalation")).isTrue();
    assertThat(rights.isTrue("allowPrivilegeEscalation")).isFalse();
    assertThat(rights.textList("capabilities", "drop")).containsExactly("ALL");
  }

  @Test
  void toolsThatReadLibpqsVariablesWaitShortlyForLocksAndAreKnownByName() {
    List<Doc> variables =
        pod(job(Preset.ALEMBIC).manifest()).docs("containers").getFirst().docs("env");
    assertThat(variables)
        .extracting(one -> one.textOrEmpty("name") + "=" + one.textOrEmpty("value"))
        .containsExactly(
            "PGOPTIONS=-c lock_timeout=3s -c client_connection_check_interval=1s",
            "PGAPPNAME=$(ROLLOUT_NAME)");
    assertThat(pod(job(Preset.FLYWAY).manifest()).docs("containers").getFirst().docs("env"))
        .isEmpty();
  }

  @Test
  void questionsComeOneAfterTheOther() {
    Doc pod = pod(job(Preset.LIQUIBASE).question().orElseThrow());
    assertThat(pod.docs("initContainers"))
        .extracting(one -> one.textOrEmpty("name"))
        .containsExactly("locks", "history", "unexpected");
    assertThat(pod.docs("containers"))
        .extracting(one -> one.textOrEmpty("name"))
        .containsExactly("status");
    assertThat(job(Preset.EF).question()).isEmpty();
  }

  @Test
  void jobThatHasMigratedIsAskedWithItsOwnImageAndRights() {
    Doc live =
        job(Preset.FLYWAY)
            .manifest()
            .with("rollout-shop-r4-migrate", "metadata", "name")
            .with("migrator", "spec", "template", "spec", "serviceAccountName")
            .with(Map.of("job-name", "x"), "spec", "template", "metadata", "labels");
    Doc question = PresetJob.again(Preset.FLYWAY, live).question().orElseThrow().manifest();
    assertThat(pod(question).textOrEmpty("serviceAccountName")).isEqualTo("migrator");
    Doc container = pod(question).docs("containers").getFirst();
    assertThat(container.textList("command")).containsExactly("flyway", "info", "-outputType=json");
    assertThat(container.textOrEmpty("image")).isEqualTo("registry.example/shop:2.0");
    assertThat(question.texts("spec", "template", "metadata", "labels"))
        .doesNotContainKey("job-name");
    assertThat(PresetJob.again(Preset.EF, live).question()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void eachToolHasSomethingToDoAfterAFailure(Preset preset) {
    assertThat(Repair.line(preset)).isNotBlank().endsWith(".");
    MigrationState ahead = MigrationState.none().at("9", 9).ahead("9");
    assertThat(Repair.line(preset, ahead))
        .isEqualTo("Release an image that has 9: this one is older than the database.");
  }

  @Test
  void failedRowOfFlywayNeedsItsRepair() {
    MigrationState failed = MigrationState.none().at("2", 2).failed(List.of("3"));
    assertThat(Repair.line(Preset.FLYWAY, failed)).contains("flyway repair");
    assertThat(Repair.line(Preset.FLYWAY)).doesNotContain("flyway repair");
    assertThat(failed.obstacle()).contains("migration 3 has failed");
    assertThat(MigrationState.none().lockedBy("10.0.0.7").obstacle())
        .contains("the tool's lock is held: 10.0.0.7");
    assertThat(MigrationState.none().obstacle()).isEmpty();
  }

  @Test
  void stateIsOneLineAndOneDocument() {
    MigrationState state = MigrationState.none().at("3", 3).pending(List.of("4", "5"));
    assertThat(MigrationText.line(state)).isEqualTo("at 3, pending 4, 5");
    assertThat(MigrationText.line(MigrationState.none().pending(List.of())))
        .isEqualTo("nothing applied, nothing pending");
    assertThat(MigrationText.json(state).json())
        .contains("\"applied\":3")
        .contains("\"pending\":[\"4\",\"5\"]")
        .contains("\"locked\":false");
    MigrationState silent = MigrationState.none().at("3", -1);
    assertThat(MigrationText.json(silent).has("applied")).isFalse();
    assertThat(MigrationText.json(silent).has("pending")).isFalse();
    assertThat(MigrationText.json(MigrationState.unknown("why")).json())
        .isEqualTo("{\"unknown\":\"why\"}");
    List<String> many =
        java.util.stream.IntStream.rangeClosed(1, 25).mapToObj(String::valueOf).toList();
    assertThat(MigrationText.line(MigrationState.none().at("0", 1).pending(many)))
        .endsWith("19, 20 and 5 more");
  }
}
