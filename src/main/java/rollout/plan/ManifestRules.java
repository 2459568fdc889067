package rollout.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.Deployment;
import rollout.model.Kind;
import rollout.model.ManifestDoc;
import rollout.strategy.Candidate;

/** What else may stand in the manifests beside the Deployment: what is in the cluster already. */
final class ManifestRules {
  private ManifestRules() {}

  /**
   * Everything else must be in the cluster as it stands there: a release changes one template and
   * nothing beside it.
   */
  static void check(
      Candidate.Manifests manifests, Survey survey, Deployment stable, Findings findings) {
    for (ManifestDoc document : manifests.documents()) {
      if (Hooks.isHook(document)) {
        continue;
      }
      if (document.object().textOrEmpty("kind").equals("Deployment")) {
        deployment(document, stable, findings);
      } else {
        other(document, survey, findings);
      }
    }
  }

  private static void other(ManifestDoc document, Survey survey, Findings findings) {
    Doc wanted = document.object();
    String key = wanted.textOrEmpty("kind") + "/" + wanted.textOrEmpty("metadata", "name");
    Doc live = survey.live().get(key);
    if (live != null && isSecret(wanted)) {
      findings.warn(
          document.place()
              + ": "
              + key
              + " is not compared with the cluster, since no content of a Secret is read. If it"
              + " has changed, apply it before: kubectl apply.");
      return;
    }
    Optional<String> difference =
        live == null ? Optional.of("it is not in the cluster") : difference(wanted, live);
    difference.ifPresent(
        what ->
            findings.refuse(
                document.place() + ": " + key + " differs from the cluster: " + what,
                "A release changes the Deployment's template only; apply the rest before: kubectl"
                    + " apply."));
  }

  private static void deployment(ManifestDoc document, Deployment stable, Findings findings) {
    String name = document.object().textOrEmpty("metadata", "name");
    if (!name.equals(stable.name())) {
      findings.refuse(
          document.place()
              + ": Deployment "
              + name
              + " is not the one that serves, "
              + stable.name(),
          "Give it that name, or release it with --to.");
    }
    Doc spec = document.object().doc("spec").without("template").without("replicas");
    contained(spec.members(), stable.doc().doc("spec").members(), "spec")
        .ifPresent(
            what ->
                findings.refuse(
                    document.place()
                        + ": Deployment "
                        + name
                        + " differs in more than its template: "
                        + what,
                    "Apply that before: a release changes the template only."));
  }

  private static boolean isSecret(Doc wanted) {
    return wanted.textOrEmpty("kind").equals(Kind.SECRET.kind())
        && wanted.textOrEmpty("apiVersion").equals(Kind.SECRET.apiVersion());
  }

  private static Optional<String> difference(Doc wanted, Doc live) {
    Doc without = wanted.without("metadata").without("status");
    return contained(without.members(), live.members(), "")
        .or(
            () ->
                contained(
                    wanted.texts("metadata", "labels"),
                    live.texts("metadata", "labels"),
                    "metadata.labels"));
  }

  /** Where the wanted tree is not in the live one; defaults that the server added do not count. */
  private static Optional<String> contained(
      @Nullable Object wanted, @Nullable Object live, String path) {
    if (wanted instanceof Map<?, ?> map) {
      Map<?, ?> there = live instanceof Map<?, ?> other ? other : Map.of();
      return map.entrySet().stream()
          .map(
              entry ->
                  contained(
                      entry.getValue(),
                      there.get(entry.getKey()),
                      path.isEmpty()
                          ? String.valueOf(entry.getKey())
                          : path + "." + entry.getKey()))
          .flatMap(Optional::stream)
          .findFirst();
    }
    if (wanted instanceof List<?> list) {
      if (!(live instanceof List<?> there) || there.size() != list.size()) {
        return Optional.of(path);
      }
      for (int i = 0; i < list.size(); i++) {
        Optional<String> one = contained(list.get(i), there.get(i), path + "[" + i + "]");
        if (one.isPresent()) {
          return one;
        }
      }
      return Optional.empty();
    }
    return same(wanted, live) ? Optional.empty() : Optional.of(path);
  }

  private static boolean same(@Nullable Object wanted, @Nullable Object live) {
    return wanted == null || (live != null && String.valueOf(wanted).equals(String.valueOf(live)));
  }
}
