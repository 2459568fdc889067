package rollout.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.Kind;

/** The values that the API server fills in where a manifest says nothing. */
final class Defaults {
  private Defaults() {}

  static Doc fill(Kind kind, Doc object) {
    return filled(kind, withoutEmpty(withoutEmpty(object, "annotations"), "labels"));
  }

  // Empty maps are left out of what is stored.
  private static Doc withoutEmpty(Doc object, String map) {
    boolean empty = object.has("metadata", map) && object.doc("metadata", map).isEmpty();
    return empty ? object.without("metadata", map) : object;
  }

  private static Doc filled(Kind kind, Doc object) {
    if (kind.equals(Kind.DEPLOYMENT)) {
      return deployment(object);
    }
    if (kind.equals(Kind.REPLICA_SET)) {
      return pod(absent(object, 1, "spec", "replicas"), "spec", "template", "spec");
    }
    if (kind.equals(Kind.JOB)) {
      return job(object);
    }
    if (kind.equals(Kind.SERVICE)) {
      return service(object);
    }
    return kind.equals(Kind.POD) ? pod(object, "spec") : RouteDefaults.fill(kind, object);
  }

  private static Doc deployment(Doc object) {
    Doc filled = absent(object, 1, "spec", "replicas");
    filled = absent(filled, 10, "spec", "revisionHistoryLimit");
    filled = absent(filled, 600, "spec", "progressDeadlineSeconds");
    filled = absent(filled, "RollingUpdate", "spec", "strategy", "type");
    if (filled.textOrEmpty("spec", "strategy", "type").equals("RollingUpdate")) {
      filled = absent(filled, "25%", "spec", "strategy", "rollingUpdate", "maxSurge");
      filled = absent(filled, "25%", "spec", "strategy", "rollingUpdate", "maxUnavailable");
    }
    // An absent and a false "paused" are one thing to the API server, which leaves false out.
    if (Boolean.FALSE.equals(filled.value("spec", "paused"))) {
      filled = filled.without("spec", "paused");
    }
    return pod(filled, "spec", "template", "spec");
  }

  private static Doc job(Doc object) {
    Doc filled = absent(object, 1, "spec", "parallelism");
    filled = absent(filled, 1, "spec", "completions");
    filled = absent(filled, 6, "spec", "backoffLimit");
    filled = absent(filled, "NonIndexed", "spec", "completionMode");
    filled = absent(filled, false, "spec", "suspend");
    boolean policy = filled.has("spec", "podFailurePolicy");
    filled =
        absent(filled, policy ? "Failed" : "TerminatingOrFailed", "spec", "podReplacementPolicy");
    return pod(filled, "spec", "template", "spec");
  }

  /** The selector and the labels that the API server gives a Job, from its uid. */
  static Doc jobSelector(Doc job) {
    String uid = Meta.uid(job);
    if (job.has("spec", "selector")) {
      return job;
    }
    String[] labels = {"spec", "template", "metadata", "labels"};
    Doc with = job;
    for (Map.Entry<String, String> label : jobLabels(Meta.name(job), uid).entrySet()) {
      with =
          with.with(label.getValue(), labels[0], labels[1], labels[2], labels[3], label.getKey());
    }
    return with.with(
        Map.of("batch.kubernetes.io/controller-uid", uid), "spec", "selector", "matchLabels");
  }

  private static Map<String, String> jobLabels(String name, String uid) {
    return Map.of(
        "batch.kubernetes.io/controller-uid",
        uid,
        "controller-uid",
        uid,
        "batch.kubernetes.io/job-name",
        name,
        "job-name",
        name);
  }

  private static Doc service(Doc object) {
    Doc filled = absent(object, "ClusterIP", "spec", "type");
    filled = absent(filled, "None", "spec", "sessionAffinity");
    if (filled.textOrEmpty("spec", "type").equals("ExternalName")) {
      return filled;
    }
    filled = absent(filled, "Cluster", "spec", "internalTrafficPolicy");
    filled = absent(filled, List.of("IPv4"), "spec", "ipFamilies");
    filled = absent(filled, "SingleStack", "spec", "ipFamilyPolicy");
    List<@Nullable Object> ports = new ArrayList<>();
    for (Doc port : filled.docs("spec", "ports")) {
      Doc full = absent(port, "TCP", "protocol");
      @Nullable Object number = port.value("port");
      ports.add(number == null ? full : absent(full, number, "targetPort"));
    }
    return ports.isEmpty() ? filled : filled.with(ports, "spec", "ports");
  }

  private static Doc pod(Doc object, String... at) {
    Doc spec = object.doc(at);
    if (spec.isEmpty()) {
      return object;
    }
    Doc filled = absent(spec, "Always", "restartPolicy");
    filled = absent(filled, 30, "terminationGracePeriodSeconds");
    filled = absent(filled, "ClusterFirst", "dnsPolicy");
    filled = absent(filled, "default-scheduler", "schedulerName");
    filled = absent(filled, Map.of(), "securityContext");
    filled = containers(containers(filled, "containers"), "initContainers");
    return Meta.same(filled.members(), spec.members()) ? object : object.with(filled, at);
  }

  private static Doc containers(Doc spec, String member) {
    if (!spec.has(member)) {
      return spec;
    }
    List<@Nullable Object> filled = new ArrayList<>();
    for (Doc container : spec.docs(member)) {
      String image = container.textOrEmpty("image");
      boolean moving = image.endsWith(":latest") || image.lastIndexOf(':') <= image.indexOf('/');
      Doc full =
          absent(
              container,
              moving && !image.contains("@") ? "Always" : "IfNotPresent",
              "imagePullPolicy");
      full = absent(full, "/dev/termination-log", "terminationMessagePath");
      full = absent(full, "File", "terminationMessagePolicy");
      full = absent(full, Map.of(), "resources");
      List<@Nullable Object> ports = new ArrayList<>();
      full.docs("ports").forEach(port -> ports.add(absent(port, "TCP", "protocol")));
      filled.add(ports.isEmpty() ? full : full.with(ports, "ports"));
    }
    return spec.with(filled, member);
  }

  /** With a value where there is none. */
  static Doc absent(Doc object, Object value, String... path) {
    return object.has(path) ? object : object.with(value, path);
  }
}
