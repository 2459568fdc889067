package rollout.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rollout.document.Doc;

class ApplierTests {
  private static Doc labelled(String name, String value) {
    return Doc.of("metadata", Doc.of("labels", Map.of(name, value)));
  }

  private static Doc annotated(Doc object, String name, String value) {
    return object.with(Map.of(name, value), "metadata", "annotations");
  }

  private static String stop(String manager, Doc object) {
    return Applier.of(manager, object)
        .map(one -> one.tool() + ": " + one.stoppedBy(object, ".spec.selector"))
        .orElse("nobody");
  }

  @ParameterizedTest
  @CsvSource({
    "argocd-controller, 'Argo CD: its Application needs ignoreDifferences with jqPathExpressions"
        + " .spec.selector and the sync option RespectIgnoreDifferences=true'",
    "argocd-application-controller, RespectIgnoreDifferences=true",
    "kustomize-controller, kustomize.toolkit.fluxcd.io/reconcile: disabled",
    "kustomize-controller, kustomize.toolkit.fluxcd.io/ssa: IfNotPresent",
    "kustomize-controller, set spec.suspend of its Kustomization",
    "helm-controller, helm.toolkit.fluxcd.io/driftDetection: disabled",
    "helm-controller, set spec.suspend of its HelmRelease",
    "helm, no helm upgrade of Helm release may come",
    "kubectl-edit, nobody",
    "'', nobody",
  })
  void managerTellsTheToolAndItsSetting(String manager, String told) {
    assertThat(stop(manager, Doc.EMPTY)).contains(told);
  }

  @Test
  void toolWhoseManagerHasANameOfItsOwnIsKnownByItsMarks() {
    assertThat(stop("pipeline", labelled("kustomize.toolkit.fluxcd.io/name", "apps")))
        .contains("its Kustomization apps");
    assertThat(stop("pipeline", labelled("argocd.argoproj.io/instance", "shop")))
        .startsWith("Argo CD: ");
    assertThat(stop("pipeline", Doc.EMPTY)).isEqualTo("nobody");
  }

  @Test
  void whatAPersonWroteNoToolHasWritten() {
    assertThat(stop("kubectl-edit", labelled("kustomize.toolkit.fluxcd.io/name", "apps")))
        .isEqualTo("nobody");
  }

  @Test
  void toolThatWasToldToLeaveItAloneIsNone() {
    Doc flux = labelled("kustomize.toolkit.fluxcd.io/name", "apps");
    Doc chart = labelled("helm.toolkit.fluxcd.io/name", "shop");
    assertThat(Applier.of(flux)).contains(Applier.KUSTOMIZE_CONTROLLER);
    assertThat(Applier.of(chart)).contains(Applier.HELM_CONTROLLER);
    Optional<Applier> none = Optional.empty();
    assertThat(Applier.of(annotated(flux, "kustomize.toolkit.fluxcd.io/reconcile", "disabled")))
        .isEqualTo(none);
    assertThat(Applier.of(annotated(flux, "kustomize.toolkit.fluxcd.io/ssa", "IfNotPresent")))
        .isEqualTo(none);
    assertThat(Applier.of(annotated(chart, "helm.toolkit.fluxcd.io/driftDetection", "disabled")))
        .isEqualTo(none);
  }
}
