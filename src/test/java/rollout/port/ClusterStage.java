package rollout.port;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Query;
import rollout.model.Ref;
import rollout.port.Cluster.Send;

/**
 * What a cluster that is put to the test must give, and the objects that the tests use.
 *
 * <p>No test knows whether its pods are real. A world in memory fakes them by this convention,
 * which the real node keeps by nature:
 *
 * <ul>
 *   <li>a container of image {@code demo:*} becomes Ready soon after its start and stays so;
 *   <li>a Job's container whose command contains {@code exit N} ends at once with code N, and
 *       everything between {@code echo } and the next {@code ;} is a line of its log, in order.
 * </ul>
 */
abstract class ClusterStage {
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  /** A name that no other test of this run uses; objects and labels are made from it. */
  final String name = "t" + NUMBERS.incrementAndGet();

  /** How often the signal of {@link #follow} was raised. */
  final AtomicInteger raised = new AtomicInteger();

  /** The cluster under test; the same at each call within a test. */
  protected abstract Cluster cluster();

  /** An existing namespace in which the tests may do what they like. */
  protected abstract String namespace();

  /**
   * Returns when the condition holds, and fails when it doesn't within a minute of the cluster's
   * time. A cluster in virtual time steps itself forward in here.
   *
   * @param what names the condition in the failure
   */
  protected abstract void await(String what, BooleanSupplier condition);

  /** Raised by the cluster under test, on top of what the test itself counts; may do nothing. */
  protected Signal signal() {
    return () -> {};
  }

  @BeforeEach
  void nothingRaisedYet() {
    raised.set(0);
  }

  Cluster.Follow follow(Query... queries) {
    Signal waking = signal();
    return cluster()
        .follow(
            List.of(queries),
            () -> {
              raised.incrementAndGet();
              waking.raise();
            });
  }

  Cluster.Follow followIfAllowed(Query query) {
    Signal waking = signal();
    return cluster()
        .followIfAllowed(
            query,
            () -> {
              raised.incrementAndGet();
              waking.raise();
            });
  }

  Ref ref(Kind kind, String objectName) {
    return new Ref(kind, namespace(), objectName);
  }

  Doc create(Kind kind, Doc object) {
    return cluster().create(kind, object, Send.REAL);
  }

  Doc read(Ref ref) {
    return cluster().get(ref).orElseThrow(() -> new AssertionError(ref + " is not there"));
  }

  List<Doc> labelled(Kind kind, Map<String, String> labels) {
    return cluster().list(Query.labelled(kind, namespace(), labels));
  }

  Doc metadata(String objectName, Map<String, String> labels) {
    return Doc.of("name", objectName, "namespace", namespace(), "labels", labels);
  }

  Doc configMap(String objectName, Map<String, String> data) {
    return Doc.of(
        "apiVersion",
        "v1",
        "kind",
        "ConfigMap",
        "metadata",
        metadata(objectName, Map.of("test", name)),
        "data",
        data);
  }

  /** A Secret with one value, as base64. */
  Doc secret(String objectName, String value) {
    return configMap(objectName, Map.of("password", value))
        .with("Secret", "kind")
        .with(Map.of("not", "kept"), "metadata", "annotations");
  }

  Doc service(String objectName, Map<String, String> selector, int port) {
    Doc spec =
        Doc.of("selector", selector, "ports", List.of(Doc.of("port", port, "targetPort", 8080)));
    return Doc.of(
        "apiVersion",
        "v1",
        "kind",
        "Service",
        "metadata",
        metadata(objectName, Map.of("test", name)),
        "spec",
        spec);
  }

  /** A Deployment of {@code demo:v1} whose pods carry these labels, which also are its selector. */
  Doc deployment(String objectName, int replicas, Map<String, String> labels) {
    Doc probe = Doc.of("httpGet", Doc.of("path", "/readyz", "port", 8080), "periodSeconds", 1);
    Doc container =
        Doc.of(
            "name",
            "app",
            "image",
            "demo:v1",
            "ports",
            List.of(Doc.of("containerPort", 8080)),
            "readinessProbe",
            probe);
    Doc pod = Doc.of("terminationGracePeriodSeconds", 1, "containers", List.of(container));
    Doc spec =
        Doc.of(
            "replicas",
            replicas,
            "selector",
            Doc.of("matchLabels", labels),
            "template",
            Doc.of("metadata", Doc.of("labels", labels), "spec", pod));
    return Doc.of(
        "apiVersion",
        "apps/v1",
        "kind",
        "Deployment",
        "metadata",
        metadata(objectName, Map.of("test", name)),
        "spec",
        spec);
  }

  /** A Job of one try that runs a shell script. */
  Doc job(String objectName, boolean suspended, String script) {
    Doc container =
        Doc.of("name", "job", "image", "busybox:lab", "command", List.of("sh", "-c", script));
    Doc pod =
        Doc.of(
            "restartPolicy",
            "Never",
            "terminationGracePeriodSeconds",
            1,
            "containers",
            List.of(container));
    Doc spec =
        Doc.of(
            "suspend",
            suspended,
            "backoffLimit",
            0,
            "template",
            Doc.of("metadata", Doc.of("labels", Map.of("run", objectName)), "spec", pod));
    return Doc.of(
        "apiVersion",
        "batch/v1",
        "kind",
        "Job",
        "metadata",
        metadata(objectName, Map.of("test", name)),
        "spec",
        spec);
  }

  Map<String, String> appLabels() {
    return Map.of("app", name);
  }

  Map<String, String> trackLabels(String track) {
    return new LinkedHashMap<>(Map.of("app", name, "track", track));
  }

  /** Whether the controller has looked at the newest spec. */
  boolean caughtUp(Ref ref) {
    Doc object = read(ref);
    return object.number(-1, "status", "observedGeneration")
        == object.number(-2, "metadata", "generation");
  }

  boolean hasCondition(Ref ref, String type) {
    return read(ref).docs("status", "conditions").stream()
        .anyMatch(
            condition ->
                condition.textOrEmpty("type").equals(type)
                    && condition.textOrEmpty("status").equals("True"));
  }

  List<Doc> readyPods(Map<String, String> labels) {
    return labelled(Kind.POD, labels).stream()
        .filter(
            pod ->
                pod.docs("status", "conditions").stream()
                    .anyMatch(
                        condition ->
                            condition.textOrEmpty("type").equals("Ready")
                                && condition.textOrEmpty("status").equals("True")))
        .toList();
  }

  Set<String> uids(List<Doc> objects) {
    return objects.stream()
        .map(object -> object.textOrEmpty("metadata", "uid"))
        .collect(Collectors.toSet());
  }

  static String uid(Doc object) {
    return object.textOrEmpty("metadata", "uid");
  }

  static String version(Doc object) {
    return object.textOrEmpty("metadata", "resourceVersion");
  }

  static Optional<Doc> named(List<Doc> objects, String objectName) {
    return objects.stream()
        .filter(object -> object.textOrEmpty("metadata", "name").equals(objectName))
        .findFirst();
  }
}
