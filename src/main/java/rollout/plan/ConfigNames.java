package rollout.plan;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import rollout.document.Doc;

/** The ConfigMaps that a pod template reads: as a volume, or in the environment. */
final class ConfigNames {
  private ConfigNames() {}

  /** Those that both read, in the order of their names. */
  static List<String> shared(Doc template, Doc other) {
    Set<String> both = in(template);
    both.retainAll(in(other));
    return List.copyOf(both);
  }

  private static Set<String> in(Doc template) {
    Doc pod = template.doc("spec");
    Set<String> names = new TreeSet<>();
    for (Doc volume : pod.docs("volumes")) {
      names.add(volume.textOrEmpty("configMap", "name"));
      volume
          .docs("projected", "sources")
          .forEach(source -> names.add(source.textOrEmpty("configMap", "name")));
    }
    Stream.concat(pod.docs("initContainers").stream(), pod.docs("containers").stream())
        .forEach(
            container -> {
              for (Doc from : container.docs("envFrom")) {
                names.add(from.textOrEmpty("configMapRef", "name"));
              }
              for (Doc variable : container.docs("env")) {
                names.add(variable.textOrEmpty("valueFrom", "configMapKeyRef", "name"));
              }
            });
    names.remove("");
    return names;
  }
}
