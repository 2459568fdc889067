package rollout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rollout.core.HistoryEntry;
import rollout.core.Outcome;
import rollout.core.Status;
import rollout.migration.MigrationState;
import rollout.migration.Standing;
import rollout.migration.StateReader;
import rollout.model.Event;
import rollout.model.Phase;
import rollout.model.Schema;
import rollout.plan.Plan;
import rollout.plan.PlannedStep;
import rollout.plan.Step;
import rollout.port.Connect;
import rollout.run.Rollouts.Driving;
import rollout.strategy.Candidate;
import rollout.strategy.Preset;
import rollout.strategy.Strategy;

class CommandTests {
  private final Typed typed = new Typed();

  private Strategy strategy() {
    return (Strategy) typed.verbs.asked.getFirst();
  }

  @Test
  void bluegreenTurnsFlagsIntoAStrategy() {
    int code =
        typed.run(
            "bluegreen",
            "shop",
            "-n",
            "prod",
            "--image",
            "shop=registry.example/shop:2.0",
            "--bake",
            "90s",
            "--promotion",
            "swap",
            "--also",
            "shop-admin",
            "--hold",
            "--prometheus",
            "http://prometheus.monitoring:9090",
            "--check",
            "error-rate < 1%",
            "--deadline",
            "1h",
            "--on-undecided",
            "pass",
            "--force");

    assertThat(typed.err()).isEmpty();
    assertThat(code).isZero();
    assertThat(strategy().candidate())
        .contains(new Candidate.Image(Map.of("shop", "registry.example/shop:2.0")));
    assertThat(strategy().bake()).isEqualTo(Duration.ofSeconds(90));
    assertThat(strategy().promotion()).contains(Strategy.Promotion.SWAP);
    assertThat(strategy().also()).containsExactly("shop-admin");
    assertThat(strategy().hold()).isTrue();
    assertThat(strategy().checks()).hasSize(1);
    assertThat(strategy().limits().overall()).contains(Duration.ofHours(1));
    assertThat(strategy().onUndecided()).isEqualTo(Strategy.OnMissing.PASS);
    assertThat(strategy().permissions().force()).isTrue();
    assertThat(typed.connected)
        .containsExactly(
            new Connect.Where(
                Optional.empty(),
                Optional.empty(),
                Optional.of("prod"),
                Optional.of("http://prometheus.monitoring:9090"),
                5000));
  }

  @Test
  void bluegreenWithoutFlagsHasTheDefaults() {
    typed.run("bluegreen", "shop", "--to", "shop-green");

    assertThat(strategy())
        .usingRecursiveComparison()
        .ignoringFields("candidate")
        .isEqualTo(Strategy.of("shop", ""));
    assertThat(typed.verbs.asked.get(1)).isEqualTo(new Driving(false, false));
  }

  @Test
  void noWaitAndLeaveReachTheDriver() {
    typed.run("bluegreen", "shop", "--to", "b", "--no-wait", "--on-interrupt", "leave");

    assertThat(typed.verbs.asked.get(1)).isEqualTo(new Driving(true, true));
  }

  @Test
  void flagsWinOverTheStrategyFile(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("strategy.yaml");
    Files.writeString(
        file,
        """
        apiVersion: rollout/v1
        kind: BlueGreen
        target: {service: shop, namespace: prod}
        candidate: {image: {shop: "registry.example/shop:2.0"}}
        blueGreen: {bake: 7m, hold: true}
        """);

    int code = typed.run("bluegreen", "-s", file.toString(), "--image", "shop:3", "--bake", "1m");

    assertThat(typed.err()).isEmpty();
    assertThat(code).isZero();
    assertThat(strategy().service()).isEqualTo("shop");
    assertThat(strategy().namespace()).isEqualTo("prod");
    assertThat(strategy().candidate()).contains(new Candidate.Image(Map.of("", "shop:3")));
    assertThat(strategy().bake()).isEqualTo(Duration.ofMinutes(1));
    assertThat(strategy().hold()).isTrue();
    assertThat(typed.connected.getFirst().namespace()).contains("prod");
  }

