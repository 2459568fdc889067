package rollout.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rollout.document.Doc;
import rollout.model.ManifestDoc;
import rollout.model.RefusedError;
import rollout.strategy.Candidate;
import rollout.strategy.JobFile;
import rollout.strategy.Migration;

/** Helm's and Argo CD's hooks, sorted out and made into one Job. */
class HooksTests {
  private final Findings findings = new Findings();

  private static Doc job(String name, String image, Map<String, String> annotations) {
    return Doc.of(
        "apiVersion",
        "batch/v1",
        "kind",
        "Job",
        "metadata",
        Doc.of("name", name, "annotations", annotations),
        "spec",
        Doc.of(
            "template",
            Doc.of("spec", Doc.of("containers", List.of(Doc.of("name", "main", "image", image))))));
  }

  private static Map<String, String> helm(String events, int weight) {
    return Map.of("helm.sh/hook", events, "helm.sh/hook-weight", String.valueOf(weight));
  }

  private Hooks hooks(Doc... documents) {
    return hooks(false, documents);
  }

  private Hooks hooks(boolean install, Doc... documents) {
    List<ManifestDoc> all = new ArrayList<>();
    for (Doc document : documents) {
      all.add(new ManifestDoc("chart.yaml:" + (1 + all.size()), document));
    }
    return Hooks.of(new Candidate.Manifests(all), install, findings);
  }

  private String refused(Hooks hooks) {
    try {
      hooks.migration(findings);
      findings.check();
    } catch (RefusedError e) {
      return e.getMessage();
    }
    throw new AssertionError("not refused");
  }

  private static List<String> images(JobFile job) {
    List<String> images = new ArrayList<>();
    Doc pod = job.manifest().doc("spec", "template", "spec");
    pod.docs("initContainers").forEach(one -> images.add(one.textOrEmpty("image")));
    pod.docs("containers").forEach(one -> images.add("* " + one.textOrEmpty("image")));
    return images;
  }

  @Test
  void jobsRunByWeightThenByNameOneAfterTheOtherInOnePod() {
    Hooks hooks =
        hooks(
            job("a-check", "check:1", helm("pre-install, Pre-Upgrade", 3)),
            job("c-seed", "seed:1", helm("pre-upgrade", -1)),
            job("b-migrate", "migrate:1", helm("pre-upgrade", -1)));
    JobFile job = hooks.migration(findings).orElseThrow();
    assertThat(images(job)).containsExactly("migrate:1", "seed:1", "* check:1");
    assertThat(job.manifest().doc("spec", "template", "spec").docs("initContainers"))
        .extracting(one -> one.textOrEmpty("name"))
        .containsExactly("b-migrate-main", "c-seed-main");
    assertThat(job.manifest().doc("spec").has("activeDeadlineSeconds")).isFalse();
  }

  @Test
  void oneJobStaysAsItIs() {
    Doc one = job("migrate", "migrate:1", helm("pre-upgrade", 0));
    assertThat(hooks(one).migration(findings).orElseThrow().manifest()).isEqualTo(one);
  }

  @Test
  void deadlinesAddUpWhereAllHaveOne() {
    Doc first = job("a", "a", helm("pre-upgrade", 0)).with(60, "spec", "activeDeadlineSeconds");
    Doc second = job("b", "b", helm("pre-upgrade", 1)).with(30, "spec", "activeDeadlineSeconds");
    assertThat(
            hooks(first, second)
                .migration(findings)
                .orElseThrow()
                .manifest()
                .number(0, "spec", "activeDeadlineSeconds"))
        .isEqualTo(90);
  }

  @ParameterizedTest
  @CsvSource({
    "helm.sh/hook, pre-upgrade, true, false",
    "helm.sh/hook, pre-install, false, true",
    "helm.sh/hook, 'pre-install,pre-upgrade', true, true",
    "helm.sh/hook, post-upgrade, false, false",
    "helm.sh/hook, test, false, false",
    "argocd.argoproj.io/hook, PreSync, true, true",
    "argocd.argoproj.io/hook, PostSync, false, false",
    "rollout/migration, expand, true, true",
    "rollout/migration, contract, false, false",
  })
  void whatRunsBeforeAnUpgradeAndBeforeAnInstall(
      String annotation, String events, boolean upgrade, boolean install) {
    Doc one = job("migrate", "migrate:1", Map.of(annotation, events));
    assertThat(hooks(false, one).migration(findings).isPresent()).isEqualTo(upgrade);
    assertThat(hooks(true, one).migration(findings).isPresent()).isEqualTo(install);
  }

  @Test
  void hooksThatAreNotRunAndThoseThatMustBeThereAreNamed() {
    hooks(
        job("warm", "warm:1", helm("post-upgrade", 0)),
        job("migrate", "migrate:1", helm("pre-upgrade", 0)),
        Doc.of(
            "kind",
            "ServiceAccount",
            "metadata",
            Doc.of("name", "migrator", "annotations", helm("pre-upgrade", -9))));
    assertThat(findings.warnings())
        .containsExactly(
            "Helm would run the hook migrate again. Keep it from that: helm upgrade --no-hooks",
            "hooks that must be in the cluster already: ServiceAccount migrator",
            "hooks that are not run: Job warm (post-upgrade)");
  }

  @Test
  void argoWouldRunItAgainToo() {
    hooks(job("migrate", "migrate:1", Map.of("argocd.argoproj.io/hook", "PreSync")));
    assertThat(findings.warnings())
        .containsExactly(
            "Argo CD would run the hook migrate again at its next sync. Keep it from that:"
                + " argocd.argoproj.io/hook: Skip");
  }

