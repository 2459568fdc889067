package rollout.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;
import rollout.model.ManifestDoc;
import rollout.plan.ToolJob;
import rollout.yaml.Manifests;

class ManifestFilesTests {
  private static List<Doc> rbac() {
    return Manifests.read(Path.of("manifests/rbac.yaml")).stream()
        .map(ManifestDoc::object)
        .toList();
  }

  @Test
  void theRoleIsNamespacedAndBoundToItsAccount() {
    assertThat(rbac())
        .extracting(
            object -> object.textOrEmpty("kind") + " " + object.textOrEmpty("metadata", "name"))
        .containsExactly("ServiceAccount rollout", "Role rollout", "RoleBinding rollout");
    assertThat(rbac().getLast().textOrEmpty("roleRef", "name")).isEqualTo("rollout");
    assertThat(rbac().getLast().docs("subjects"))
        .containsExactly(Doc.of("kind", "ServiceAccount", "name", "rollout"));
  }

  @Test
  void jobOfTheManifestsIsTheOneOfInCluster() {
    Doc file =
        Manifests.read(Path.of("manifests/job.yaml")).stream()
            .map(ManifestDoc::object)
            .filter(object -> object.textOrEmpty("kind").equals("Job"))
            .findFirst()
            .orElseThrow();
    ToolJob tool = new ToolJob("x", "rollout", List.of(), Map.of());
    ToolJob.Found found = new ToolJob.Found("rollout-strategy", Map.of("k", "p"), Optional.empty());
    Doc made = tool.driver("n", "shop", found);
    for (String member : List.of("backoffLimit", "podReplacementPolicy", "podFailurePolicy")) {
      assertThat(text(file, "spec", member)).isEqualTo(text(made, "spec", member));
    }
    Doc filePod = file.doc("spec", "template", "spec");
    Doc madePod = made.doc("spec", "template", "spec");
    for (String member :
        List.of(
            "restartPolicy",
            "serviceAccountName",
            "terminationGracePeriodSeconds",
            "securityContext")) {
      assertThat(text(filePod, member)).isEqualTo(text(madePod, member));
    }
    Doc fileContainer = filePod.docs("containers").getFirst();
    Doc madeContainer = madePod.docs("containers").getFirst();
    for (String member : List.of("name", "env", "resources", "securityContext", "volumeMounts")) {
      assertThat(text(fileContainer, member)).isEqualTo(text(madeContainer, member));
    }
  }

  private static String text(Doc doc, String... path) {
    return Doc.EMPTY.with(doc.value(path), path).canonical();
  }
}
