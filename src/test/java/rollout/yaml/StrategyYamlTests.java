package rollout.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import rollout.migration.PresetJob;
import rollout.model.Check;
import rollout.model.Match;
import rollout.model.Measure;
import rollout.model.UserError;
import rollout.strategy.Canary;
import rollout.strategy.Candidate;
import rollout.strategy.Migration;
import rollout.strategy.Preset;
import rollout.strategy.PrometheusSource;
import rollout.strategy.RouteFile;
import rollout.strategy.Strategy;

class StrategyYamlTests {
  private static final String HEAD =
      "apiVersion: rollout/v1\nkind: BlueGreen\ntarget: {service: shop}\n";

  @TempDir Path folder;

  @Test
  void whatIsNotSaidHasItsDefault() throws IOException {
    assertThat(StrategyYaml.read(file(HEAD))).isEqualTo(Strategy.of("shop", ""));
  }

  @Test
  void readsEveryKey() throws IOException {
    job("migrate.yaml");
    job("smoke.yaml");
    Strategy read =
        StrategyYaml.read(
            file(
                """
                apiVersion: rollout/v1
                kind: BlueGreen
                target: {service: shop, namespace: store}
                candidate: {image: {shop: "registry.example/shop:2.0"}}
                from: shop-blue
                also: [shop-internal]
                ignore: [shop-debug]
                migration: {job: {file: migrate.yaml}}
                prometheus: {url: "svc:monitoring/prometheus:9090", timeout: 3s}
                metrics: micrometer
                checks:
                  - {name: e, template: http-error-rate, max: 2%, minRequests: 9, consecutive: 3}
                  - {name: l, template: http-p99, max: 300ms, every: 7s}
                  - {name: p, template: pod-health}
                  - {name: q, query: up, max: 5m, onFail: hold}
                blueGreen:
                  {preview: shop-preview, smoke: {file: smoke.yaml}, hold: true, bake: 0s, promotion: swap}
                limits:
                  timeout: 1m
                  gateTimeout: 2m
                  settleTimeout: 3m
                  noDataTimeout: 4m
                  deadline: 5m
                  keepFailed: 6m
                onNoData: rollback
                onUndecided: pass
                """));
    assertThat(read.migration().orElseThrow().job().place())
        .isEqualTo(folder.resolve("migrate.yaml") + ":1");
    assertThat(read.smoke().orElseThrow().place()).isEqualTo(folder.resolve("smoke.yaml") + ":1");
    assertThat(read)
        .isEqualTo(
            new Strategy(
                "shop",
                "store",
                Optional.of(new Candidate.Image(Map.of("shop", "registry.example/shop:2.0"))),
                Optional.of("shop-blue"),
                List.of("shop-internal"),
                List.of("shop-debug"),
                read.migration(),
                Optional.of(
                    new PrometheusSource("svc:monitoring/prometheus:9090", Duration.ofSeconds(3))),
                "micrometer",
                checks(),
                Optional.of("shop-preview"),
                read.smoke(),
                true,
                Duration.ZERO,
                Optional.of(Strategy.Promotion.SWAP),
                new Strategy.Limits(
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(2),
                    Duration.ofMinutes(3),
                    Duration.ofMinutes(4),
                    Optional.of(Duration.ofMinutes(5)),
                    Duration.ofMinutes(6)),
                Strategy.OnMissing.ROLLBACK,
                Strategy.OnMissing.PASS,
                Strategy.Permissions.NONE,
                Optional.empty(),
                List.of()));
  }

  @Test
  void readsWhatStableMustProve() throws IOException {
    job("migrate.yaml");
    Files.createDirectories(folder.resolve("db"));
    Files.writeString(folder.resolve("db/1.sql"), "-- rollout: expand\ncreate table a (b int);\n");
    Files.writeString(
        folder.resolve("db/2.sql"), "-- a note\n  -- rollout: contract floor=41\ndrop table a;\n");
    Files.createDirectories(folder.resolve("contract"));
    Files.writeString(folder.resolve("contract/3.sql"), "-- rollout: contract floor=42\n");
    Migration read =
        StrategyYaml.read(
                file(
                    HEAD
                        + """
                        migration:
                          job: {file: migrate.yaml}
                          compatibility:
                            freshPod: false
                            command: ["/app/selftest", "--quick"]
                            watchStable: 90s
                            onStableBroken: undo
                          undo: {command: ["migrate", "down"]}
                          schema: 43
                          floor: 40
                          lint: {files: ["db/*.sql"]}
                          contract: {files: ["contract/*.sql"], command: ["migrate", "contract"]}
                          database: billing/orders
                          sharedBy: [shop-worker, billing/reports]
                        """))
            .migration()
            .orElseThrow();
    assertThat(read)
        .isEqualTo(
            Migration.of(read.job())
                .proven(
                    new Migration.Compatibility(
                        false,
                        List.of("/app/selftest", "--quick"),
                        Duration.ofSeconds(90),
                        Migration.OnStableBroken.UNDO),
                    List.of("migrate", "down"))
                .numbered(43, 41)
                .contracted(Optional.of(new Migration.Contract(List.of("migrate", "contract"), 42)))
                .sharing(
                    new Migration.Sharing(
                        "billing/orders", List.of("shop-worker", "billing/reports"))));
  }

