package rollout.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;

/** The Jobs of this program's own image. */
class ToolJobTests {
  private static final ToolJob TOOL =
      new ToolJob(
          "registry.example/rollout:1",
          "rollout",
          List.of("bluegreen", "shop"),
          Map.of("ROLLOUT_PROMETHEUS", "http://prometheus:9090"));
  private static final Doc DRIVER =
      TOOL.driver(
          "prod",
          "shop",
          new ToolJob.Found(
              "rollout-shop.files-x",
              Map.of("file-1", "deploy/shop.yaml"),
              Optional.of("rollout-notify")));

  private static Doc pod(Doc job) {
    return job.doc("spec", "template", "spec");
  }

  private static Doc container(Doc job) {
    return pod(job).docs("containers").getFirst();
  }

  @Test
  void podsMeetTheRestrictedProfile() {
    for (Doc job : List.of(DRIVER, TOOL.guard("prod", "shop"))) {
      assertThat(pod(job).isTrue("securityContext", "runAsNonRoot")).isTrue();
      assertThat(pod(job).textOrEmpty("securityContext", "seccompProfile", "type"))
          .isEqualTo("RuntimeDefault");
      Doc own = container(job).doc("securityContext");
      assertThat(own.has("allowPrivilegeEscalation")).isTrue();
      assertThat(own.isTrue("allowPrivilegeEscalation")).isFalse();
      assertThat(own.isTrue("readOnlyRootFilesystem")).isTrue();
      assertThat(own.textList("capabilities", "drop")).containsExactly("ALL");
      assertThat(pod(job).docs("volumes"))
          .allMatch(one -> one.has("emptyDir") || one.has("configMap") || one.has("secret"));
    }
  }

  @Test
  void decisionEndsTheJobAndADrainCostsNoRetry() {
    List<Doc> rules = DRIVER.docs("spec", "podFailurePolicy", "rules");
    assertThat(rules)
        .extracting(rule -> rule.textOrEmpty("action"))
        .containsExactly("FailJob", "Ignore", "Ignore", "Count");
    assertThat(rules.getFirst().doc("onExitCodes").json())
        .contains("[2,3,4,5,6,8,10]", "\"rollout\"");
    assertThat(rules.get(1).json()).contains("[7]");
    assertThat(rules.get(2).json()).contains("DisruptionTarget");
    assertThat(rules.getLast().json()).contains("[1,9,137,143]");
    assertThat(DRIVER.textOrEmpty("spec", "podReplacementPolicy")).isEqualTo("Failed");
    assertThat(DRIVER.number(0, "spec", "backoffLimit")).isEqualTo(6);
    assertThat(pod(DRIVER).textOrEmpty("restartPolicy")).isEqualTo("Never");
  }

  @Test
  void driverWaitsForItsFilesAndFindsThemAsTheyLie() {
    assertThat(DRIVER.isTrue("spec", "suspend")).isTrue();
    assertThat(pod(DRIVER).docs("volumes").getFirst().json())
        .contains("rollout-shop.files-x", "deploy/shop.yaml");
    assertThat(container(DRIVER).docs("volumeMounts").getFirst().textOrEmpty("mountPath"))
        .isEqualTo("/rollout");
  }

  @Test
  void keysOfASecretAreFilesForTheDriverOnly() {
    assertThat(pod(DRIVER).docs("volumes"))
        .anyMatch(one -> one.textOrEmpty("secret", "secretName").equals("rollout-notify"));
    assertThat(container(DRIVER).docs("volumeMounts"))
        .anyMatch(one -> one.textOrEmpty("mountPath").equals("/run/secrets/rollout"));
    assertThat(TOOL.guard("prod", "shop").json()).doesNotContain("secret");
    ToolJob.Found none = new ToolJob.Found("x", Map.of(), Optional.empty());
    assertThat(TOOL.driver("prod", "shop", none).json()).doesNotContain("secret", "configMap");
  }

  @Test
  void podKnowsItsJob() {
    assertThat(container(DRIVER).docs("env"))
        .anySatisfy(
            variable -> {
              assertThat(variable.textOrEmpty("name")).isEqualTo("ROLLOUT_JOB_UID");
              assertThat(variable.json()).contains("batch.kubernetes.io/controller-uid");
            });
  }

  @Test
  void longNamesAreCutAndDiffer() {
    String one = "a".repeat(62) + "x";
    String other = "a".repeat(62) + "y";
    assertThat(ToolJob.driverName(one)).hasSizeLessThanOrEqualTo(63).endsWith("-driver");
    assertThat(ToolJob.driverName(one)).isNotEqualTo(ToolJob.driverName(other));
    assertThat(ToolJob.guardName(one)).hasSizeLessThanOrEqualTo(63).endsWith("-guard");
  }

  @Test
  void filesGoWithTheirJob() {
    Doc job = Doc.of("metadata", Doc.of("name", "rollout-shop-driver", "uid", "0f4c"));
    Doc map = ToolJob.files("prod", "rollout-shop.files-x", "shop", Map.of("file-1", "text"), job);
    Doc owner = map.docs("metadata", "ownerReferences").getFirst();
    assertThat(owner.textOrEmpty("uid")).isEqualTo("0f4c");
    assertThat(map.texts("data")).containsEntry("file-1", "text");
  }
}