  @Test
  void wordThatHelmDoesNotKnowIsNotSkippedInSilence() {
    assertThat(refused(hooks(job("migrate", "migrate:1", helm("pre-upgrad", 0)))))
        .contains("chart.yaml:1: helm.sh/hook 'pre-upgrad' is no hook of Helm")
        .contains("Known: crd-install, post-delete,");
  }

  @Test
  void hookThatWouldMigrateSeveralTimesAtOnceIsRefused() {
    Doc three = job("a", "a", helm("pre-upgrade", 0)).with(3, "spec", "parallelism");
    assertThat(refused(hooks(three))).contains("the hook a has parallelism 3");
  }

  @Test
  void podThatMigratesIsRefused() {
    Doc pod =
        Doc.of(
            "kind",
            "Pod",
            "metadata",
            Doc.of("name", "migrate", "annotations", helm("pre-upgrade", 0)));
    assertThat(refused(hooks(pod))).contains("Pod migrate is a hook before the upgrade");
  }

  @Test
  void jobsThatCannotShareAPodAreRefused() {
    Doc plain = job("b", "b", helm("pre-upgrade", 1));
    Doc other =
        job("a", "a", helm("pre-upgrade", 0))
            .with("migrator", "spec", "template", "spec", "serviceAccountName");
    assertThat(refused(hooks(other, plain)))
        .contains("the hooks a and b differ in serviceAccountName");
  }

  @Test
  void jobsOfSeveralContainersAndVolumesOfOneNameAreRefused() {
    Doc two =
        job("a", "a", helm("pre-upgrade", 0))
            .with(
                List.of(Doc.of("name", "x"), Doc.of("name", "y")),
                "spec",
                "template",
                "spec",
                "containers")
            .with(
                List.of(Doc.of("name", "sql", "emptyDir", Doc.EMPTY)),
                "spec",
                "template",
                "spec",
                "volumes");
    Doc other =
        job("b", "b", helm("pre-upgrade", 1))
            .with(
                List.of(Doc.of("name", "sql", "configMap", Doc.of("name", "sql"))),
                "spec",
                "template",
                "spec",
                "volumes");
    assertThat(refused(hooks(two, other)))
        .contains("the hook a has several containers at once")
        .contains("two hooks have different volumes of one name");
  }

  @Test
  void twoMigrationsOfOneVersionAreRefused() {
    Migration asked = Migration.of(new JobFile("migrate.yaml:1", Doc.EMPTY));
    Hooks hooks = hooks(job("migrate", "migrate:1", helm("pre-upgrade", 0)));
    hooks.or(Optional.of(asked), findings);
    assertThatThrownBy(findings::check)
        .isInstanceOf(RefusedError.class)
        .hasMessageContaining(
            "chart.yaml:1: the hook migrate is a migration, and another one is asked for:"
                + " migrate.yaml:1");
  }

  @Test
  void strategyThatNamesTheHooksGivesThemTheirTerms() {
    Migration terms = Migration.ofHooks().numbered(43, 41);
    Doc one = job("migrate", "migrate:1", helm("pre-upgrade", 0));
    Migration migration = hooks(one).or(Optional.of(terms), findings).orElseThrow();
    assertThat(migration.job()).isEqualTo(new JobFile("chart.yaml:1", one));
    assertThat(migration.floor()).isEqualTo(41);
    assertThat(Hooks.NONE.or(Optional.of(terms), findings)).isEmpty();
    assertThatThrownBy(findings::check)
        .hasMessageContaining("migration.helmHook: no hook Job of the manifests runs before");
  }

  @Test
  void configMapsForTheHooksAreMadeUnderOurName() {
    Doc config =
        Doc.of(
            "apiVersion",
            "v1",
            "kind",
            "ConfigMap",
            "metadata",
            Doc.of("name", "sql", "annotations", helm("pre-upgrade", -5)),
            "data",
            Doc.of("1.sql", "select 1"));
    Doc job =
        job("migrate", "migrate:1", helm("pre-upgrade", 0))
            .with(
                List.of(Doc.of("name", "sql", "configMap", Doc.of("name", "sql"))),
                "spec",
                "template",
                "spec",
                "volumes")
            .with(
                List.of(
                    Doc.of(
                        "name",
                        "sql",
                        "image",
                        "sql",
                        "envFrom",
                        List.of(Doc.of("configMapRef", Doc.of("name", "sql"))))),
                "spec",
                "template",
                "spec",
                "containers");
    Prepared prepared =
        Surveyed.shop().manifests(Surveyed.manifest("shop", "demo:v2"), config, job).prepare();
    String name = "rollout-shop-r2-sql";
    assertThat(prepared.release().database().helpers()).containsExactly(name);
    Doc made = prepared.materials().helpers().get(name);
    assertThat(made.texts("data")).containsEntry("1.sql", "select 1");
    assertThat(made.textOrEmpty("metadata", "name")).isEqualTo(name);
    Doc pod = prepared.materials().jobs().get(JobRole.MIGRATE).doc("spec", "template", "spec");
    assertThat(pod.docs("volumes").getFirst().textOrEmpty("configMap", "name")).isEqualTo(name);
    assertThat(pod.docs("volumes").getFirst().textOrEmpty("name")).isEqualTo("sql");
    Doc container = pod.docs("containers").getFirst();
    assertThat(container.docs("envFrom").getFirst().textOrEmpty("configMapRef", "name"))
        .isEqualTo(name);
    assertThat(container.textOrEmpty("image")).isEqualTo("sql");
  }
}
