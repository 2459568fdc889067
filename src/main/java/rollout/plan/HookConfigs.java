package rollout.plan;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.Hashes;
import rollout.model.ManifestDoc;
import rollout.model.Marks;

/**
 * The ConfigMaps that exist for a migration's hooks, under names of ours: like its Job they are
 * this revision's alone, so that nobody's next release changes what this one reads.
 */
record HookConfigs(List<ManifestDoc> configs, String target, int revision) {
  private static final int NAME_LIMIT = 253;

  /** Members of a pod's spec that name a ConfigMap. */
  private static final Set<String> REFERENCES =
      Set.of("configMap", "configMapRef", "configMapKeyRef");

  /** All of them, by name. */
  Map<String, Doc> made(String namespace) {
    Map<String, Doc> made = new TreeMap<>();
    for (ManifestDoc config : configs) {
      Doc data = config.object().without("metadata");
      String name = ours(config.object().textOrEmpty("metadata", "name"));
      Doc metadata =
          Doc.of(
              "name",
              name,
              "namespace",
              namespace,
              "labels",
              Made.marks(target, revision),
              "annotations",
              Doc.of(Marks.SPEC_HASH, Hashes.of(data)));
      made.put(name, data.with(metadata, "metadata"));
    }
    return made;
  }

  /** The same spec, in which whoever names one of the ConfigMaps names ours. */
  Doc named(Doc spec) {
    return configs.isEmpty() ? spec : Doc.of(renamed(spec.members(), false));
  }

  private String ours(String name) {
    return Hashes.name("rollout-" + target + "-r" + revision + "-" + name, NAME_LIMIT);
  }

  private Map<String, @Nullable Object> renamed(Map<?, ?> tree, boolean namesConfig) {
    Map<String, @Nullable Object> changed = new LinkedHashMap<>();
    tree.forEach(
        (key, value) -> {
          String member = String.valueOf(key);
          boolean known =
              namesConfig
                  && member.equals("name")
                  && value instanceof String text
                  && isConfig(text);
          changed.put(member, known ? ours(String.valueOf(value)) : renamedWithin(member, value));
        });
    return changed;
  }

  private @Nullable Object renamedWithin(String member, @Nullable Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(one -> renamedWithin("", one)).toList();
    }
    return value instanceof Map<?, ?> map ? renamed(map, REFERENCES.contains(member)) : value;
  }

  private boolean isConfig(String name) {
    return configs.stream()
        .anyMatch(one -> one.object().textOrEmpty("metadata", "name").equals(name));
  }
}
