package rollout.model;

/**
 * A kind of cluster object.
 *
 * @param apiVersion as in a manifest: {@code v1}, {@code apps/v1}
 * @param kind as in a manifest: {@code Service}
 * @param plural as in the URL: {@code services}
 */
public record Kind(String apiVersion, String kind, String plural) {
  public static final Kind SERVICE = new Kind("v1", "Service", "services");
  public static final Kind POD = new Kind("v1", "Pod", "pods");
  public static final Kind CONFIG_MAP = new Kind("v1", "ConfigMap", "configmaps");
  public static final Kind SECRET = new Kind("v1", "Secret", "secrets");
  public static final Kind EVENT = new Kind("v1", "Event", "events");
  public static final Kind NAMESPACE = new Kind("v1", "Namespace", "namespaces");
  public static final Kind RESOURCE_QUOTA = new Kind("v1", "ResourceQuota", "resourcequotas");
  public static final Kind DEPLOYMENT = new Kind("apps/v1", "Deployment", "deployments");
  public static final Kind REPLICA_SET = new Kind("apps/v1", "ReplicaSet", "replicasets");
  public static final Kind STATEFUL_SET = new Kind("apps/v1", "StatefulSet", "statefulsets");
  public static final Kind DAEMON_SET = new Kind("apps/v1", "DaemonSet", "daemonsets");
  public static final Kind CRON_JOB = new Kind("batch/v1", "CronJob", "cronjobs");
  public static final Kind JOB = new Kind("batch/v1", "Job", "jobs");
  public static final Kind LEASE = new Kind("coordination.k8s.io/v1", "Lease", "leases");
  public static final Kind ENDPOINT_SLICE =
      new Kind("discovery.k8s.io/v1", "EndpointSlice", "endpointslices");
  public static final Kind AUTOSCALER =
      new Kind("autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers");
  public static final Kind SCALED_OBJECT =
      new Kind("keda.sh/v1alpha1", "ScaledObject", "scaledobjects");
  public static final Kind DISRUPTION_BUDGET =
      new Kind("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets");
  public static final Kind ACCESS_REVIEW =
      new Kind("authorization.k8s.io/v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews");

  /** The API group: {@code apps}; empty for the core group. */
  public String group() {
    int slash = apiVersion.indexOf('/');
    return slash < 0 ? "" : apiVersion.substring(0, slash);
  }

  /** The start of the URL of its collection, without namespace: {@code /apis/apps/v1}. */
  public String apiPath() {
    return (group().isEmpty() ? "/api/" : "/apis/") + apiVersion;
  }

  /** Kinds are keys of many maps; hardly two have the same plural. */
  @Override
  public int hashCode() {
    return plural.hashCode();
  }

  @Override
  public String toString() {
    return kind;
  }
}
