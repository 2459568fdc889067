package rollout.plan;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import rollout.document.Doc;

/**
 * The ConfigMaps and Secrets that a pod template reads: as a volume, or in the environment. What
 * only pulls its images is not read by what runs.
 */
enum ConfigNames {
  MAPS("configMap", "name", "configMapRef", "configMapKeyRef"),
  SECRETS("secret", "secretName", "secretRef", "secretKeyRef");

  private final String source;
  private final String nameOfVolume;
  private final String ofAllKeys;
  private final String ofOneKey;

  ConfigNames(String source, String nameOfVolume, String ofAllKeys, String ofOneKey) {
    this.source = source;
    this.nameOfVolume = nameOfVolume;
    this.ofAllKeys = ofAllKeys;
    this.ofOneKey = ofOneKey;
  }

  /** Those that both read, in the order of their names. */
  static Release.Configs shared(Doc template, Doc other) {
    return new Release.Configs(MAPS.both(template, other), SECRETS.both(template, other));
  }

  private List<String> both(Doc template, Doc other) {
    Set<String> both = in(template);
    both.retainAll(in(other));
    return List.copyOf(both);
  }

  private Set<String> in(Doc template) {
    Doc pod = template.doc("spec");
    Set<String> names = new TreeSet<>();
    for (Doc volume : pod.docs("volumes")) {
      names.add(volume.textOrEmpty(source, nameOfVolume));
      volume
          .docs("projected", "sources")
          .forEach(projected -> names.add(projected.textOrEmpty(source, "name")));
    }
    Stream.concat(pod.docs("initContainers").stream(), pod.docs("containers").stream())
        .forEach(
            container -> {
              for (Doc from : container.docs("envFrom")) {
                names.add(from.textOrEmpty(ofAllKeys, "name"));
              }
              for (Doc variable : container.docs("env")) {
                names.add(variable.textOrEmpty("valueFrom", ofOneKey, "name"));
              }
            });
    names.remove("");
    return names;
  }
}
