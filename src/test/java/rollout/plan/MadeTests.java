package rollout.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rollout.document.Doc;
import rollout.model.Deployment;
import rollout.model.Marks;
import rollout.model.Selector;
import rollout.model.Service;

class MadeTests {
  private static final Doc NEW = Surveyed.template("demo:v2", Surveyed.SHOP);

  private static Deployment stable() {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("team", "web");
    labels.put("app.kubernetes.io/instance", "shop");
    labels.put("app.kubernetes.io/managed-by", "Helm");
    labels.put("helm.sh/chart", "shop-1.2");
    labels.put("argocd.argoproj.io/instance", "shop");
    labels.put("kustomize.toolkit.fluxcd.io/name", "shop");
    labels.put("helm.toolkit.fluxcd.io/name", "shop");
    Map<String, String> annotations = new LinkedHashMap<>();
    annotations.put("kubectl.kubernetes.io/last-applied-configuration", "{}");
    annotations.put("deployment.kubernetes.io/revision", "7");
    annotations.put("meta.helm.sh/release-name", "shop");
    annotations.put("argocd.argoproj.io/tracking-id", "shop:apps/Deployment");
    Doc live =
        Surveyed.shop()
            .deployment("shop")
            .doc()
            .with(labels, "metadata", "labels")
            .with(annotations, "metadata", "annotations")
            .with(true, "spec", "paused")
            .with(5, "spec", "minReadySeconds");
    return new Deployment(live);
  }

  @Test
  void theCopyHasNothingByWhichATrackerWouldTakeItForItsOwn() {
    Doc copy = Made.copy(stable(), NEW, "shop", 2, false);
    assertThat(copy.doc("metadata").without("annotations"))
        .isEqualTo(
            Doc.of(
                "name",
                "shop-r2",
                "namespace",
                "web",
                "labels",
                Map.of(
                    "team",
                    "web",
                    Marks.MANAGED_BY,
                    "rollout",
                    Marks.TARGET,
                    "shop",
                    Marks.REVISION,
                    "2")));
    assertThat(copy.texts("metadata", "annotations").keySet()).containsExactly(Marks.SPEC_HASH);
  }

  @Test
  void theCopyIsInertAndHasOneLabelMoreInPodsAndSelector() {
    Map<String, String> labels = Map.of("app", "shop", Marks.REVISION, "2");
    assertThat(Made.copy(stable(), NEW, "shop", 2, false).doc("spec"))
        .isEqualTo(
            Doc.of(
                "replicas",
                0,
                "minReadySeconds",
                5,
                "selector",
                Doc.of("matchLabels", labels),
                "template",
                NEW.with(labels, "metadata", "labels")));
  }

  @Test
  void anotherSpecIsAnotherHash() {
    Doc one = Made.copy(stable(), NEW, "shop", 2, false);
    Doc two = Made.copy(stable(), NEW.with("other", "metadata", "labels", "x"), "shop", 2, false);
    assertThat(one.texts("metadata", "annotations"))
        .isNotEqualTo(two.texts("metadata", "annotations"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 40, 50, 63, 253})
  void namesAreShortEnoughForTheirPodsAndDifferWhereTheirsDo(int length) {
    String a = "a".repeat(length);
    String b = "a".repeat(length - 1) + "b";
    for (String name :
        new String[] {Made.copyName(a, 12345), Made.jobName(a, 12345, JobRole.MIGRATE)}) {
      assertThat(name).hasSizeLessThanOrEqualTo(52).matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    }
    assertThat(Made.copyName(a, 1)).isNotEqualTo(Made.copyName(b, 1)).endsWith("-r1");
    assertThat(Made.jobName(a, 1, JobRole.SMOKE))
        .isNotEqualTo(Made.jobName(b, 1, JobRole.SMOKE))
        .endsWith("-r1-smoke");
  }

  @Test
  void shortNamesAreLeftAsTheyAre() {
    assertThat(Made.copyName("shop", 2)).isEqualTo("shop-r2");
    assertThat(Made.jobName("shop", 2, JobRole.MIGRATE)).isEqualTo("rollout-shop-r2-migrate");
  }

  /** Routers find endpoints by the port's name, and its protocol by appProtocol. */
  @Test
  void theCandidatesServiceHasThePortsOfStableButNoneOfTheNode() {
    Doc port =
        Doc.of(
            "name", "grpc", "port", 80, "targetPort", "http", "appProtocol", "kubernetes.io/h2c");
    Doc target =
        Doc.of("metadata", Doc.of("name", "shop", "namespace", "web"))
            .with(List.of(port.with(30080, "nodePort")), "spec", "ports")
            .with("Local", "spec", "externalTrafficPolicy");
    Selector selector = new Selector(Map.of("app", "shop"));
    Doc made = Made.preview(new Service(target), "shop-r2", 2, selector);
    assertThat(made.doc("spec"))
        .isEqualTo(Doc.of("type", "ClusterIP", "ports", List.of(port), "selector", selector.doc()));
  }
}
