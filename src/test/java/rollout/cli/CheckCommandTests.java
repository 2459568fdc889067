package rollout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rollout.document.Doc;
import rollout.model.ManifestDoc;
import rollout.plan.Access;
import rollout.plan.Feature;
import rollout.plan.Missing;
import rollout.run.RightsAnswer;
import rollout.run.RightsQuestion;
import rollout.yaml.Manifests;

class CheckCommandTests {
  private static final Missing PATCH =
      Missing.of(
          Feature.RELEASE,
          "prod",
          List.of(new Access("patch", "", "services"), new Access("list", "", "pods")));
  private static final Missing PROXY =
      Missing.of(
          Feature.PROMETHEUS, "monitoring", List.of(new Access("get", "", "services/proxy")));

  @TempDir Path folder;

  private final Typed typed = new Typed();

  private RightsQuestion asked() {
    return (RightsQuestion) typed.verbs.asked.getFirst();
  }

  private void answer(Missing... missing) {
    typed.verbs.rights =
        new RightsAnswer("prod", List.of(Feature.RELEASE), List.of(missing), List.of());
  }

  @Test
  void whenNothingIsMissingNothingIsPrinted() {
    answer();

    assertThat(typed.run("check", "--rbac", "-n", "prod")).isZero();

    assertThat(typed.out()).isEmpty();
    assertThat(typed.err())
        .isEqualTo("Nothing is missing in namespace prod, asked for: release.\n");
    assertThat(asked())
        .isEqualTo(new RightsQuestion(Optional.empty(), false, Optional.empty(), Optional.empty()));
  }

  @Test
  void whatIsMissingIsARoleForKubectl() throws Exception {
    answer(PATCH, PROXY);

    assertThat(typed.run("check", "shop", "--rbac")).isEqualTo(3);

    Path file = Files.writeString(folder.resolve("missing.yaml"), typed.out());
    List<Doc> objects = Manifests.read(file).stream().map(ManifestDoc::object).toList();
    assertThat(objects)
        .extracting(
            one ->
                one.textOrEmpty("kind")
                    + " in "
                    + one.textOrEmpty("metadata", "namespace")
                    + " "
                    + one.docs("rules").stream().map(rule -> rule.textList("verbs")).toList())
        .containsExactly(
            "Role in prod [[patch], [list]]",
            "RoleBinding in prod []",
            "Role in monitoring [[get]]",
            "RoleBinding in monitoring []");
    assertThat(typed.out())
        .startsWith("# missing for: release\n")
        .contains("  # the switch; preview Services\n")
        .contains("# fill in whom");
    assertThat(typed.err()).startsWith("Something is missing in namespace prod");
  }

  @Test
  void asJsonItIsOneRuleALine() {
    answer(PATCH);

    assertThat(typed.run("check", "--rbac", "-o", "json")).isEqualTo(3);

    assertThat(typed.out().lines().map(Doc::parse))
        .extracting(one -> one.textOrEmpty("feature") + " " + one.textList("resources"))
        .containsExactly("release [services]", "release [pods]");
  }

  @Test
  void flagsSayForWhat() {
    answer();
    String prometheus = "svc:monitoring/prometheus:9090";

    assertThat(
            typed.run("check", "shop", "--rbac", "--router", "istio", "--prometheus", prometheus))
        .isZero();

    assertThat(asked())
        .isEqualTo(
            new RightsQuestion(
                Optional.of("shop"), false, Optional.of("istio"), Optional.of("monitoring")));
  }

  @Test
  void whoOnlyStartsJobsNeedsLess() {
    answer();

    assertThat(typed.run("check", "--rbac", "--in-cluster")).isZero();

    assertThat(asked().calling()).isTrue();
  }

  @Test
  void whatMayNotBeLookedAtIsSaid() {
    typed.verbs.rights =
        new RightsAnswer("prod", List.of(Feature.RELEASE), List.of(), List.of("virtualservices"));

    assertThat(typed.run("check", "--rbac")).isZero();

    assertThat(typed.err()).contains("nobody knows").contains("virtualservices");
  }

  @Test
  void withoutRbacItSaysWhatItCan() {
    assertThat(typed.run("check", "shop")).isEqualTo(2);
    assertThat(typed.err())
        .contains("So far it can only ask for rights.")
        .contains("rollout check --rbac");
    assertThat(typed.verbs.asked).isEmpty();
  }

  @Test
  void unknownRouterIsRefused() {
    assertThat(typed.run("check", "--rbac", "--router", "isto")).isEqualTo(2);
    assertThat(typed.err()).contains("Did you mean istio?");
  }
}
