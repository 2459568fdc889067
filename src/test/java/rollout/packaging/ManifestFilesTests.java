package rollout.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;
import rollout.model.ManifestDoc;
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
}
