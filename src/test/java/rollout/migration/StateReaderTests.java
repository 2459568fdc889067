package rollout.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import rollout.migration.StateReader.Answer;
import rollout.strategy.Preset;

/**
 * What the tools print, as they printed it: Flyway 13.12.0, Liquibase 4.33.0, Alembic 1.20.1,
 * Flask-Migrate 4.1.0, golang-migrate 4.20.1 on PostgreSQL 15, with three migrations.
 */
class StateReaderTests {
  private static final String ALEMBIC_HEAD =
      """
      INFO [alembic.runtime.migration] Context impl PostgresqlImpl.
      INFO [alembic.runtime.migration] Will assume transactional DDL.
      """;
  private static final String ALEMBIC_HISTORY =
      """
      0002 -> 0003 (head), drop legacy_ref
      0001 -> 0002, add note
      <base> -> 0001, create orders
      """;
  private static final String LIQUIBASE_HEAD =
      """
      ####################################################
      ##   _     _             _ _                      ##
      ####################################################
      Starting Liquibase at 00:11:54 using Java 17.0.15 (version 4.33.0 #8744 built at 2025-07-08)
      Liquibase Version: 4.33.0
      WARNING: License service not loaded, cannot determine Liquibase Pro license status.
      """;
  private static final String LIQUIBASE_LINE =
      "+---------------+--------------------+----------------------------------+--------+----+-----+\n";

  private static Answer answer(int exitCode, String log) {
    return new Answer(log.lines().toList(), exitCode);
  }

  private static MigrationState read(Preset preset, Object... namesAndAnswers) {
    Map<String, Answer> answers = new LinkedHashMap<>();
    for (int i = 0; i < namesAndAnswers.length; i += 2) {
      answers.put((String) namesAndAnswers[i], (Answer) namesAndAnswers[i + 1]);
    }
    return StateReader.read(preset, answers, List.of());
  }

  private static String rows(MigrationState state) {
    return String.join("; ", MigrationText.rows(state).values());
  }

  // ---- Flyway

  private static String info(String... versionsAndStates) {
    StringBuilder all = new StringBuilder("WARNING: Storing migrations in 'sql' is {odd}\n{");
    all.append("\"schemaVersion\":\"3\",\"migrations\":[");
    for (int i = 0; i < versionsAndStates.length; i += 2) {
      all.append(i == 0 ? "" : ",")
          .append("{\"category\":\"Versioned\",\"version\":\"")
          .append(versionsAndStates[i])
          .append("\",\"description\":\"a note\",\"type\":\"SQL\",\"state\":\"")
          .append(versionsAndStates[i + 1])
          .append("\"}");
    }
    return all + "],\"flywayVersion\":\"13.12.0\",\"database\":\"shop\"}\n";
  }

  static Stream<Arguments> flyway() {
    return Stream.of(
        Arguments.of(info(), "0; none; none; no; no; no"),
        Arguments.of(info("1", "Pending", "2", "Pending"), "0; 1, 2; none; no; no; no"),
        Arguments.of(info("1", "Success", "2", "Success"), "2, newest 2; none; none; no; no; no"),
        Arguments.of(info("1", "Success", "2", "Pending"), "1, newest 1; 2; none; no; no; no"),
        Arguments.of(
            info("1", "Success", "2", "Success", "3", "Future"),
            "3, newest 3; none; none; no; no; yes: 3"),
        Arguments.of(info("1", "Success", "2", "Failed"), "1, newest 1; none; 2; no; no; no"));
  }

  @ParameterizedTest
  @MethodSource
  void flyway(String log, String rows) {
    assertThat(rows(read(Preset.FLYWAY, "info", answer(0, log)))).isEqualTo(rows);
  }

  // ---- Alembic and Flask-Migrate

  static Stream<Arguments> alembic() {
    return Stream.of(
        Arguments.of(0, "", "0; 0001, 0002, 0003; none; no; no; no"),
        Arguments.of(0, "0003 (head)\n", "3, newest 0003; none; none; no; no; no"),
        Arguments.of(0, "0002\n", "2, newest 0002; 0003; none; no; no; no"),
        Arguments.of(
            255,
            "ERROR [alembic.util.messaging] Can't locate revision identified by '0004'\n"
                + "FAILED: Can't locate revision identified by '0004'\n",
            "newest 0004; unknown; none; no; no; yes: 0004"),
        Arguments.of(
            1,
            "ERROR [flask_migrate] Error: Can't locate revision identified by '0004'\n",
            "newest 0004; unknown; none; no; no; yes: 0004"),
        Arguments.of(
            1,
            "sqlalchemy.exc.OperationalError: connection to server at \"db\" failed\n",
            "unknown; unknown; unknown; unknown; unknown; unknown"));
  }

  @ParameterizedTest
  @MethodSource
  void alembic(int exitCode, String log, String rows) {
    for (Preset preset : List.of(Preset.ALEMBIC, Preset.FLASK)) {
      MigrationState state =
          read(
              preset,
              "history",
              answer(0, ALEMBIC_HISTORY),
              "current",
              answer(exitCode, ALEMBIC_HEAD + log));
      assertThat(rows(state)).isEqualTo(rows);
    }
  }

