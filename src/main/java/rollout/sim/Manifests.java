package rollout.sim;

import java.util.List;
import java.util.Map;
import rollout.document.Doc;

/** Plain objects to put into a world. */
public final class Manifests {
  private Manifests() {}

  /** A Service on port 80 that selects by these labels. */
  public static Doc service(String namespace, String name, Map<String, String> selector) {
    Doc port = Doc.of("name", "http", "port", 80, "targetPort", 8080);
    return object(
        "v1",
        "Service",
        Doc.of("name", name, "namespace", namespace),
        Doc.of("selector", selector, "ports", List.of(port)));
  }

  /** A Deployment of one container, named as the Deployment, whose pods carry these labels. */
  public static Doc deployment(
      String namespace, String name, Map<String, String> labels, String image, int replicas) {
    Doc container =
        Doc.of(
            "name",
            name,
            "image",
            image,
            "ports",
            List.of(Doc.of("containerPort", 8080)),
            "readinessProbe",
            Doc.of("httpGet", Doc.of("path", "/ready", "port", 8080)));
    Doc template =
        Doc.of(
            "metadata", Doc.of("labels", labels), "spec", Doc.of("containers", List.of(container)));
    return object(
        "apps/v1",
        "Deployment",
        Doc.of("name", name, "namespace", namespace, "labels", labels),
        Doc.of(
            "replicas", replicas, "selector", Doc.of("matchLabels", labels), "template", template));
  }

  /** A Job of one try, suspended or not. */
  public static Doc job(String namespace, String name, String image, boolean suspended) {
    Doc container = Doc.of("name", "job", "image", image);
    Doc template =
        Doc.of(
            "metadata",
            Doc.of("labels", Map.of("job", name)),
            "spec",
            Doc.of("restartPolicy", "Never", "containers", List.of(container)));
    return object(
        "batch/v1",
        "Job",
        Doc.of("name", name, "namespace", namespace),
        Doc.of("suspend", suspended, "backoffLimit", 0, "template", template));
  }

  /** An autoscaler of a Deployment, by the CPU that its pods ask for, in percent. */
  public static Doc autoscaler(
      String namespace, String name, String deployment, int least, int most, int percent) {
    Doc target = Doc.of("type", "Utilization", "averageUtilization", percent);
    return object(
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        Doc.of("name", name, "namespace", namespace),
        Doc.of(
            "minReplicas",
            least,
            "maxReplicas",
            most,
            "scaleTargetRef",
            Doc.of("apiVersion", "apps/v1", "kind", "Deployment", "name", deployment),
            "metrics",
            List.of(
                Doc.of("type", "Resource", "resource", Doc.of("name", "cpu", "target", target)))));
  }

  /** KEDA's scaler of a Deployment, by the length of a queue. */
  public static Doc scaledObject(String namespace, String name, String deployment) {
    return object(
        "keda.sh/v1alpha1",
        "ScaledObject",
        Doc.of("name", name, "namespace", namespace),
        Doc.of(
            "scaleTargetRef",
            Doc.of("name", deployment),
            "minReplicaCount",
            2,
            "maxReplicaCount",
            8,
            "triggers",
            List.of(Doc.of("type", "rabbitmq", "metadata", Doc.of("queueLength", "20")))));
  }

  private static Doc object(String apiVersion, String kind, Doc metadata, Doc spec) {
    return Doc.of("apiVersion", apiVersion, "kind", kind, "metadata", metadata, "spec", spec);
  }
}
