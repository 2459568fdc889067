package rollout.core;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.document.Doc;
import rollout.model.Job;
import rollout.model.Pod;
import rollout.plan.Release.JobName;

/**
 * Whether a tag was moved between the migration and the candidate's start: then the one has run
 * other migrations than the other was built with. Kubernetes resolves a tag at each pull; the
 * digest that a container really runs stands in its status. Whoever names an image by its digest is
 * not asked: on nodes of several architectures some runtimes tell a digest for each.
 */
final class MovedTag {
  private MovedTag() {}

  /** Why the candidate is not of the image that has migrated; empty: it is, or nobody can tell. */
  static Optional<String> found(Sight sight) {
    Optional<Job> migration =
        sight
            .release()
            .migration()
            .map(JobName::name)
            .flatMap(name -> Optional.ofNullable(sight.seen().jobs().get(name)));
    if (migration.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> migrated = digests(sight.seen().podsOwnedBy(migration.get().uid()));
    Map<String, String> runs = digests(sight.candidatePods());
    return runs.entrySet().stream()
        .filter(
            one ->
                migrated.containsKey(one.getKey())
                    && !migrated.get(one.getKey()).equals(one.getValue()))
        .findFirst()
        .map(
            one ->
                "the tag of "
                    + one.getKey()
                    + " was moved: the migration ran "
                    + migrated.get(one.getKey())
                    + ", the candidate runs "
                    + one.getValue()
                    + "; name the image by its digest");
  }

  /** What the containers of pods really run, by what was asked for. */
  private static Map<String, String> digests(List<Pod> pods) {
    Map<String, String> digests = new LinkedHashMap<>();
    for (Pod pod : pods) {
      Map<String, String> asked = new LinkedHashMap<>();
      pod.doc()
          .docs("spec", "containers")
          .forEach(one -> asked.put(one.textOrEmpty("name"), one.textOrEmpty("image")));
      for (Doc status : pod.containers()) {
        String image = asked.getOrDefault(status.textOrEmpty("name"), "");
        String id = status.textOrEmpty("imageID");
        int digest = id.indexOf("@sha256:");
        // An image that was loaded by hand has none of a registry.
        if (!image.isEmpty() && !image.contains("@") && digest >= 0) {
          digests.put(image, id.substring(digest + 1));
        }
      }
    }
    return digests;
  }
}
