package rollout.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rollout.document.Doc;
import rollout.model.ManifestDoc;
import rollout.yaml.Manifests;

class ManifestFilesTests {
  private static List<Doc> rbac() {
    return Manifests.read(Path.of("manifests/rbac.yaml")).stream()
        .map(ManifestDoc::object)
        .toList();
  }

  private static Doc role() {
    return rbac().stream()
        .filter(object -> object.textOrEmpty("kind").equals("Role"))
        .findFirst()
        .orElseThrow();
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
  void theRoleHasExactlyTheVerbsThatTheToolUses() {
    TreeMap<String, String> rules = new TreeMap<>();
    for (Doc rule : role().docs("rules")) {
      String group = String.join(",", rule.textList("apiGroups"));
      for (String resource : rule.textList("resources")) {
        rules.put(
            group.isEmpty() ? resource : group + "/" + resource,
            String.join(" ", rule.textList("verbs")));
      }
    }

    String all = "get list watch create patch delete";
    TreeMap<String, String> expected = new TreeMap<>();
    expected.put("services", all);
    expected.put("apps/deployments", all);
    expected.put("batch/jobs", all);
    expected.put("apps/replicasets", "get list watch");
    expected.put("pods", "get list watch");
    expected.put("discovery.k8s.io/endpointslices", "get list watch");
    expected.put("pods/log", "get");
    expected.put("configmaps", "get list watch create patch");
    expected.put("coordination.k8s.io/leases", "get list watch create patch");
    expected.put("events", "list create");
    expected.put("autoscaling/horizontalpodautoscalers", "get list");
    expected.put("policy/poddisruptionbudgets", "get list");
    expected.put("resourcequotas", "get list");
    expected.put("keda.sh/scaledobjects", "get list");
    expected.put("services/proxy", "get");
    assertThat(rules).isEqualTo(expected);
  }

  @Test
  void secretsAreNotRead() {
    assertThat(role().json()).doesNotContain("secrets").doesNotContain("*");
  }

  @ParameterizedTest
  @ValueSource(strings = {"github-actions.yaml", "gitlab-ci.yaml", "Jenkinsfile"})
  void eachPipelineReleasesByOneCommand(String file) throws IOException {
    assertThat(Files.readString(Path.of("examples", file)))
        .containsOnlyOnce("rollout bluegreen shop -n shop")
        .contains("--migrate migrate.yaml");
  }
}
