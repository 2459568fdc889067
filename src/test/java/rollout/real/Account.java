package rollout.real;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import rollout.plan.Access;
import rollout.plan.Feature;

/**
 * A namespace with a service account that has the published Roles of some features and nothing
 * else. Whatever is done as this account is written down.
 */
final class Account implements AutoCloseable {
  private static final Pattern TARGET =
      Pattern.compile(
          "/(?:api|apis/(?<group>[^/]+))/v[^/]+/(?:namespaces/(?<namespace>[^/?]+)/)?"
              + "(?<resource>[^/?]+)"
              + "(?:/(?<name>[^/?]+)(?:/(?<sub>[^/?]+))?)?(?:/[^?]*)?(?:\\?(?<query>.*))?");

  /**
   * A namespace in which this account has the Role of a feature.
   *
   * @param namespace empty: all of them
   */
  private record Grant(Feature feature, String namespace) {
    boolean covers(Use use) {
      return namespace.isEmpty() || namespace.equals(use.namespace());
    }
  }

  private record Use(String namespace, Access access) {}

  private final FullLab lab;
  private final String namespace;
  private final List<Grant> grants = new ArrayList<>();
  private final List<String> namespaces = new ArrayList<>();
  private final FaultyProxy proxy;
  private final List<Program> programs = new ArrayList<>();
  private final Set<Use> used = ConcurrentHashMap.newKeySet();
  private final Set<Access> denied = ConcurrentHashMap.newKeySet();

  private Account(FullLab lab, String name, Feature... features) {
    this.lab = lab;
    this.namespace = create("rollout-" + Parts.word());
    if (features[0].scope() == Feature.Scope.CLUSTER) {
      // No file of a Role for all namespaces makes the account that it names.
      kubectl("create", "serviceaccount", name);
    }
    for (Feature feature : features) {
      grant(feature, namespace);
    }
    String token = kubectl("create", "token", name);
    this.proxy = FaultyProxy.listening(lab.as(token), this::answered);
  }

  private String create(String name) {
    lab.kubectl("create", "namespace", name);
    namespaces.add(name);
    return name;
  }

  /** Who releases. */
  static Account releasing(FullLab lab, Feature... features) {
    return new Account(lab, Feature.RELEASE.role(), features);
  }

  /** Who only starts Jobs that release. */
  static Account calling(FullLab lab) {
    return new Account(lab, Feature.CALLER.role(), Feature.CALLER);
  }

  /** Who only lists what has been released, everywhere. */
  static Account listing(FullLab lab) {
    return new Account(lab, Feature.RELEASE.role(), Feature.LIST);
  }

  /** A namespace beside the account's, in which it has the Role of this feature; its name. */
  String elsewhere(Feature feature) {
    String place = create(namespace + "-" + feature.word());
    grant(feature, place);
    return place;
  }

  private void grant(Feature feature, String place) {
    boolean everywhere = feature.scope() == Feature.Scope.CLUSTER;
    grants.add(new Grant(feature, everywhere ? "" : place));
    String file = feature == Feature.RELEASE ? "rbac.yaml" : "rbac/" + feature.word() + ".yaml";
    try {
      // Who applies a Role of another namespace, or of all, says where the account is.
      String text =
          Files.readString(Path.of("manifests", file))
              .replace("namespace: shop ", "namespace: " + namespace + " ");
      lab.apply(place, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answered(FaultyProxy.Request request, int status) {
    Matcher target = TARGET.matcher(request.target());
    if (!target.matches()) {
      return;
    }
    String group = target.group("group") == null ? "" : target.group("group");
    String sub = target.group("sub") == null ? "" : "/" + target.group("sub");
    Access access =
        new Access(verb(request.method(), target), group, target.group("resource") + sub);
    if (status == 403) {
      denied.add(access);
    } else {
      String place = target.group("namespace");
      used.add(new Use(place == null ? "" : place, access));
    }
    synchronized (this) {
      notifyAll();
    }
  }

  /** Returns when this has been used. */
  synchronized void await(Access access) {
    long deadline = System.nanoTime() + Program.PATIENCE.toNanos();
    try {
      while (used.stream().noneMatch(use -> use.access().equals(access))) {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          throw new AssertionError("nobody has used " + access);
        }
        wait(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private static String verb(String method, Matcher target) {
    String query = target.group("query") == null ? "" : target.group("query");
    return switch (method) {
      case "GET" ->
          target.group("name") != null ? "get" : query.contains("watch=") ? "watch" : "list";
      case "POST" -> "create";
      case "PATCH" -> "patch";
      case "DELETE" -> "delete";
      default -> method;
    };
  }

  /** What it has and has not used. */
  Set<Access> unused() {
    return unused(grants);
  }

  /** What it has by the Role of this feature and has not used there. */
  Set<Access> unused(Feature feature) {
    return unused(grants.stream().filter(grant -> grant.feature() == feature).toList());
  }

  private Set<Access> unused(List<Grant> some) {
    Set<Access> unused = new HashSet<>();
    for (Grant grant : some) {
      Set<Access> there =
          used.stream().filter(grant::covers).map(Use::access).collect(Collectors.toSet());
      grant.feature().accesses().stream().filter(one -> !there.contains(one)).forEach(unused::add);
    }
    return unused;
  }

  /** What it was refused. */
  Set<Access> denied() {
    return Set.copyOf(denied);
  }

  String namespace() {
    return namespace;
  }

  /** Standard output of kubectl, as the administrator, in this namespace. */
  String kubectl(String... words) {
    List<String> all = new ArrayList<>(List.of("-n", namespace));
    all.addAll(List.of(words));
    return lab.kubectl(all.toArray(String[]::new));
  }

  /** What somebody applies, as the administrator. */
  void apply(String manifests) {
    lab.apply(namespace, manifests);
  }

  /** The same; returns when it serves. */
  void serve(String manifests) {
    apply(manifests);
    awaitServing();
  }

  /** Returns when every Deployment of the namespace serves. */
  void awaitServing() {
    kubectl("wait", "--for=condition=Available", "deployments", "--all", "--timeout=60s");
  }

  /** Starts the program as this account, with events on its standard output. */
  Program rollout(String... words) {
    return start(proxy.kubeconfig(namespace), "json", words);
  }

  /** The same, for a person to read. */
  Program inWords(String... words) {
    return start(proxy.kubeconfig(namespace), "text", words);
  }

  /** Starts the program as this account, for all namespaces. */
  Program everywhere(String... words) {
    return keep(Program.start(proxy.kubeconfig(namespace), List.of(words)));
  }

  /** Starts the program as somebody who may do everything. */
  Program administrator(String... words) {
    return start(lab.kubeconfig(), "json", words);
  }

  private Program start(Path kubeconfig, String output, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("-n", namespace, "-o", output));
    return keep(Program.start(kubeconfig, all));
  }

  private Program keep(Program program) {
    programs.add(program);
    return program;
  }

  @Override
  public void close() {
    programs.forEach(Program::close);
    proxy.close();
    for (String place : namespaces) {
      lab.tryKubectl("delete", "namespace", place, "--wait=false");
    }
    for (Grant grant : grants) {
      if (grant.namespace().isEmpty()) {
        String role = grant.feature().role();
        lab.tryKubectl("delete", "clusterrole,clusterrolebinding", role, "--ignore-not-found");
      }
    }
  }
}
