package rollout.model;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import rollout.document.Doc;

/**
 * A tool that applies objects from files again and again, and would so write back what a release
 * changes; and the setting by which it leaves that alone.
 */
public enum Applier {
  /** Its manager is named so by default; {@code kubectl} and CI have other names. */
  ARGO_CD("Argo CD", "argocd") {
    @Override
    boolean marks(Map<String, String> labels, Map<String, String> annotations) {
      return annotations.containsKey("argocd.argoproj.io/tracking-id")
          || labels.containsKey("argocd.argoproj.io/instance");
    }

    @Override
    public String stoppedBy(Doc object, String jq) {
      return "its Application needs ignoreDifferences with jqPathExpressions "
          + jq
          + " and the sync option RespectIgnoreDifferences=true";
    }
  },

  /** Of Flux, for plain manifests. */
  KUSTOMIZE_CONTROLLER("Flux", "kustomize-controller") {
    @Override
    boolean marks(Map<String, String> labels, Map<String, String> annotations) {
      return labels.containsKey(KUSTOMIZE + "name");
    }

    @Override
    boolean isOff(Map<String, String> annotations) {
      return annotations.getOrDefault(KUSTOMIZE + "reconcile", "").equals("disabled")
          || annotations.getOrDefault(KUSTOMIZE + "ssa", "").equals("IfNotPresent");
    }

    @Override
    public String stoppedBy(Doc object, String jq) {
      return "annotate it with kustomize.toolkit.fluxcd.io/reconcile: disabled for the release (or"
          + " in Git with kustomize.toolkit.fluxcd.io/ssa: IfNotPresent), or set"
          + " spec.suspend of its Kustomization"
          + called(object, KUSTOMIZE);
    }
  },

  /** Of Flux, for charts. */
  HELM_CONTROLLER("Flux", "helm-controller") {
    @Override
    boolean marks(Map<String, String> labels, Map<String, String> annotations) {
      return labels.containsKey(HELM + "name");
    }

    @Override
    boolean isOff(Map<String, String> annotations) {
      return annotations.getOrDefault(HELM + "driftDetection", "").equals("disabled");
    }

    @Override
    public String stoppedBy(Doc object, String jq) {
      return "annotate it with helm.toolkit.fluxcd.io/driftDetection: disabled for the release, or"
          + " set spec.suspend of its HelmRelease"
          + called(object, HELM);
    }
  },

  /** By hand or by a pipeline: it writes at an upgrade only. */
  HELM_COMMAND("Helm", "helm") {
    @Override
    boolean marks(Map<String, String> labels, Map<String, String> annotations) {
      return annotations.containsKey(RELEASE);
    }

    @Override
    public String stoppedBy(Doc object, String jq) {
      String release = object.texts("metadata", "annotations").getOrDefault(RELEASE, "");
      return "no helm upgrade of Helm release"
          + (release.isEmpty() ? "" : " " + release)
          + " may come during a release";
    }
  };

  private static final String KUSTOMIZE = "kustomize.toolkit.fluxcd.io/";
  private static final String HELM = "helm.toolkit.fluxcd.io/";
  private static final String RELEASE = "meta.helm.sh/release-name";

  private final String tool;
  private final String manager;

  Applier(String tool, String manager) {
    this.tool = tool;
    this.manager = manager;
  }

  /** By what stands on an object; empty: nobody's, or one that was told to leave it alone. */
  public static Optional<Applier> of(Doc object) {
    Map<String, String> annotations = object.texts("metadata", "annotations");
    return Arrays.stream(values())
        .filter(one -> one.marks(object.texts("metadata", "labels"), annotations))
        .findFirst()
        .filter(one -> !one.isOff(annotations));
  }

  /**
   * By the name of a field manager, else by what stands on the object. What a person writes with
   * kubectl no tool has written.
   */
  public static Optional<Applier> of(String fieldManager, Doc object) {
    Optional<Applier> named =
        Arrays.stream(values()).filter(one -> fieldManager.startsWith(one.manager)).findFirst();
    return named.isPresent() || fieldManager.isEmpty() || fieldManager.startsWith("kubectl")
        ? named
        : of(object);
  }

  abstract boolean marks(Map<String, String> labels, Map<String, String> annotations);

  boolean isOff(Map<String, String> annotations) {
    return false;
  }

  /** As people call it. */
  public String tool() {
    return tool;
  }

  /**
   * What to set so that it does not write back.
   *
   * @param jq what a release changes of the object, as jq names it
   */
  public abstract String stoppedBy(Doc object, String jq);

  static String called(Doc object, String prefix) {
    String name = object.texts("metadata", "labels").getOrDefault(prefix + "name", "");
    return name.isEmpty() ? "" : " " + name;
  }
}
