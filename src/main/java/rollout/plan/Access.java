package rollout.plan;

import java.util.ArrayList;
import java.util.List;
import rollout.model.Kind;
import rollout.router.Route;

/**
 * One thing that a release must be allowed to do.
 *
 * @param resource plural, with a subresource after a slash
 */
public record Access(String verb, String group, String resource) {
  /** To ask a Prometheus through the API server, in the namespace where that is. */
  public static final Access PROXY = new Access("get", "", "services/proxy");

  /** To hold the Lease of a database, in the namespace that its name says. */
  public static final List<Access> LEASE = of(Kind.LEASE, "get", "patch", "create");

  /** What a release with its way back needs; what the published Role grants is the same. */
  public static List<Access> needed(boolean withProxy) {
    List<Access> all = new ArrayList<>();
    all.addAll(of(Kind.SERVICE, "get", "list", "watch", "patch", "create", "delete"));
    all.addAll(of(Kind.DEPLOYMENT, "get", "list", "watch", "patch", "create", "delete"));
    all.addAll(of(Kind.REPLICA_SET, "list", "watch"));
    all.addAll(of(Kind.POD, "list", "watch"));
    all.add(new Access("get", "", "pods/log"));
    all.addAll(of(Kind.ENDPOINT_SLICE, "list", "watch"));
    all.addAll(of(Kind.JOB, "get", "list", "watch", "patch", "create", "delete"));
    all.addAll(of(Kind.CONFIG_MAP, "get", "list", "watch", "patch", "create"));
    all.addAll(of(Kind.LEASE, "get", "list", "watch", "patch", "create"));
    all.addAll(of(Kind.EVENT, "list", "create"));
    all.addAll(of(Kind.AUTOSCALER, "list"));
    all.addAll(of(Kind.DISRUPTION_BUDGET, "list"));
    all.addAll(of(Kind.RESOURCE_QUOTA, "list"));
    if (withProxy) {
      all.add(PROXY);
    }
    return List.copyOf(all);
  }

  /** What it needs besides: for the routes that it steers, and for what sizes stable by load. */
  public static List<Access> besides(Release release) {
    List<Access> all = new ArrayList<>();
    for (Route route : release.routes()) {
      all.addAll(of(route.kind(), "get", "list", "watch", "patch"));
      if (route.uid().isEmpty()) {
        all.addAll(of(route.kind(), "create", "delete"));
      }
    }
    release.stableScaler().ifPresent(one -> all.addAll(scaler(one.kind())));
    return List.copyOf(all);
  }

  /** To steer what sizes stable by load; asked for only where there is one. */
  public static List<Access> scaler(Kind kind) {
    return of(kind, "get", "list", "watch", "patch");
  }

  private static List<Access> of(Kind kind, String... verbs) {
    return List.of(verbs).stream()
        .map(verb -> new Access(verb, kind.group(), kind.plural()))
        .toList();
  }

  /** The rule of a Role that would grant these verbs on its resource. */
  public String rule(List<String> verbs) {
    return "{apiGroups: [\""
        + group
        + "\"], resources: ["
        + resource
        + "], verbs: ["
        + String.join(", ", verbs)
        + "]}";
  }
}
