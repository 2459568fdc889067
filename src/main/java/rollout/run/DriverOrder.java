package rollout.run;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import rollout.document.Doc;
import rollout.plan.ToolJob;

/**
 * A release that shall run as a Job in the cluster.
 *
 * @param service the target
 * @param namespace where; empty: the connection's
 * @param job image, rights and command line
 * @param files text of each file, by its path below {@link ToolJob#FOLDER}
 * @param secret name of a Secret whose keys are files in {@link ToolJob#SECRETS}; empty: none
 */
public record DriverOrder(
    String service,
    String namespace,
    ToolJob job,
    Map<String, String> files,
    Optional<String> secret) {
  /** Copies the files, in their order. */
  public DriverOrder {
    files = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(files));
  }

  /** Its Job, with this ConfigMap. */
  Doc made(String in, String filesName) {
    return job.driver(in, service, new ToolJob.Found(filesName, paths(), secret));
  }

  /** Path by key: a ConfigMap's keys may have no slash. */
  private Map<String, String> paths() {
    Map<String, String> paths = new LinkedHashMap<>();
    files.keySet().forEach(path -> paths.put("file-" + (paths.size() + 1), path));
    return paths;
  }

  /** Text by key. */
  Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    files.values().forEach(text -> texts.put("file-" + (texts.size() + 1), text));
    return texts;
  }
}