  @Test
  void manifestsMayComeFromStdin() {
    typed.stdin = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}}\n";

    typed.run("bluegreen", "shop", "-f", "-");

    assertThat(strategy().candidate())
        .hasValueSatisfying(
            candidate ->
                assertThat(((Candidate.Manifests) candidate).documents())
                    .singleElement()
                    .satisfies(
                        doc ->
                            assertThat(doc.object().textOrEmpty("metadata", "name"))
                                .isEqualTo("a")));
  }

  @Test
  void manifestsWithoutExactlyOneDeploymentAreRefusedWithoutAskingTheCluster() {
    typed.stdin = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n";
    assertThat(typed.run("bluegreen", "shop", "-f", "-")).isEqualTo(2);
    assertThat(typed.err()).contains("the manifests have no Deployment.");

    typed.stdin =
        """
        {apiVersion: apps/v1, kind: Deployment, metadata: {name: a}}
        ---
        {apiVersion: apps/v1, kind: Deployment, metadata: {name: b}}
        """;
    assertThat(typed.run("bluegreen", "shop", "-f", "-")).isEqualTo(2);
    assertThat(typed.err()).contains("the manifests have 2 Deployments: a, b.");
    assertThat(typed.connected).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "traefik | blue/green moves the requests of one Service from one version to the other",
        "nginx | Use names that count by pod (--metrics http, micrometer, istio), or rollout"
            + " canary",
        "istoi | no such names.  Did you mean istio?"
      })
  void metricNamesThatCannotTellTheVersionsApartAreRefused(String names, String says) {
    assertThat(typed.run("bluegreen", "shop", "--to", "b", "--metrics", names)).isEqualTo(2);
    assertThat(typed.err()).contains("--metrics " + names + ": ").contains(says);
    assertThat(typed.connected).isEmpty();
  }

  @Test
  void routersMetricsAreForCanariesByARoute() {
    assertThat(
            typed.run(
                "canary",
                "shop",
                "--to",
                "b",
                "--steps",
                "5",
                "--router",
                "replicas",
                "--metrics",
                "nginx"))
        .isEqualTo(2);
    assertThat(typed.err()).contains("by replicas both versions are behind one");
    assertThat(typed.connected).isEmpty();

    assertThat(typed.run("canary", "shop", "--to", "b", "--steps", "5", "--metrics", "traefik"))
        .isZero();
    assertThat(strategy().metricNames()).isEqualTo("traefik");
  }

  @Test
  void revisionZeroIsWhatServedBeforeTheFirstRelease() {
    assertThat(typed.run("rollback", "shop", "--to-revision", "0")).isZero();
    assertThat(typed.verbs.asked).containsExactly(List.of("rollback", "shop", Optional.of(0), ""));
  }

  @Test
  void flagThatIsACommandSaysSo() {
    assertThat(typed.run("--version")).isEqualTo(2);
    assertThat(typed.err()).contains("--version: no such flag.  Write: rollout version");
  }

  @Test
  void historyOfNoServiceIsRefusedAndOfAFreshOneIsEmpty() {
    assertThat(typed.run("history", "shop", "-n", "prod")).isEqualTo(3);
    assertThat(typed.err()).contains("There is no Service shop in prod.");

    typed.verbs.statuses.add(status("never-released"));
    assertThat(typed.run("history", "shop")).isZero();
    assertThat(typed.err()).contains("shop has not been released yet.");
  }

  @Test
  void stdinIsReadOnlyOnce() {
    assertThat(typed.run("bluegreen", "shop", "-f", "-", "-f", "-")).isEqualTo(2);
    assertThat(typed.err()).contains("-f -: stdin can be read only once.");
  }

  @Test
  void allProblemsAreSaidTogether() {
    int code =
        typed.run(
            "bluegreen",
            "SHOP",
            "--bake",
            "5",
            "--timeot",
            "5m",
            "--promotion",
            "cpoy",
            "--check",
            "p99 > 300ms",
            "--image",
            "a b",
            "--to",
            "c",
            "-o",
            "jsn");

    assertThat(code).isEqualTo(2);
    assertThat(typed.err())
        .contains("SERVICE: 'SHOP' is no name in Kubernetes.")
        .contains("--bake 5: a duration needs a unit.  Write for example 5m or 300s")
        .contains("--timeot: no such flag.  Did you mean --timeout?")
        .contains("--promotion cpoy: no such value.  Write copy or swap")
        .contains("--check 'p99 > 300ms'")
        .contains("'a b' is no image reference.")
        .contains("three ways to name one candidate.  Give only one")
        .contains("--output jsn: no such form.  Write text or json")
        .endsWith("Nothing was changed; the traffic is where it was.\n")
        .doesNotContain("\tat ");
    assertThat(typed.connected).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "--timeout, 5, a duration needs a unit",
    "--gate-timeout, 1.5, a duration needs a unit",
    "--settle-timeout, soon, this is no duration",
    "--deadline, 0s, nothing can be done in no time",
    "--no-data-timeout, -5m, this is no duration",
    "--keep-failed, 5 m, this is no duration"
  })
  void wrongDurationsAreRefused(String flag, String value, String says) {
    assertThat(typed.run("bluegreen", "shop", "--to", "b", flag + "=" + value)).isEqualTo(2);
    assertThat(typed.err()).contains(flag + " " + value + ": " + says);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shop:2.0",
        "shop=shop:2.0",
        "registry.example:5000/team/shop:2.0",
        "shop=registry.example/shop@sha256:"
            + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
      })
  void imagesAreTaken(String image) {
    assertThat(typed.run("bluegreen", "shop", "--image", image)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "shop=", "Shop=x:1", "a=b=c", "x:1:2", "http://x/y", "x y"})
  void wrongImagesAreRefused(String image) {
    assertThat(typed.run("bluegreen", "shop", "--image", image)).isEqualTo(2);
    assertThat(typed.verbs.asked).isEmpty();
  }

  @Test
  void severalImagesNeedTheirContainers() {
    assertThat(typed.run("bluegreen", "shop", "--image", "a:1", "--image", "b=b:1")).isEqualTo(2);
    assertThat(typed.err()).contains("with several images each needs its container.");
  }

  @Test
  void checksOnMetricsNeedAPrometheus() {
    assertThat(typed.run("bluegreen", "shop", "--to", "b", "--check", "p99 < 1s")).isEqualTo(2);
    assertThat(typed.err())
        .contains("no Prometheus is named.  Give --prometheus URL, or set ROLLOUT_PROMETHEUS");
  }

  @Test
  void prometheusMayComeFromTheEnvironment() {
    typed.environment.put("ROLLOUT_PROMETHEUS", "svc:monitoring/prometheus:9090");

    assertThat(typed.run("bluegreen", "shop", "--to", "b", "--check", "p99 < 1s")).isZero();
    assertThat(typed.connected.getFirst().prometheusUrl())
        .contains("svc:monitoring/prometheus:9090");
  }

  @Test
  void nothingToReleaseAndNoServiceAreSaid() {
    assertThat(typed.run("bluegreen")).isEqualTo(2);
    assertThat(typed.err()).contains("which Service?").contains("nothing to release.");
  }

  @ParameterizedTest
  @CsvSource({
    "DONE, 0, 0",
    "INSTALLED, 0, 0",
    "UNCHANGED, 0, 0",
    "RETURNED, 0, 0",
    "ROLLED_BACK, 4, 0",
    "ROLLED_BACK_PARTLY, 5, 5",
    "LOST, 7, 7",
    "WAITING, 8, 8",
    "UNREACHABLE, 9, 9",
    "NOT_SETTLED, 10, 10",
    "INTERRUPTED, 130, 130",
    "TERMINATED, 143, 143"
  })
  void outcomesBecomeExitCodes(Outcome.Result result, int ofRelease, int ofRollback) {
    typed.verbs.outcome = () -> RecordedVerbs.ended(result);

    assertThat(typed.run("bluegreen", "shop", "--to", "b")).isEqualTo(ofRelease);
    assertThat(typed.run("promote", "shop")).isEqualTo(ofRelease);
    assertThat(typed.run("resume", "shop")).isEqualTo(ofRelease);
    assertThat(typed.run("rollback", "shop")).isEqualTo(ofRollback);
  }

  @Test
  void theLastEventIsTheResult() {
    typed.run("bluegreen", "shop", "--to", "b", "-o", "json");

    Event last = typed.told.getLast();
    assertThat(last.type()).isEqualTo(Event.RESULT);
    assertThat(last.message()).isEqualTo("Revision 3 is live.");
    assertThat(last.fields().members())
        .containsEntry("exitCode", 0)
        .containsEntry("outcome", "done")
        .containsEntry("revision", 3)
        .containsEntry("traffic", "all on shop (revision 3), observed")
        .containsKey("durationMs");
    assertThat(typed.tellings.getLast()).isEqualTo(Telling.here("shop", "", true, false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rollback", "abort", "undo"})
  void rollbackHasThreeNames(String name) {
    assertThat(typed.run(name, "shop", "--to-revision", "2", "--reason", "too slow")).isZero();
    assertThat(typed.verbs.asked)
        .containsExactly(List.of("rollback", "shop", Optional.of(2), "too slow"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "two", "99999999999"})
  void wrongRevisionsAreRefused(String revision) {
    assertThat(typed.run("rollback", "shop", "--to-revision=" + revision)).isEqualTo(2);
    assertThat(typed.verbs.asked).isEmpty();
  }

  @Test
  void promoteMaySkipTheRest() {
    assertThat(typed.run("promote", "shop", "--full")).isZero();
    assertThat(typed.verbs.asked).containsExactly(List.of("promote", "shop", true));
  }

  @Test
  void pauseAndResumeNameTheServiceOnly() {
    assertThat(typed.run("pause", "shop")).isZero();
    assertThat(typed.run("resume", "shop")).isZero();
    assertThat(typed.verbs.asked)
        .containsExactly(List.of("pause", "shop"), List.of("resume", "shop"));
  }

  @Test
  void repairThatWentBackHasDoneWhatItShould() {
    typed.verbs.outcome = () -> RecordedVerbs.ended(Outcome.Result.ROLLED_BACK);
    assertThat(typed.run("repair", "shop", "--force")).isZero();
    typed.verbs.outcome = () -> RecordedVerbs.ended(Outcome.Result.ROLLED_BACK_PARTLY);
    assertThat(typed.run("repair", "shop")).isEqualTo(5);
    assertThat(typed.verbs.asked)
        .containsExactly(List.of("repair", "shop", true), List.of("repair", "shop", false));
  }

  @Test
  void planAndDryRunShowEveryWriteAndMakeNone() {
    PlannedStep step =
        new PlannedStep(
            new Step.Claim(), Phase.PREFLIGHT, "one driver", List.of("create Lease rollout-shop"));
    typed.verbs.plan = new Plan(List.of(step), List.of(), List.of("surge: 3 pods"), List.of());

    assertThat(typed.run("plan", "bluegreen", "shop", "--to", "b")).isZero();
    String planned = typed.out();
    assertThat(typed.run("bluegreen", "shop", "--to", "b", "--dry-run")).isZero();

    assertThat(planned)
        .contains("1 steps with 1 writes")
        .contains("create Lease rollout-shop")
        .contains("surge: 3 pods")
        .endsWith("Nothing has been written; the traffic is where it was.\n");
    assertThat(typed.out()).isEqualTo(planned + planned);
    assertThat(typed.verbs.asked).hasSize(2).allMatch(Strategy.class::isInstance);
  }

  private static Status status(String state) {
    return new Status(
        "shop",
        "prod",
        state,
        3,
        "bake",
        "",
        "shop (shop:1)",
        "shop-r3 (shop:2)",
        "all on shop-r3, observed",
        Optional.of("ci@host"),
        false,
        Optional.empty(),
        "",
        List.of());
  }

  @ParameterizedTest
  @CsvSource({
    "settled, 0",
    "never-released, 0",
    "rolled-back, 4",
    "rolled-back-partly, 5",
    "waiting, 8",
    "in-progress, 10"
  })
  void statusSaysItInItsExitCodeToo(String state, int code) {
    typed.verbs.statuses.add(status(state));

    assertThat(typed.run("status", "shop")).isEqualTo(code);
    assertThat(typed.out())
        .contains("shop in prod: " + state.replace('-', ' '))
        .contains("ci@host; it gives no sign of life")
        .endsWith("traffic    all on shop-r3, observed\n");
  }

  @Test
  void statusOfNoServiceIsRefused() {
    assertThat(typed.run("status", "shop")).isEqualTo(3);
    assertThat(typed.err()).contains("There is no Service shop here.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-n web -o json status shop",
        "-nweb --output=json status shop",
        "--namespace web -ojson status shop",
        "--namespace=web -v -o json status shop"
      })
  void flagsOfEveryCommandMayComeBeforeIt(String words) {
    typed.verbs.statuses.add(status("settled"));
    assertThat(typed.run(words.split(" "))).isZero();
    assertThat(typed.connected.getFirst().namespace()).contains("web");
    assertThat(typed.out()).startsWith("{");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-n web", "-n", "-n status", "--bake 5m bluegreen shop", "-n web stat"})
  void otherWordsInFrontAreNoCommand(String words) {
    assertThat(typed.run(words.split(" "))).isEqualTo(2);
    assertThat(typed.connected).isEmpty();
  }

  @Test
  void watchShowsEachChangeUntilTheEnd() {
    typed.verbs.statuses.addAll(
        List.of(status("in-progress"), status("waiting"), status("settled"), status("settled")));

    assertThat(typed.run("status", "shop", "--watch", "-o", "json")).isZero();
    assertThat(typed.out().lines()).hasSize(3).allMatch(line -> line.startsWith("{"));
  }

  @Test
  void watchOfNoServiceIsRefused() {
    assertThat(typed.run("status", "shop", "--watch")).isEqualTo(3);
    assertThat(typed.err()).contains("There is no Service shop here.");
  }

  @Test
  void migrationStatusIsOneTableAndSaysWhatToDo() {
    typed.verbs.migration =
        new Standing(
            Preset.GOLANG_MIGRATE,
            StateReader.read(
                Preset.GOLANG_MIGRATE,
                Map.of("version", new StateReader.Answer(List.of("4 (dirty)"), 0)),
                List.of()));
    assertThat(typed.run("migration", "status", "shop")).isEqualTo(3);
    assertThat(typed.out())
        .contains("Database of shop, by golang-migrate")
        .contains("applied   newest 4")
        .contains("dirty     yes: 4")
        .contains("Done: migrate force 4.");
    assertThat(typed.run("migration", "status", "shop", "-o", "json")).isEqualTo(3);
    assertThat(typed.out()).contains("\"dirty\":true").contains("\"tool\":\"golang-migrate\"");
    typed.verbs.migration = new Standing(Preset.EF, MigrationState.unknown("nobody can say"));
    assertThat(typed.run("migration", "status", "shop")).isEqualTo(3);
    assertThat(typed.out()).contains("applied   unknown").contains("nobody can say");
  }

  @Test
  void migrationCommandsSayWhatTheyNeed() {
    assertThat(typed.run("migration")).isEqualTo(2);
    assertThat(typed.err()).contains("Write: rollout migration status SERVICE");
    assertThat(typed.run("migration", "status")).isEqualTo(2);
    assertThat(typed.err()).contains("of which Service?");
    assertThat(typed.run("migration", "contract", "shop")).isEqualTo(2);
    assertThat(typed.err()).contains("--strategy");
  }

  @Test
  void historyKnowsOneRevisionOrSaysWhichThereAre() {
    Instant noon = Instant.parse("2025-01-01T12:00:00Z");
    typed.verbs.history =
        List.of(
            new HistoryEntry(
                2,
                "bluegreen",
                "rolled-back",
                noon,
                Optional.of(noon.plusSeconds(90)),
                List.of("shop=shop:2"),
                "",
                "abc",
                "errors 7 %" + " and more".repeat(20),
                true,
                List.of(noon, noon, noon.plusMillis(40), noon.plusMillis(900)),
                "",
                0,
                Schema.UNKNOWN));

    assertThat(typed.run("history", "shop")).isZero();
    assertThat(typed.run("history", "shop", "--revision", "2")).isZero();
    assertThat(typed.run("history", "shop", "--revision", "9")).isEqualTo(3);

    assertThat(typed.out())
        .contains("1m30s")
        .contains("and more…\n")
        .contains("shop revision 2: rolled-back")
        .contains("detected      2025-01-01T12:00:00Z\n")
        .contains("observed      after 900 ms\n")
        .contains("only with --force");
    assertThat(typed.err()).contains("Revision 9 of shop is not in the history.  Known: [2]");
  }

  @Test
  void listShowsNamespacesOnlyWhenAskedForAll() {
    typed.verbs.statuses.add(status("settled"));

    typed.run("list");
    assertThat(typed.out()).startsWith("SERVICE").doesNotContain("prod");
    typed.run("list", "-A");
    assertThat(typed.out()).contains("NAMESPACE").contains("prod");
  }

  @ParameterizedTest
  @CsvSource({
    "bluegren, bluegreen",
    "rolback, rollback",
    "statsu, status",
    "promot, promote",
    "plam, plan"
  })
  void theNearestCommandIsShown(String written, String meant) {
    assertThat(typed.run(written, "shop")).isEqualTo(2);
    assertThat(typed.err()).contains("Did you mean " + meant + "?");
  }

  @Test
  void helpListsTheExitCodes() {
    assertThat(typed.run("help", "exit-codes")).isZero();
    for (ExitCode code : ExitCode.values()) {
      assertThat(typed.out().lines()).anyMatch(line -> line.startsWith(code.number() + " "));
    }
  }

  @Test
  void whatIsNotThereYetIsNotInTheHelp() {
    typed.run("--help");
    typed.run("bluegreen", "--help");

    assertThat(typed.out()).contains("rollback, abort, undo").doesNotContain("--report");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh", "fish"})
  void completionKnowsEveryFlag(String shell) {
    assertThat(typed.run("completion", shell)).isZero();
    assertThat(typed.out()).contains("bluegreen").contains("settle-timeout");
  }

  @Test
  void versionIsOneLine() {
    assertThat(typed.run("version")).isZero();
    assertThat(typed.out()).startsWith("rollout ").hasLineCount(1);
  }
}
