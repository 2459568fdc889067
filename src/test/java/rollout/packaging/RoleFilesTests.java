package rollout.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import rollout.document.Doc;
import rollout.model.ManifestDoc;
import rollout.plan.Access;
import rollout.plan.Contracts;
import rollout.plan.Feature;
import rollout.plan.RoleText;
import rollout.yaml.Manifests;

/**
 * The published Roles against the table of rights; {@code mvn test -Dtest=RoleFilesTests
 * -Drbac=write} writes them anew.
 */
class RoleFilesTests {
  /** What the file of a feature grants. */
  private static Set<Access> granted(Feature feature) {
    Set<Access> granted = new HashSet<>();
    for (ManifestDoc manifest : Manifests.read(file(feature))) {
      for (Doc rule : manifest.object().docs("rules")) {
        for (String group : rule.textList("apiGroups")) {
          for (String resource : rule.textList("resources")) {
            rule.textList("verbs").forEach(verb -> granted.add(new Access(verb, group, resource)));
          }
        }
      }
    }
    return granted;
  }

  private static Path file(Feature feature) {
    return feature == Feature.RELEASE
        ? Path.of("manifests/rbac.yaml")
        : Path.of("manifests/rbac", feature.word() + ".yaml");
  }

  @ParameterizedTest
  @EnumSource
  void fileIsThatOfTheTable(Feature feature) throws IOException {
    if ("write".equals(System.getProperty("rbac"))) {
      Files.writeString(file(feature), RoleText.published(feature));
    }
    assertThat(file(feature)).hasContent(RoleText.published(feature));
  }

  @ParameterizedTest
  @EnumSource
  void roleGrantsWhatThePreflightAsksForAndNothingElse(Feature feature) {
    assertThat(granted(feature)).containsExactlyInAnyOrderElementsOf(feature.accesses());
    assertThat(feature.accesses()).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource
  void noRoleReadsSecretsOrHasWildcards(Feature feature) {
    assertThat(feature.accesses())
        .allSatisfy(
            one ->
                assertThat(List.of(one.verb(), one.group(), one.resource()))
                    .doesNotContain("*", "secrets"));
  }

  @Test
  void whoReleasesMayAlsoStartJobsThatRelease() {
    assertThat(granted(Feature.RELEASE)).containsAll(granted(Feature.CALLER));
  }

  @Test
  void contractLooksAtEveryKindOfWorkload() {
    assertThat(Feature.CONTRACT.accesses())
        .containsExactlyInAnyOrderElementsOf(
            Contracts.kinds().stream()
                .map(kind -> new Access("get", kind.group(), kind.plural()))
                .toList());
  }

  @Test
  void everyFileIsOfAFeature() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("manifests/rbac"))) {
      assertThat(files.toList())
          .containsExactlyInAnyOrderElementsOf(
              Stream.of(Feature.values())
                  .filter(feature -> feature != Feature.RELEASE)
                  .map(RoleFilesTests::file)
                  .toList());
    }
  }
}
