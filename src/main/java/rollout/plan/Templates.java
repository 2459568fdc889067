package rollout.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.document.Doc;
import rollout.model.Deployment;
import rollout.model.ManifestDoc;
import rollout.model.Marks;
import rollout.model.Near;
import rollout.model.RefusedError;
import rollout.model.ReplicaSet;
import rollout.strategy.Candidate;

/** The pod template that shall serve. */
public final class Templates {
  private Templates() {}

  /** The template of a candidate that becomes a copy of stable. */
  static Doc of(Candidate candidate, Survey survey, Deployment stable) {
    return switch (candidate) {
      case Candidate.Image image -> withImages(stable, image);
      case Candidate.Manifests manifests -> fromManifests(manifests, survey, stable);
      case Candidate.Revision revision -> ofRevision(revision.number(), survey, stable);
      case Candidate.Existing existing ->
          throw new IllegalArgumentException("a Deployment that exists is not copied");
    };
  }

  /** With the number of the newest migration that it is built with, where that is known. */
  static Doc built(Doc template, long migration) {
    if (migration == 0) {
      return template;
    }
    boolean label = template.texts("metadata", "labels").containsKey(Marks.SCHEMA);
    return template.with(
        String.valueOf(migration), "metadata", label ? "labels" : "annotations", Marks.SCHEMA);
  }

  /** The template of a Deployment with other images. */
  public static Doc withImages(Deployment stable, Candidate.Image image) {
    List<Doc> containers = stable.template().docs("spec", "containers");
    List<String> names = containers.stream().map(one -> one.textOrEmpty("name")).toList();
    Map<String, String> wanted = new LinkedHashMap<>();
    image
        .byContainer()
        .forEach((name, reference) -> wanted.put(named(name, names, stable), reference));
    List<Map<String, ?>> changed = new ArrayList<>();
    for (Doc container : containers) {
      String reference = wanted.get(container.textOrEmpty("name"));
      changed.add((reference == null ? container : container.with(reference, "image")).members());
    }
    return stable.template().with(changed, "spec", "containers");
  }

  private static String named(String name, List<String> names, Deployment stable) {
    if (name.isEmpty() && names.size() == 1) {
      return names.getFirst();
    }
    if (name.isEmpty()) {
      throw RefusedError.of(
          "Deployment "
              + stable.name()
              + " has "
              + names.size()
              + " containers: "
              + String.join(", ", names),
          "Say which one: --image " + names.getFirst() + "=IMAGE");
    }
    if (!names.contains(name)) {
      throw RefusedError.of(
          "Deployment "
              + stable.name()
              + " has no container "
              + name
              + "; it has "
              + String.join(", ", names),
          Near.hint(name, names, ""));
    }
    return name;
  }

  private static Doc fromManifests(
      Candidate.Manifests manifests, Survey survey, Deployment stable) {
    Doc template =
        deployment(manifests)
            .map(document -> document.object().doc("spec", "template"))
            .orElseThrow(
                () ->
                    RefusedError.of(
                        "the manifests have no Deployment",
                        "One of them must be the new " + stable.name() + "."));
    return survey.defaulted().orElse(template);
  }

  /** The one Deployment among manifests. */
  static Optional<ManifestDoc> deployment(Candidate.Manifests manifests) {
    List<ManifestDoc> all =
        manifests.documents().stream()
            .filter(document -> document.object().textOrEmpty("kind").equals("Deployment"))
            .toList();
    if (all.size() > 1) {
      throw RefusedError.of(
          "the manifests have "
              + all.size()
              + " Deployments: "
              + String.join(
                  ", ",
                  all.stream().map(one -> one.object().textOrEmpty("metadata", "name")).toList()),
          "Exactly one may be the new version; release the others apart.");
    }
    return all.stream().findFirst();
  }

  private static Doc ofRevision(int number, Survey survey, Deployment stable) {
    Survey.Past past = survey.revisions().get(number);
    return survey.setsOf(stable).stream()
        .filter(set -> past != null && set.name().equals(past.workload()))
        .findFirst()
        .map(ReplicaSet::template)
        .orElseThrow(() -> RefusedError.of(noSuch(number, past != null), left(survey, stable)));
  }

  private static String noSuch(int number, boolean known) {
    return known
        ? "the ReplicaSet of revision " + number + " is gone, and with it the template"
        : "revision " + number + " is not in the history as a version that served";
  }

  private static String left(Survey survey, Deployment stable) {
    List<String> names = survey.setsOf(stable).stream().map(ReplicaSet::name).toList();
    List<String> left =
        survey.revisions().entrySet().stream()
            .filter(entry -> names.contains(entry.getValue().workload()))
            .map(entry -> String.valueOf(entry.getKey()))
            .sorted()
            .toList();
    return left.isEmpty()
        ? "No revision is left to return to."
        : "Left to return to: " + String.join(", ", left) + ".";
  }

  /** Images as {@code container=image}. */
  public static List<String> images(Doc template) {
    return template.docs("spec", "containers").stream()
        .map(container -> container.textOrEmpty("name") + "=" + container.textOrEmpty("image"))
        .toList();
  }
}
