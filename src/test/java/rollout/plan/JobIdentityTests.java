package rollout.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import rollout.document.Doc;
import rollout.migration.PresetJob;
import rollout.strategy.JobFile;
import rollout.strategy.Migration;
import rollout.strategy.Preset;

/** Whose rights a Job of a release has: never those of whoever makes it. */
class JobIdentityTests {
  private static final String ACCOUNT = "serviceAccountName";
  private static final Doc CANDIDATE =
      Doc.of(
          "spec",
          Doc.of(
              ACCOUNT,
              "shop",
              "containers",
              List.of(Doc.of("name", "shop", "image", "registry.example/shop:2.0"))));

  private static Doc pod(Migration migration) {
    Doc job =
        new Jobs(Surveyed.shop().survey(), "shop", 3)
            .migrating(Optional.of(migration), CANDIDATE)
            .made()
            .get(JobRole.MIGRATE);
    return job.doc("spec", "template", "spec");
  }

  private static Migration given(Doc pod) {
    return Migration.of(
        new JobFile("migrate.yaml", Doc.of("spec", Doc.of("template", Doc.of("spec", pod)))));
  }

  @ParameterizedTest
  @EnumSource
  void presetHasNoTokenAndNobodysAccount(Preset preset) {
    PresetJob job =
        new PresetJob(
            preset, PresetJob.CANDIDATE, Optional.empty(), Duration.ofMinutes(1), List.of());

    Doc pod = pod(job.migration(List.of()));

    assertThat(pod.docs("containers").getFirst().textOrEmpty("image"))
        .isEqualTo("registry.example/shop:2.0");
    assertThat(pod.has(ACCOUNT)).isFalse();
    assertThat(pod.value("automountServiceAccountToken")).isEqualTo(false);
  }

  @Test
  void manifestSaysWhoseRightsItHas() {
    Doc container = Doc.of("name", "migrate", "image", "candidate");
    Doc plain = Doc.of("containers", List.of(container));

    assertThat(pod(given(plain)).has(ACCOUNT)).isFalse();
    assertThat(pod(given(plain.with("migrator", ACCOUNT))).textOrEmpty(ACCOUNT))
        .isEqualTo("migrator");
  }
}
