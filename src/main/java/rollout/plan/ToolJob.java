package rollout.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.document.Doc;
import rollout.model.Hashes;
import rollout.model.Marks;

/**
 * A Job of this program's own image: the driver of a release, or its guard. Its pod meets the
 * PodSecurity profile {@code restricted}.
 *
 * @param image of this program
 * @param serviceAccount whose rights it has
 * @param words the command line, without the program's name
 * @param environment variables besides those that every such pod has
 */
public record ToolJob(
    String image, String serviceAccount, List<String> words, Map<String, String> environment) {
  /** The name of the container that the program runs in. */
  public static final String CONTAINER = "rollout";

  /** Set in every such pod, to the uid of its Job. */
  public static final String JOB_VARIABLE = "ROLLOUT_JOB_UID";

  /** Where the files of a release are, in the pod. */
  public static final String FOLDER = "/rollout";

  /** Where the keys of a Secret are files, in the pod. */
  public static final String SECRETS = "/run/secrets/rollout";

  // The Job's name is the value of a label on its pods.
  private static final int NAME_LIMIT = 63;
  private static final int DAY_SECONDS = 86_400;
  private static final int RETRIES = 6;
  private static final long USER = 65_532;

  /** Copies the lists. */
  public ToolJob {
    words = List.copyOf(words);
    environment = Map.copyOf(environment);
  }

  /** The same with more words. */
  public ToolJob adding(String... more) {
    List<String> all = new ArrayList<>(words);
    all.addAll(List.of(more));
    return new ToolJob(image, serviceAccount, all, environment);
  }

  /** The name of the Job that drives a target. */
  public static String driverName(String target) {
    return name(target, "-driver");
  }

  /** The name of the Job that guards a target's release. */
  public static String guardName(String target) {
    return name(target, "-guard");
  }

  private static String name(String target, String tail) {
    return Hashes.name("rollout-" + target, NAME_LIMIT - tail.length()) + tail;
  }

  /**
   * The name of the ConfigMap with a driver's files; no journal's name has a dot.
   *
   * @param word that no other has
   */
  public static String filesName(String target, String word) {
    return Hashes.name("rollout-" + target, NAME_LIMIT) + ".files-" + word;
  }

  /**
   * What a driver finds in its pod.
   *
   * @param filesName of the ConfigMap with its files
   * @param paths where each file goes, below {@link #FOLDER}, by its key
   * @param secret name of a Secret whose keys are files in {@link #SECRETS}; empty: none
   */
  public record Found(String filesName, Map<String, String> paths, Optional<String> secret) {
    /** Keeps the order. */
    public Found {
      paths = Collections.unmodifiableMap(new LinkedHashMap<>(paths));
    }

    private List<Doc> volumes() {
      List<Doc> all = new ArrayList<>();
      if (!paths.isEmpty()) {
        List<Doc> items =
            paths.entrySet().stream()
                .map(one -> Doc.of("key", one.getKey(), "path", one.getValue()))
                .toList();
        all.add(Doc.of("name", "files", "configMap", Doc.of("name", filesName, "items", items)));
      }
      secret.ifPresent(
          one -> all.add(Doc.of("name", "secrets", "secret", Doc.of("secretName", one))));
      return all;
    }

    private List<Doc> mounts() {
      List<Doc> all = new ArrayList<>();
      if (!paths.isEmpty()) {
        all.add(mount("files", FOLDER));
      }
      secret.ifPresent(one -> all.add(mount("secrets", SECRETS)));
      return all;
    }

    private static Doc mount(String volume, String folder) {
      return Doc.of("name", volume, "mountPath", folder, "readOnly", true);
    }
  }

  /** The Job that drives, suspended: its files come first. */
  public Doc driver(String namespace, String target, Found found) {
    Map<String, String> requests = Map.of("cpu", "50m", "memory", "160Mi");
    Doc template = template(target, "driver", found.volumes(), found.mounts(), requests, "320Mi");
    Doc spec =
        spec(template)
            .with(true, "suspend")
            .with(Doc.of("rules", failureRules()), "podFailurePolicy");
    return Jobs.ours(namespace, driverName(target), target, spec);
  }

  /** The Job that guards: small, and over soon after the release. */
  public Doc guard(String namespace, String target) {
    Map<String, String> requests = Map.of("cpu", "10m", "memory", "64Mi");
    Doc spec = spec(template(target, "guard", List.of(), List.of(), requests, "128Mi"));
    return Jobs.ours(namespace, guardName(target), target, spec);
  }

  private static Doc spec(Doc template) {
    return Doc.of(
        "backoffLimit",
        RETRIES,
        "ttlSecondsAfterFinished",
        DAY_SECONDS,
        // Two pods of one release would only wait for each other.
        "podReplacementPolicy",
        "Failed",
        "template",
        template);
  }

  /**
   * What a pod's end means: a decision ends the Job, a lost target or a drained node costs none of
   * the retries, all else does.
   */
  private static List<Doc> failureRules() {
    return List.of(
        onExit("FailJob", 2, 3, 4, 5, 6, 8, 10),
        onExit("Ignore", 7),
        Doc.of(
            "action",
            "Ignore",
            "onPodConditions",
            List.of(Doc.of("type", "DisruptionTarget", "status", "True"))),
        onExit("Count", 1, 9, 137, 143));
  }

  private static Doc onExit(String action, Integer... codes) {
    return Doc.of(
        "action",
        action,
        "onExitCodes",
        Doc.of("containerName", CONTAINER, "operator", "In", "values", List.of(codes)));
  }

  private Doc template(
      String target,
      String part,
      List<Doc> volumes,
      List<Doc> mounts,
      Map<String, String> requests,
      String memory) {
    List<Doc> allVolumes = new ArrayList<>(volumes);
    allVolumes.add(Doc.of("name", "tmp", "emptyDir", Map.of()));
    List<Doc> allMounts = new ArrayList<>(mounts);
    allMounts.add(Doc.of("name", "tmp", "mountPath", "/tmp"));
    Doc container =
        Doc.of(
            "name",
            CONTAINER,
            "image",
            image,
            "args",
            words,
            "env",
            variables(),
            "resources",
            Doc.of("requests", requests, "limits", Map.of("memory", memory)),
            "securityContext",
            Doc.of(
                "allowPrivilegeEscalation",
                false,
                "readOnlyRootFilesystem",
                true,
                "capabilities",
                Doc.of("drop", List.of("ALL"))),
            "volumeMounts",
            allMounts);
    Doc pod =
        Doc.of(
            "restartPolicy",
            "Never",
            "serviceAccountName",
            serviceAccount,
            "terminationGracePeriodSeconds",
            30,
            "securityContext",
            Doc.of(
                "runAsNonRoot",
                true,
                "runAsUser",
                USER,
                "runAsGroup",
                USER,
                "seccompProfile",
                Doc.of("type", "RuntimeDefault")),
            "containers",
            List.of(container),
            "volumes",
            allVolumes);
    Map<String, String> labels =
        Map.of(
            Marks.MANAGED_BY, Marks.MANAGER,
            Marks.TARGET, target,
            Marks.PART, part);
    return Doc.of("metadata", Doc.of("labels", labels), "spec", pod);
  }

  private List<Doc> variables() {
    List<Doc> all = new ArrayList<>();
    new java.util.TreeMap<>(environment)
        .forEach((name, value) -> all.add(Doc.of("name", name, "value", value)));
    String uid = "metadata.labels['batch.kubernetes.io/controller-uid']";
    all.add(
        Doc.of("name", JOB_VARIABLE, "valueFrom", Doc.of("fieldRef", Doc.of("fieldPath", uid))));
    return all;
  }

  /** The ConfigMap with a driver's files; it goes with its Job. */
  public static Doc files(
      String namespace, String name, String target, Map<String, String> texts, Doc job) {
    Doc owner =
        Doc.of(
            "apiVersion",
            "batch/v1",
            "kind",
            "Job",
            "name",
            job.textOrEmpty("metadata", "name"),
            "uid",
            job.textOrEmpty("metadata", "uid"));
    return Doc.of(
        "apiVersion",
        "v1",
        "kind",
        "ConfigMap",
        "metadata",
        Doc.of(
            "name",
            name,
            "namespace",
            namespace,
            "labels",
            Map.of(Marks.MANAGED_BY, Marks.MANAGER, Marks.TARGET, target),
            "ownerReferences",
            List.of(owner)),
        "data",
        new LinkedHashMap<>(texts));
  }
}
