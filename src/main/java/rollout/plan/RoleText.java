package rollout.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rollout.plan.Feature.Scope;

/** Roles as kubectl takes them, with the reason of each rule. */
public final class RoleText {
  private static final String API = "apiVersion: rbac.authorization.k8s.io/v1\n";
  private static final String LABELS = "  labels: {app.kubernetes.io/name: rollout}\n";

  /** The namespace of the releases where another one must name it; whoever applies it says it. */
  private static final String EXAMPLE = "shop";

  private RoleText() {}

  /** The published Role of a feature, bound, in a file of its own. */
  public static String published(Feature feature) {
    String file = feature == Feature.RELEASE ? "rbac.yaml" : "rbac/" + feature.word() + ".yaml";
    StringBuilder text = new StringBuilder();
    about(feature).lines().forEach(line -> text.append("# ").append(line).append('\n'));
    String where =
        switch (feature.scope()) {
          case RELEASES, CALLERS -> "-n NAMESPACE ";
          case ELSEWHERE -> "-n THAT-NAMESPACE ";
          case CLUSTER -> "";
        };
    text.append("# kubectl apply ").append(where).append("-f manifests/").append(file);
    text.append("\n");
    boolean elsewhere = feature.scope() == Scope.ELSEWHERE || feature.scope() == Scope.CLUSTER;
    String account = feature.scope() == Scope.CALLERS ? feature.role() : Feature.RELEASE.role();
    if (feature == Feature.RELEASE || feature.scope() == Scope.CALLERS) {
      text.append("apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: ").append(account);
      text.append("\n").append(LABELS).append("---\n");
    }
    boolean cluster = feature.scope() == Scope.CLUSTER;
    text.append(role(cluster, feature.role(), "", feature.rights())).append("---\n");
    text.append(binding(cluster, feature.role(), ""));
    text.append("  - kind: ServiceAccount\n    name: ").append(account).append("\n");
    if (elsewhere) {
      text.append("    namespace: ").append(EXAMPLE).append(" # where that account is\n");
    }
    return text.toString();
  }

  private static String about(Feature feature) {
    return switch (feature) {
      case RELEASE ->
          """
          What a release and its way back need in their namespace, whoever drives; the Jobs of
          --in-cluster and --guard too. Namespaced, no wildcards, and nothing of Secrets. What some
          releases need besides is in rbac/, and `rollout check --rbac` says what is missing.\
          """;
      case AUTOSCALER -> "Besides, where a HorizontalPodAutoscaler sizes what is released.";
      case KEDA -> "Besides, where a ScaledObject of KEDA sizes what is released.";
      case GATEWAY_API -> "Besides, for a canary by HTTPRoute or GRPCRoute.";
      case ISTIO -> "Besides, for a canary by VirtualService of Istio.";
      case TRAEFIK -> "Besides, for a canary by TraefikService or IngressRoute of Traefik.";
      case INGRESS_NGINX ->
          """
          Besides, for a canary by ingress-nginx: an Ingress is made beside the user's, and deleted at
          the end.\
          """;
      case ROUTE ->
          """
          Besides, for `canary --route`: the release makes the route of that file where there is none
          of its name. It never deletes one.\
          """;
      case PROMETHEUS ->
          "Besides, where a Prometheus is that is asked through the API server: --prometheus svc:…";
      case DATABASE ->
          """
          Besides, in the namespace that the name of a shared database says: its Lease keeps two
          targets from migrating it at once.\
          """;
      case CONTRACT ->
          "Besides, for `rollout migration contract`: in each namespace of what sharedBy names.";
      case CALLER ->
          """
          For an account that only starts releases with --in-cluster, follows them, and looks (status,
          history, list). The Job has the rights of rbac.yaml, not these. No wall: whoever may make
          Jobs in a namespace can have what its service accounts and Secrets give.\
          """;
      case GATEWAYS ->
          """
          Optional, for canaries: what routes hang on, in all namespaces, and routes of other
          namespaces that send to the Service. Where it may not be looked at, the preflight does
          without; a route of another namespace that is named needs its router's Role there, too.\
          """;
      case LIST -> "For `rollout list -A`.";
    };
  }

  /** Roles that would grant what is missing, one a namespace. */
  public static String granting(List<Missing> all) {
    Map<String, List<Missing>> places = new LinkedHashMap<>();
    all.forEach(one -> places.computeIfAbsent(one.namespace(), key -> new ArrayList<>()).add(one));
    List<String> texts = new ArrayList<>();
    places.forEach((namespace, missing) -> texts.add(granting(namespace, missing)));
    return String.join("---\n", texts);
  }

  private static String granting(String namespace, List<Missing> missing) {
    String words = String.join(", ", missing.stream().map(one -> one.feature().word()).toList());
    String name = "rollout-missing";
    List<Right> rights = missing.stream().flatMap(one -> one.rights().stream()).toList();
    boolean cluster = namespace.isEmpty();
    return "# missing for: "
        + words
        + "\n"
        + role(cluster, name, namespace, rights)
        + "---\n"
        + binding(cluster, name, namespace)
        + "  # fill in whom: a ServiceAccount with its namespace, or kind: User or Group with\n"
        + "  # apiGroup: rbac.authorization.k8s.io\n"
        + "  - kind: ServiceAccount\n    name: rollout\n    namespace: "
        + (cluster ? EXAMPLE : namespace)
        + "\n";
  }

  private static String role(boolean cluster, String name, String namespace, List<Right> rights) {
    StringBuilder text = new StringBuilder(API);
    text.append(cluster ? "kind: ClusterRole\n" : "kind: Role\n").append(metadata(name, namespace));
    text.append("rules:\n");
    for (Right right : rights) {
      text.append("  # ").append(right.why()).append('\n');
      text.append("  - apiGroups: [");
      text.append(right.group().isEmpty() ? "\"\"" : right.group()).append("]\n");
      text.append("    resources: [").append(String.join(", ", right.resources())).append("]\n");
      text.append("    verbs: [").append(String.join(", ", right.verbs())).append("]\n");
    }
    return text.toString();
  }

  /** Without its subjects. */
  private static String binding(boolean cluster, String name, String namespace) {
    return API
        + (cluster ? "kind: ClusterRoleBinding\n" : "kind: RoleBinding\n")
        + metadata(name, namespace)
        + "roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: "
        + (cluster ? "ClusterRole" : "Role")
        + "\n  name: "
        + name
        + "\nsubjects:\n";
  }

  private static String metadata(String name, String namespace) {
    return "metadata:\n  name: "
        + name
        + "\n"
        + (namespace.isEmpty() ? "" : "  namespace: " + namespace + "\n")
        + LABELS;
  }
}