  @Test
  void alembicWalksThroughAMerge() {
    MigrationState state =
        read(
            Preset.ALEMBIC,
            "history",
            answer(
                0,
                """
                m1 -> next (head), on top
                a1, b1 -> m1 (mergepoint), merge
                base0 -> b1, one branch
                base0 -> a1, the other
                <base> -> base0 (branchpoint), both
                """),
            "current",
            answer(0, "m1 (mergepoint)\n"));
    assertThat(rows(state)).isEqualTo("4, newest m1; next; none; no; no; no");
  }

  // ---- golang-migrate

  static Stream<Arguments> golang() {
    return Stream.of(
        Arguments.of(1, "error: no migration\n", "0; 1, 2, 3; none; no; no; no"),
        Arguments.of(0, "2\n", "newest 2; 3; none; no; no; no"),
        Arguments.of(0, "3\n", "newest 3; none; none; no; no; no"),
        Arguments.of(0, "3 (dirty)\n", "newest 3; none; none; no; yes: 3; no"),
        Arguments.of(0, "4\n", "newest 4; none; none; no; no; yes: 4"),
        Arguments.of(
            1,
            "error: failed to open database: dial tcp 198.18.0.1:5432: connect: refused\n",
            "unknown; unknown; unknown; unknown; unknown; unknown"));
  }

  @ParameterizedTest
  @MethodSource
  void golang(int exitCode, String log, String rows) {
    List<String> files =
        List.of(
            "000001_a.up.sql",
            "000001_a.down.sql",
            "000002_b.up.sql",
            "000003_c.up.sql",
            "notes.sql");
    Map<String, Answer> answers = Map.of("version", answer(exitCode, log));
    assertThat(rows(StateReader.read(Preset.GOLANG_MIGRATE, answers, files))).isEqualTo(rows);
  }

  @Test
  void golangMigrateWhoseFilesNobodyNamedDoesNotSayWhatIsPending() {
    assertThat(rows(read(Preset.GOLANG_MIGRATE, "version", answer(0, "3\n"))))
        .isEqualTo("newest 3; unknown; none; no; no; no");
  }

  // ---- Liquibase

  private static MigrationState liquibase(
      String locks, String history, String unexpected, String status) {
    return read(
        Preset.LIQUIBASE,
        "locks",
        answer(0, LIQUIBASE_HEAD + "Database change log locks for shop@jdbc:…\n" + locks),
        "history",
        answer(0, LIQUIBASE_HEAD + "Liquibase History for jdbc:…\n" + history),
        "unexpected",
        answer(0, LIQUIBASE_HEAD + unexpected),
        "status",
        answer(0, LIQUIBASE_HEAD + status));
  }

  private static String deployed(String... paths) {
    StringBuilder all =
        new StringBuilder(LIQUIBASE_LINE)
            .append("| Deployment ID | Update Date        | Changelog Path | Changeset Author |")
            .append(" Changeset ID | Tag |\n")
            .append(LIQUIBASE_LINE);
    for (String path : paths) {
      all.append("| 5997513329    | 11/30/26, 12:11 AM | ")
          .append(path)
          .append("   | shop             | 1            |     |\n")
          .append(LIQUIBASE_LINE);
    }
    return all.toString();
  }

  static Stream<Arguments> liquibase() {
    String free = " - No locks\n";
    String none = "shop@jdbc:… contains no unexpected changes!\n";
    String done = "shop@jdbc:… is up to date\n";
    return Stream.of(
        Arguments.of(
            free,
            "No changesets deployed\n",
            none,
            "2 changesets have not been applied to shop@jdbc:…\n"
                + "     changes/1.sql::1::shop\n     changes/2.sql::2::shop\n",
            "0; changes/1.sql::1::shop, changes/2.sql::2::shop; none; no; no; no"),
        Arguments.of(
            free,
            deployed("changes/1.sql", "changes/2.sql"),
            none,
            done,
            "2, newest changes/2.sql; none; none; no; no; no"),
        Arguments.of(
            free,
            deployed("changes/1.sql", "changes/2.sql"),
            "1 unexpected changes were found in shop@jdbc:…\n     changes/2.sql::2::shop\n",
            done,
            "2, newest changes/2.sql; none; none; no; no; yes: changes/2.sql::2::shop"),
        Arguments.of(
            " - 198.18.1.4 (198.18.1.4) at 11/30/26, 12:11 AM\n",
            deployed("changes/1.sql"),
            none,
            done,
            "1, newest changes/1.sql; none; none; yes: 198.18.1.4 (198.18.1.4) at 11/30/26,"
                + " 12:11 AM; no; no"));
  }

  @ParameterizedTest
  @MethodSource
  void liquibase(String locks, String history, String unexpected, String status, String rows) {
    assertThat(rows(liquibase(locks, history, unexpected, status))).isEqualTo(rows);
  }

  // ---- all

  @ParameterizedTest
  @EnumSource
  void toolThatFailsIsNotTakenForAnEmptyDatabase(Preset preset) {
    Map<String, Answer> answers = new LinkedHashMap<>();
    PresetJob.asking(preset)
        .keySet()
        .forEach(name -> answers.put(name, answer(1, "could not reach db\n\n")));
    MigrationState state = StateReader.read(preset, answers, List.of("1_a.up.sql"));
    assertThat(state.unreadable())
        .contains(
            preset == Preset.EF
                ? "an Entity Framework bundle cannot say where it stands"
                : "could not reach db");
    assertThat(StateReader.read(preset, Map.of(), List.of()).unreadable()).isPresent();
  }
}
