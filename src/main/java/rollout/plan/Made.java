package rollout.plan;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import rollout.document.Doc;
import rollout.model.Deployment;
import rollout.model.Hashes;
import rollout.model.Marks;
import rollout.model.Selector;
import rollout.model.Service;

/** The objects that a release makes, computed from those that are there. */
final class Made {
  /** Longest name of a Deployment from which its pods' names can still be made. */
  private static final int NAME_LIMIT = 52;

  private static final Set<String> TRACKING_LABELS =
      Set.of("app.kubernetes.io/instance", "helm.sh/chart", Marks.MANAGED_BY);

  /** Starts of labels by which a GitOps or packaging tool knows what it may delete. */
  private static final List<String> TRACKING_PREFIXES =
      List.of(
          "argocd.argoproj.io/",
          "meta.helm.sh/",
          "kustomize.toolkit.fluxcd.io/",
          "helm.toolkit.fluxcd.io/");

  private Made() {}

  /** {@code STABLE-rN}. */
  static String copyName(String stable, int revision) {
    String tail = "-r" + revision;
    return Hashes.name(stable, NAME_LIMIT - tail.length()) + tail;
  }

  /** {@code STABLE-rN-fresh}. */
  static String freshName(String stable, int revision) {
    String tail = "-r" + revision + "-" + Marks.FRESH;
    return Hashes.name(stable, NAME_LIMIT - tail.length()) + tail;
  }

  /**
   * Stable as it serves, for one fresh pod that no Service of ours selects: the hash of its
   * template is another, and so is its track in prepared mode.
   */
  static Doc freshCopy(
      Deployment stable, Doc serving, String target, int revision, boolean prepared) {
    Doc template =
        serving
            .with(Marks.FRESH, "metadata", "labels", Marks.ROLE)
            .with(target, "metadata", "labels", Marks.TARGET);
    Doc labels =
        Doc.of(stable.doc().texts("spec", "selector", "matchLabels")).with(Marks.FRESH, Marks.ROLE);
    if (prepared) {
      template = template.with(Marks.FRESH, "metadata", "labels", Marks.TRACK);
      labels = labels.has(Marks.TRACK) ? labels.with(Marks.FRESH, Marks.TRACK) : labels;
    }
    Doc spec =
        stable
            .doc()
            .doc("spec")
            .without("paused")
            .with(0, "replicas")
            .with(labels, "selector", "matchLabels")
            .with(template, "template");
    return Doc.of(
        "apiVersion",
        "apps/v1",
        "kind",
        "Deployment",
        "metadata",
        metadata(
            freshName(stable.name(), revision),
            stable.doc().textOrEmpty("metadata", "namespace"),
            ownLabels(stable.doc(), target, revision),
            spec),
        "spec",
        spec);
  }

  /** {@code rollout-TARGET-rN-migrate}. */
  static String jobName(String target, int revision, JobRole role) {
    String tail = "-r" + revision + "-" + role.word();
    return Hashes.name("rollout-" + target, NAME_LIMIT - tail.length()) + tail;
  }

  /** The copy: stable's spec with another template, one label more, and no pods. */
  static Doc copy(Deployment stable, Doc template, String target, int revision, boolean prepared) {
    String name = copyName(stable.name(), revision);
    Doc marked = template.with(String.valueOf(revision), "metadata", "labels", Marks.REVISION);
    Doc labels =
        Doc.of(stable.doc().texts("spec", "selector", "matchLabels"))
            .with(String.valueOf(revision), Marks.REVISION);
    if (prepared) {
      marked = marked.with("candidate", "metadata", "labels", Marks.TRACK);
      labels = labels.has(Marks.TRACK) ? labels.with("candidate", Marks.TRACK) : labels;
    }
    Doc spec =
        stable
            .doc()
            .doc("spec")
            .without("paused")
            .with(0, "replicas")
            .with(labels, "selector", "matchLabels")
            .with(marked, "template");
    return Doc.of(
        "apiVersion",
        "apps/v1",
        "kind",
        "Deployment",
        "metadata",
        metadata(
            name,
            stable.doc().textOrEmpty("metadata", "namespace"),
            ownLabels(stable.doc(), target, revision),
            spec),
        "spec",
        spec);
  }

  private static Map<String, String> ownLabels(Doc stable, String target, int revision) {
    Map<String, String> labels = new LinkedHashMap<>(stable.texts("metadata", "labels"));
    labels.keySet().removeAll(TRACKING_LABELS);
    labels.keySet().removeIf(name -> TRACKING_PREFIXES.stream().anyMatch(name::startsWith));
    labels.putAll(marks(target, revision));
    return labels;
  }

  static Map<String, String> marks(String target, int revision) {
    return Map.of(
        Marks.MANAGED_BY,
        Marks.MANAGER,
        Marks.TARGET,
        target,
        Marks.REVISION,
        String.valueOf(revision));
  }

  private static Doc metadata(String name, String namespace, Map<String, String> labels, Doc spec) {
    return Doc.of(
        "name", name,
        "namespace", namespace,
        "labels", labels,
        "annotations", Map.of(Marks.SPEC_HASH, Hashes.of(spec)));
  }

  /** A Service for a look at the candidate: S's ports, no addresses, no annotations. */
  static Doc preview(Service target, String name, int revision, Selector selector) {
    List<Doc> ports =
        target.doc().docs("spec", "ports").stream().map(port -> port.without("nodePort")).toList();
    return Doc.of(
        "apiVersion",
        "v1",
        "kind",
        "Service",
        "metadata",
        Doc.of(
            "name", name,
            "namespace", target.doc().textOrEmpty("metadata", "namespace"),
            "labels", marks(target.name(), revision)),
        "spec",
        Doc.of("type", "ClusterIP", "ports", ports, "selector", selector.doc()));
  }

  /**
   * A manifest of a first release: in this namespace, with our labels, and without pods until they
   * are wanted.
   */
  static Doc installed(Doc manifest, String namespace, String target, int revision) {
    Doc spec = manifest.doc("spec").with(0, "replicas");
    return manifest
        .with(namespace, "metadata", "namespace")
        .with(Marks.MANAGER, "metadata", "labels", Marks.MANAGED_BY)
        .with(target, "metadata", "labels", Marks.TARGET)
        .with(Hashes.of(manifest.doc("spec")), "metadata", "annotations", Marks.SPEC_HASH)
        .with(spec, "spec")
        .with(String.valueOf(revision), "metadata", "labels", Marks.REVISION);
  }
}