  @Test
  void readsAPresetAsTheJobThatItStandsFor() throws IOException {
    Files.writeString(folder.resolve("V1__orders.sql"), "create table orders (id int);\n");
    Migration read =
        StrategyYaml.read(
                file(
                    HEAD
                        + """
                        migration:
                          preset: flyway
                          image: candidate
                          env: {secret: shop-db-ddl}
                          deadline: 10m
                          lint: {files: ["*.sql"]}
                        """))
            .migration()
            .orElseThrow();
    PresetJob job =
        new PresetJob(
            Preset.FLYWAY,
            PresetJob.CANDIDATE,
            Optional.of("shop-db-ddl"),
            Duration.ofMinutes(10),
            List.of());
    assertThat(read).isEqualTo(job.migration(List.of("V1__orders.sql")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"db/*.sql", "*/2.sql", "db/2.sql", "../v[1] {x}/db/*.sql", "**.sql", "./db/*"})
  void patternsBeginInTheFolderOfTheFileWhateverItsName(String pattern) throws IOException {
    Path odd = Files.createDirectories(folder.resolve("v[1] {x}"));
    Files.createDirectories(odd.resolve("db"));
    Files.writeString(odd.resolve("db/2.sql"), "-- rollout: contract floor=41\n");
    Path file =
        Files.writeString(
            odd.resolve("shop.yaml"),
            HEAD + "migration: {preset: ef, image: candidate, lint: {files: ['" + pattern + "']}}");
    assertThat(StrategyYaml.read(file).migration().orElseThrow().floor()).isEqualTo(41);
  }

  @ParameterizedTest
  @CsvSource({
    "flyway, V2__a.sql, V2__b.sql",
    "flyway, V02.1__a.sql, V2_1__b.sql",
    "golang-migrate, 000002_a.up.sql, 2_b.up.sql"
  })
  void twoMigrationsOfOneVersionAreNamed(String preset, String one, String other)
      throws IOException {
    Files.writeString(folder.resolve(one), "select 1;\n");
    Files.writeString(folder.resolve(other), "select 1;\n");
    assertThatThrownBy(
            () ->
                StrategyYaml.read(
                    file(
                        HEAD
                            + "migration: {preset: "
                            + preset
                            + ", image: a, lint: {files: ['*.sql']}}")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("two migrations of one version: " + one + " and " + other + ".");
  }

  @Test
  void floorOfASqlFileThatIsNoNumberHasItsPlace() throws IOException {
    job("migrate.yaml");
    Files.writeString(folder.resolve("2.sql"), "\n  -- rollout: contract floor=v42\n");
    Files.writeString(folder.resolve("3.sql"), "-- rollout: contract\n");
    assertThatThrownBy(
            () ->
                StrategyYaml.read(
                    file(
                        HEAD + "migration: {job: {file: migrate.yaml}, lint: {files: ['*.sql']}}")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("2.sql:2:3: a contract whose floor 'v42' is no number.")
        .hasMessageContaining("3.sql:1:1: a contract without a floor.")
        .hasMessageContaining("Write '-- rollout: contract floor=42'");
  }

  private static List<Check> checks() {
    Duration usual = Check.EVERY;
    Check.OnFail back = Check.OnFail.ROLLBACK;
    return List.of(
        new Check("e", new Measure.ErrorRate(), 0.02, 9, usual, 3, back),
        new Check("l", new Measure.Latency(0.99), 0.3, 50, Duration.ofSeconds(7), 2, back),
        Check.of("p", new Measure.PodHealth(), 0),
        new Check("q", new Measure.Expression("up"), 300, 0, usual, 2, Check.OnFail.HOLD));
  }

  @Test
  void readsTheCandidatesFilesFromTheFolderOfTheStrategy() throws IOException {
    job("a.yaml");
    job("b.yaml");
    Strategy read = StrategyYaml.read(file(HEAD + "candidate: {files: [a.yaml, b.yaml]}\n"));
    assertThat(((Candidate.Manifests) read.candidate().orElseThrow()).documents())
        .extracting(document -> document.place())
        .containsExactly(folder.resolve("a.yaml") + ":1", folder.resolve("b.yaml") + ":1");
  }

  @ParameterizedTest
  @MethodSource
  void refusesAKey(String line, String message) throws IOException {
    assertRefused(HEAD + line + "\n", message);
  }

  static Stream<Arguments> refusesAKey() {
    return Stream.of(
        Arguments.of(
            "blueGreen: {prevew: p}",
            "shop.yaml:4:13: unknown key 'prevew' in blueGreen.  Did you mean 'preview'?"),
        Arguments.of(
            "bake: 3m",
            "shop.yaml:4:1: unknown key 'bake'.  It belongs in blueGreen, or in canary."),
        Arguments.of(
            "canary: {steps: [{weight: 5}]}",
            "shop.yaml:4:9: canary is not for kind BlueGreen.  Write 'kind: Canary'."),
        Arguments.of(
            "? [a, b]\n: c",
            "shop.yaml:4:3: unknown key 'a list'.  Known here: apiVersion, kind, target, candidate,"
                + " from, also, ignore, migration, prometheus, metrics, checks, blueGreen, canary,"
                + " limits, onNoData, onUndecided, notify."),
        Arguments.of(
            "target: {service: other}",
            "shop.yaml:4:1: 'target' is there twice, first in line 3.  Keep one."),
        Arguments.of(
            "blueGreen: {bake: 300}",
            "shop.yaml:4:19: blueGreen.bake must be a duration with a unit (ms, s, m, h, d), but is"
                + " 300.  Write 'bake: 300s' if these are seconds."),
        Arguments.of(
            "blueGreen: {bake: -5m}",
            "shop.yaml:4:19: blueGreen.bake must be a duration with a unit (ms, s, m, h, d), but is"
                + " '-5m'.  Write for example 'bake: 5m'."),
        Arguments.of(
            "blueGreen: {bake: }",
            "shop.yaml:4:18: blueGreen.bake must be a duration with a unit (ms, s, m, h, d), but is"
                + " empty.  Write for example 'bake: 5m'."),
        Arguments.of(
            "limits: {timeout: 0s}",
            "shop.yaml:4:19: limits.timeout must be a duration with a unit (ms, s, m, h, d), above"
                + " 0, but is '0s'.  Write for example 'timeout: 10m'."),
        Arguments.of(
            "limits: {gateTimeout: 1.5h}",
            "shop.yaml:4:23: limits.gateTimeout must be a duration with a unit (ms, s, m, h, d),"
                + " above 0, but is '1.5h'.  Write for example 'gateTimeout: 24h'."),
        Arguments.of(
            "limits: {settleTimeout: 9999d}",
            "shop.yaml:4:25: limits.settleTimeout is longer than 365d: '9999d'.  Write a shorter"
                + " one."),
        Arguments.of(
            "limits: {noData: 3m}",
            "shop.yaml:4:10: unknown key 'noData' in limits.  Did you mean 'noDataTimeout'?"),
        Arguments.of(
            "blueGreen: {hold: yes}",
            "shop.yaml:4:19: blueGreen.hold must be true or false, but is 'yes'.  Write for example"
                + " 'hold: true'."),
        Arguments.of(
            "blueGreen: {promotion: swop}",
            "shop.yaml:4:24: blueGreen.promotion must be one of copy, swap, but is 'swop'.  Did you"
                + " mean 'swap'?"),
        Arguments.of(
            "metrics: ngnix",
            "shop.yaml:4:10: metrics must be one of auto, http, micrometer, istio, traefik, nginx,"
                + " but is 'ngnix'.  Did you mean 'nginx'?"),
        Arguments.of(
            "onNoData: wait",
            "shop.yaml:4:11: onNoData must be one of hold, rollback, pass, but is 'wait'.  Write"
                + " for example 'onNoData: hold'."),
        Arguments.of(
            "from: 2024",
            "shop.yaml:4:7: from must be the name of a Deployment, but is 2024.  Write it in"
                + " quotes: 'from: \"2024\"'."),
        Arguments.of(
            "also: shop",
            "shop.yaml:4:7: also must be a list, but is 'shop'.  Write for example 'also:"
                + " [shop-internal]'."),
        Arguments.of(
            "ignore: [a, {b: c}]",
            "shop.yaml:4:13: ignore[1] must be the name of a Service, but is a mapping.  Write for"
                + " example 'ignore: [shop-debug]'."),
        Arguments.of(
            "also: [a, shop]",
            "shop.yaml:4:11: Service 'shop' is in also and in target.service.  Keep one."),
        Arguments.of(
            "also: [a]\nignore: [a]",
            "shop.yaml:5:10: Service 'a' is in ignore and in also.  Keep one."),
        Arguments.of("also: [a, a]", "shop.yaml:4:11: Service 'a' is twice in also.  Keep one."),
        Arguments.of(
            "blueGreen: {preview: shop}",
            "shop.yaml:4:22: Service 'shop' is in blueGreen.preview and in target.service.  Keep"
                + " one."),
        Arguments.of(
            "candidate: {}",
            "shop.yaml:4:12: candidate needs exactly one of image, deployment, files, but has none."
                + "  Add one."),
        Arguments.of(
            "candidate: {image: {shop: x}, deployment: y}",
            "shop.yaml:4:12: candidate needs exactly one of image, deployment, files, but has image"
                + " and deployment.  Keep one."),
        Arguments.of(
            "candidate: {image: shop:2}",
            "shop.yaml:4:20: candidate.image must be a mapping from container to image, but is"
                + " 'shop:2'.  Write for example 'image: {shop: \"registry.example/shop:2.0\"}'."),
        Arguments.of(
            "candidate: {image: {}}",
            "shop.yaml:4:20: candidate.image names no container.  Write for example 'image: {shop:"
                + " \"…\"}'."),
        Arguments.of(
            "candidate: {image: {Shop: \"a b\"}}",
            "shop.yaml:4:21: a key of candidate.image must be the name of a container, but is"
                + " 'Shop'.  Write for example 'image: {shop: \"…\"}'.\n"
                + "shop.yaml:4:27: candidate.image.Shop must be an image reference, but is 'a b'. "
                + " Write for example 'Shop: \"registry.example/shop:2.0\"'."),
        Arguments.of(
            "candidate: {image: {a: x, a: y}}",
            "shop.yaml:4:27: 'a' is there twice in candidate.image.  Keep one."),
        Arguments.of(
            "candidate: {files: []}",
            "shop.yaml:4:20: candidate.files is an empty list.  Write for example 'files:"
                + " [deploy.yaml]'."),
        Arguments.of(
            "candidate: {files: [nope.yaml, .]}",
            "shop.yaml:4:21: nope.yaml: there is no such file.  Check the path.\n"
                + "shop.yaml:4:32: .: is a directory.  Name a file in it."),
        Arguments.of(
            "migration: {preset: flyway}",
            "shop.yaml:4:21: preset flyway has no image.  Add 'image: candidate' for the"
                + " candidate's own, or a reference."),
        Arguments.of(
            "migration: {preset: ef, image: a, schema: 41, floor: 42}",
            "shop.yaml:4:54: the floor 42 is above the newest migration, 41.  A floor is the oldest"
                + " migration that a version must have been built with."),
        Arguments.of(
            "migration: {preset: ef, image: a, contract: {command: [efbundle]}}",
            "shop.yaml:4:45: the contract has no floor, so nobody knows which versions can outlive"
                + " it.  Add 'floor: 42', or '-- rollout: contract floor=42' to one of its files."),
        Arguments.of(
            "migration: {floor: 3}",
            "shop.yaml:4:12: migration needs a job, a preset or helmHook.  Add 'job: {file:"
                + " migrate.yaml}', or 'preset: flyway'."),
        Arguments.of(
            "migration: {preset: flyway, image: candidate, job: {file: m.yaml}}",
            "shop.yaml:4:21: migration has job and preset, which would be two.  Keep one."),
        Arguments.of(
            "migration: {preset: flyway, image: candidate, helmHook: true}",
            "shop.yaml:4:57: migration has preset and helmHook, which would be two.  Keep one."),
        Arguments.of(
            "migration: {preset: rails, image: candidate, env: {secret: DB URL}}",
            "shop.yaml:4:21: migration.preset must be one of flyway, alembic, flask,"
                + " golang-migrate, ef, liquibase, but is 'rails'.  Write for example 'preset:"
                + " flyway'.\n"
                + "shop.yaml:4:60: migration.env.secret must be the name of a Secret, but is 'DB"
                + " URL'.  Write for example 'secret: shop-db-ddl'."),
        Arguments.of(
            "migration: {job: {file: m.yaml}, deadline: 5m}",
            "shop.yaml:4:25: m.yaml: there is no such file.  Check the path.\n"
                + "shop.yaml:4:44: migration.deadline is for a preset; a Job says it itself.  Write"
                + " it into the Job's manifest."),
        Arguments.of(
            "migration: {job: {file: m.yaml}, floor: soon, compatibility: {onStableBroken: undo}}",
            "shop.yaml:4:25: m.yaml: there is no such file.  Check the path.\n"
                + "shop.yaml:4:41: migration.floor must be a whole number from 1 to"
                + " 999999999999999999, but is 'soon'.  Write for example 'floor: 42'.\n"
                + "shop.yaml:4:79: onStableBroken: undo, but the migration has no undo.  Add"
                + " 'undo: {command: [\"migrate\", \"down\"]}', or write 'onStableBroken: hold'."),
        Arguments.of(
            "migration: {job: {file: nope.yaml}}",
            "shop.yaml:4:25: nope.yaml: there is no such file.  Check the path."),
        Arguments.of(
            "migration: {job: {file: shop.yaml}}",
            "shop.yaml:2:7: a Job is expected, but this is rollout/v1 BlueGreen.  Write"
                + " 'apiVersion: batch/v1' and 'kind: Job'."),
        Arguments.of(
            "prometheus: {url: \"prometheus:9090\"}",
            "shop.yaml:4:19: prometheus.url 'prometheus:9090' is no http or https URL.  Write"
                + " 'http://prometheus.monitoring:9090', or 'svc:NAMESPACE/NAME:PORT'."),
        Arguments.of(
            "prometheus: {url: \"svc:monitoring/prometheus\"}",
            "shop.yaml:4:19: prometheus.url 'svc:monitoring/prometheus' is no"
                + " svc:NAMESPACE/NAME:PORT.  Write 'http://prometheus.monitoring:9090', or"
                + " 'svc:NAMESPACE/NAME:PORT'."),
        Arguments.of(
            "prometheus: http://x",
            "shop.yaml:4:13: prometheus must be a mapping with url, timeout, but is 'http://x'. "
                + " Write for example 'prometheus: {url: \"http://prometheus.monitoring:9090\"}'."),
        Arguments.of(
            "checks: [{name: a}]",
            "shop.yaml:4:10: checks[0] has neither template nor query.  Add 'template:"
                + " http-error-rate', or a query."),
        Arguments.of(
            "checks: [{template: pod-health}]",
            "shop.yaml:4:10: 'name' is missing in checks[0].  Add 'name: errors'."),
        Arguments.of(
            "checks: [{name: a, template: http-p99}]",
            "shop.yaml:4:10: 'max' is missing in checks[0].  Add 'max: 300ms'."),
        Arguments.of(
            "checks: [{name: a, template: http-error-rate, max: 101%}]",
            "shop.yaml:4:52: checks[0].max of http-error-rate must be a percentage above 0 % and up"
                + " to 100 %, but is '101%'.  Write for example 'max: 1%'."),
        Arguments.of(
            "checks: [{name: a, template: http-error-rate, max: -1%}]",
            "shop.yaml:4:52: checks[0].max must be a number, a percentage or a duration with a"
                + " unit, but is '-1%'.  Write for example 'max: 1%'."),
        Arguments.of(
            "checks: [{name: a, template: http-error-rate, max: 5}]",
            "shop.yaml:4:52: checks[0].max of http-error-rate must be a percentage above 0 % and up"
                + " to 100 %, but is 5.  Write for example 'max: 1%'."),
        Arguments.of(
            "checks: [{name: a, template: http-p99, max: 300}]",
            "shop.yaml:4:45: checks[0].max of http-p99 must be a duration with a unit, above 0, but"
                + " is 300.  Write for example 'max: 300ms'."),
        Arguments.of(
            "checks: [{name: a, template: http-eror-rate, max: 1%}]",
            "shop.yaml:4:30: checks[0].template must be one of http-error-rate, http-p99,"
                + " pod-health, but is 'http-eror-rate'.  Did you mean 'http-error-rate'?"),
        Arguments.of(
            "checks: [{name: a, template: http-p99, query: up, max: 1s}]",
            "shop.yaml:4:47: checks[0] has both template and query.  Keep one."),
        Arguments.of(
            "checks: [{name: a, query: up, max: 1, minRequests: 5}]",
            "shop.yaml:4:52: checks[0].minRequests means nothing for a query.  Drop it."),
        Arguments.of(
            "checks: [{name: a, query: up, max: '5'}]",
            "shop.yaml:4:36: checks[0].max must be a number, a percentage or a duration with a"
                + " unit, but is '5'.  Write it without quotes."),
        Arguments.of(
            "checks: [{name: a, template: pod-health, max: 1}]",
            "shop.yaml:4:47: checks[0].max means nothing for pod-health.  Drop it."),
        Arguments.of(
            "checks: [{name: a, template: http-p99, max: 1s, minRequests: -5}]",
            "shop.yaml:4:62: checks[0].minRequests must be a whole number from 1 to 1000000000, but"
                + " is -5.  Write for example 'minRequests: 50'."),
        Arguments.of(
            "checks: [{name: a, template: http-p99, max: 1s, onFail: stop}]",
            "shop.yaml:4:57: checks[0].onFail must be one of rollback, hold, but is 'stop'.  Write"
                + " for example 'onFail: hold'."),
        Arguments.of(
            "checks: [{name: a, template: http-p99, max: 1s, versus: stable}]",
            "shop.yaml:4:49: unknown key 'versus' in checks[0].  Known here: name, template, query,"
                + " max, minRequests, every, consecutive, onFail."),
        Arguments.of(
            "checks: [{name: a, template: pod-health}, {name: a, template: pod-health}]",
            "shop.yaml:4:50: the name 'a' is taken by checks[0].  Give each check a name of its"
                + " own."),
        Arguments.of(
            "checks: [x]",
            "shop.yaml:4:10: checks[0] must be a mapping with name, template, query, max,"
                + " minRequests, every, consecutive, onFail, but is 'x'.  Write for example"
                + " 'checks: [{name: errors, template: http-error-rate, max: 1%}]'."),
        Arguments.of(
            "blueGreen:\n\tbake: 5m",
            "shop.yaml:5:1: a tab, where YAML allows only spaces.  Indent with spaces."),
        Arguments.of(
            "blueGreen:\n  bake: 5m\n\thold: true",
            "shop.yaml:6:1: a tab, where YAML allows only spaces.  Indent with spaces."),
        Arguments.of(
            "from: \tx: y",
            "shop.yaml:4:7: a tab, where YAML allows only spaces.  Indent with spaces."),
        Arguments.of(
            "a: b: c",
            "shop.yaml:4:5: not valid YAML: mapping values are not allowed here.  Quote a value"
                + " that contains ': ', and check the indentation."),
        Arguments.of(
            "a: [",
            "shop.yaml:5:1: not valid YAML: expected the node content, but found '<stream end>'. "
                + " Check the indentation and the quotes up to here."),
        Arguments.of(
            "a: *b",
            "shop.yaml:4:4: not valid YAML: found undefined alias b.  Quote a value that begins"
                + " with '*'."),
        Arguments.of("from: !foo x", "shop.yaml:4:7: unknown tag '!foo'.  Quote the value."),
        Arguments.of(
            "from: @x",
            "shop.yaml:4:7: not valid YAML: found character '@' that cannot start any token.  Quote"
                + " the value."),
        Arguments.of(
            "checks: [{name: a, query: {{candidate}}, max: 1}]",
            "shop.yaml:4:27: checks[0].query must be text, but is a mapping.  Write for example"
                + " 'query: \"sum(up)\"'."),
        Arguments.of(
            "from: \0",
            "shop.yaml:4:7: a character that YAML does not allow: U+0000.  Is it a text file?"),
        Arguments.of(
            "---\na: b",
            "shop.yaml:5:1: a second document begins here, but a strategy file has one.  Put it"
                + " into a file of its own."));
  }

  @ParameterizedTest
  @MethodSource
  void refusesAFile(String text, String message) throws IOException {
    assertRefused(text, message);
  }

  static Stream<Arguments> refusesAFile() {
    return Stream.of(
        Arguments.of("", "shop.yaml: is empty.  Begin with 'apiVersion: rollout/v1'."),
        Arguments.of(
            "# nothing\n---\n", "shop.yaml: is empty.  Begin with 'apiVersion: rollout/v1'."),
        Arguments.of(
            "- a\n",
            "shop.yaml:1:1: a strategy file must be a mapping, but this is a list.  Begin with"
                + " 'apiVersion: rollout/v1'."),
        Arguments.of(
            "apiVersion: rollout/v1\n",
            "shop.yaml:1:1: 'kind' is missing.  Add 'kind: BlueGreen'.\n"
                + "shop.yaml:1:1: 'target' is missing.  Add 'target: {service: shop}'."),
        Arguments.of(
            "apiVersion: rollout/v1\nkind: Canary\ncanary: {}\n",
            "shop.yaml:1:1: 'target' is missing.  Add 'target: {service: shop}'.\n"
                + "shop.yaml:3:9: 'steps' is missing in canary.  Add 'steps: [{weight: 5, for: 2m},"
                + " {gate: manual}, {weight: 50, for: 5m}]'."),
        Arguments.of(
            "apiVersion: rollout/v2\nkind: BlueGreen\n",
            "shop.yaml:1:13: this rollout does not know rollout/v2.  Write 'apiVersion:"
                + " rollout/v1', or use a newer rollout."),
        Arguments.of(
            "apiVersion: rolout/v1\nkind: bluegreen\ntarget: {servce: shop}\n",
            "shop.yaml:1:13: apiVersion must be 'rollout/v1', but is 'rolout/v1'.  Write"
                + " 'apiVersion: rollout/v1'.\n"
                + "shop.yaml:2:7: kind must be one of BlueGreen, Canary, but is 'bluegreen'.  Did"
                + " you mean 'BlueGreen'?\n"
                + "shop.yaml:3:9: 'service' is missing in target.  Add 'service: shop'.\n"
                + "shop.yaml:3:10: unknown key 'servce' in target.  Did you mean 'service'?"),
        Arguments.of(
            "apiVersion: rollout/v1\nkind: BlueGreen\ntarget: shop\n",
            "shop.yaml:3:9: target must be a mapping with service, namespace, but is 'shop'.  Write"
                + " for example 'target: {service: shop}'."));
  }

  private static final String CANARY =
      "apiVersion: rollout/v1\nkind: Canary\ntarget: {service: shop}\n";

  @Test
  void readsACanary() throws IOException {
    Strategy read =
        StrategyYaml.read(
            file(
                CANARY
                    + """
                    checks: [{name: errors, template: http-error-rate, max: 1%}]
                    canary:
                      router: gateway-api
                      routes: [web, infra/web]
                      steps: [{weight: 5}, {gate: manual}, {weight: 50, for: 5m, checks: [errors]}]
                      match: {header: x-canary, value: "yes"}
                      maxEffectiveWeight: 20
                      bake: 1m
                    """));
    assertThat(read.canary())
        .contains(
            new Canary(
                List.of(
                    new Canary.Weight(5, Canary.STEP, List.of()),
                    new Canary.Gate(),
                    new Canary.Weight(50, Duration.ofMinutes(5), List.of("errors"))),
                "gateway-api",
                List.of("web", "infra/web"),
                Optional.of(new Match(Match.Part.HEADER, "x-canary", "yes")),
                Optional.of(20),
                Optional.empty()));
    assertThat(read.bake()).isEqualTo(Duration.ofMinutes(1));
  }

  private String withRoute(String manifest) throws IOException {
    Files.writeString(folder.resolve("route.yaml"), manifest);
    return CANARY + "canary: {steps: [{weight: 5}], route: {file: route.yaml}}\n";
  }

  @Test
  void readsTheRouteOfACanaryWithItsPlaces() throws IOException {
    RouteFile route =
        StrategyYaml.read(
                file(
                    withRoute(
                        """
                        # ours
                        apiVersion: gateway.networking.k8s.io/v1
                        kind: HTTPRoute
                        metadata: {name: web}
                        spec:
                          rules:
                            - backendRefs:
                                - {name: shop, port: 80}
                        """)))
            .canary()
            .flatMap(Canary::route)
            .orElseThrow();
    String file = folder.resolve("route.yaml").toString();
    assertThat(route).hasToString("HTTPRoute web");
    assertThat(route.place()).isEqualTo(file + ":2:1");
    assertThat(route.at("spec", "rules", "0", "backendRefs", "0", "name"))
        .isEqualTo(file + ":8:18");
    assertThat(route.at("metadata", "namespace")).isEqualTo(file + ":4:11");
  }

  static Stream<Arguments> fileOfARouteHasOneObject() {
    return Stream.of(
        Arguments.of("kind: HTTPRoute", "route.yaml:1:1: a manifest without apiVersion."),
        Arguments.of(
            "{apiVersion: x/v1, kind: A, metadata: {name: b}}\n---\n"
                + "{apiVersion: x/v1, kind: A, metadata: {name: c}}",
            "route.yaml:3:1: a second manifest, where one route is expected."),
        Arguments.of("# nothing", "route.yaml: is empty."));
  }

  @ParameterizedTest
  @MethodSource
  void fileOfARouteHasOneObject(String manifest, String says) throws IOException {
    Path file = file(withRoute(manifest));
    assertThatThrownBy(() -> StrategyYaml.read(file))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(says);
  }

  @ParameterizedTest
  @MethodSource
  void refusesACanary(String canary, String message) throws IOException {
    assertRefused(CANARY + canary, message);
  }

  static Stream<Arguments> refusesACanary() {
    return Stream.of(
        Arguments.of(
            "canary: {steps: [{weight: 25}, {weight: 5}]}",
            "shop.yaml:4:41: canary.steps[1]: 5 % comes after 25 %, and weights do not fall.  Order"
                + " them: to go back there is rollout rollback."),
        Arguments.of(
            "canary: {steps: [{weight: 25}, {weight: 25}]}",
            "shop.yaml:4:41: canary.steps[1]: 25 % is there twice.  Each step must be more than the"
                + " one before."),
        Arguments.of(
            "canary: {steps: [{weight: 100}]}",
            "shop.yaml:4:27: canary.steps[0]: 100 % is not a step: all of the traffic follows the"
                + " last one.  Leave it out."),
        Arguments.of(
            "canary: {steps: [{weight: 140}]}",
            "shop.yaml:4:27: canary.steps[0].weight must be a whole number from 0 to 100, but is"
                + " 140.  Write for example 'weight: 25'."),
        Arguments.of(
            "canary: {steps: [{weight: 5, for: 2}]}",
            "shop.yaml:4:35: canary.steps[0].for must be a duration with a unit (ms, s, m, h, d),"
                + " above 0, but is 2.  Write 'for: 2s' if these are seconds."),
        Arguments.of(
            "canary: {steps: [{gate: manual}]}",
            "shop.yaml:4:17: canary.steps has no weight.  Add for example 'weight: 5'."),
        Arguments.of(
            "canary: {steps: [{weight: 5, gate: manual}]}",
            "shop.yaml:4:18: canary.steps[0] has both weight and gate.  Make two steps of it."),
        Arguments.of(
            "canary: {steps: [{weight: 5, checks: [errors]}]}",
            "shop.yaml:4:39: canary.steps[0] names check 'errors', which is not among the checks. "
                + " Add it to 'checks' first."),
        Arguments.of(
            "blueGreen: {}\ncanary: {steps: [{weight: 5}]}",
            "shop.yaml:4:12: blueGreen is not for kind Canary.  Write its keys into 'canary', or"
                + " 'kind: BlueGreen'."));
  }

  private void assertRefused(String text, String message) throws IOException {
    Path file = file(text);
    assertThatThrownBy(() -> StrategyYaml.read(file))
        .isInstanceOf(UserError.class)
        .satisfies(e -> assertThat(relative(e.getMessage())).isEqualTo(message));
  }

  private String relative(String message) {
    return message.replace(folder + "/", "");
  }

  @Test
  void saysEverythingThatIsWrongInTheOrderOfTheFile() throws IOException {
    assertRefused(
        HEAD
            + "checks:\n"
            + "- {name: a, query: up, max: x}\n"
            + "- {name: a, template: pod-helth}\n"
            + "bak: 5m\n",
        """
        shop.yaml:5:29: checks[0].max must be a number, a percentage or a duration with a unit, but is 'x'.  Write for example 'max: 1%'.
        shop.yaml:6:10: the name 'a' is taken by checks[0].  Give each check a name of its own.
        shop.yaml:6:23: checks[1].template must be one of http-error-rate, http-p99, pod-health, but is 'pod-helth'.  Did you mean 'pod-health'?
        shop.yaml:7:1: unknown key 'bak'.  Known here: apiVersion, kind, target, candidate, from, also, ignore, migration, prometheus, metrics, checks, blueGreen, canary, limits, onNoData, onUndecided, notify.\
        """);
  }

  @Test
  void saysWhatIsWrongInTheFilesThatItNames() throws IOException {
    Files.writeString(folder.resolve("m.yaml"), "apiVersion: batch/v1\nkind: Jobb\n");
    assertRefused(
        HEAD + "migration: {job: {file: m.yaml}}\nfrm: x\n",
        """
        m.yaml:2:7: a Job is expected, but this is batch/v1 Jobb.  Write 'apiVersion: batch/v1' and 'kind: Job'.
        shop.yaml:5:1: unknown key 'frm'.  Did you mean 'from'?\
        """);
  }

  @Test
  void refusesTenMegabytesWithoutReadingThem() throws IOException {
    assertRefused(
        HEAD + "#".repeat(10_000_000),
        "shop.yaml: is larger than 1 MiB.  A strategy file is a page of text; is it the right"
            + " file?");
  }

  @Test
  void refusesTooManyKeys() throws IOException {
    assertRefused(
        HEAD + "x: y\n".repeat(100_000),
        "shop.yaml:9998:1: more than 20000 keys and values.  Is it the right file?");
  }

  @Test
  void refusesWhatIsNotUtf8() throws IOException {
    Path file =
        Files.write(
            folder.resolve("shop.yaml"),
            (HEAD + "# caf\u00e9\n").getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> StrategyYaml.read(file))
        .hasMessage(file + ":4:6: not UTF-8 from here on.  Save the file as UTF-8.");
  }

  @Test
  void refusesADirectory() {
    assertThatThrownBy(() -> StrategyYaml.read(folder))
        .hasMessage(folder + ": is a directory.  Name a file in it.");
  }

  @Test
  void refusesAFileThatIsNotThere() {
    Path file = folder.resolve("nope.yaml");
    assertThatThrownBy(() -> StrategyYaml.read(file))
        .hasMessage(file + ": there is no such file.  Check the path.");
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("shop.yaml"), text);
  }

  private void job(String name) throws IOException {
    Files.writeString(
        folder.resolve(name),
        "apiVersion: batch/v1\nkind: Job\nmetadata: {name: m}\n"
            + "spec: {template: {spec: {restartPolicy: Never, containers: [{name: a}]}}}\n");
  }
}
