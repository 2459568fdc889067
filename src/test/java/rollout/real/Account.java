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
          "/(?:api|apis/(?<group>[^/]+))/v[^/]+/(?:namespaces/[^/]+/)?(?<resource>[^/?]+)"
              + "(?:/(?<name>[^/?]+)(?:/(?<sub>[^/?]+))?)?(?:/[^?]*)?(?:\\?(?<query>.*))?");

  private final FullLab lab;
  private final String namespace;
  private final Set<Access> granted;
  private final FaultyProxy proxy;
  private final List<Program> programs = new ArrayList<>();
  private final Set<Access> used = ConcurrentHashMap.newKeySet();
  private final Set<Access> denied = ConcurrentHashMap.newKeySet();

  private Account(FullLab lab, String name, Feature... features) {
    this.lab = lab;
    this.namespace = "rollout-" + Parts.word();
    this.granted = new HashSet<>();
    lab.kubectl("create", "namespace", namespace);
    for (Feature feature : features) {
      granted.addAll(feature.accesses());
      apply(feature);
    }
    String token = kubectl("create", "token", name);
    this.proxy = FaultyProxy.listening(lab.as(token), this::answered);
  }

  /** Who releases. */
  static Account releasing(FullLab lab, Feature... features) {
    return new Account(lab, Feature.RELEASE.role(), features);
  }

  /** Who only starts Jobs that release. */
  static Account calling(FullLab lab) {
    return new Account(lab, Feature.CALLER.role(), Feature.CALLER);
  }

  private void apply(Feature feature) {
    String file = feature == Feature.RELEASE ? "rbac.yaml" : "rbac/" + feature.word() + ".yaml";
    try {
      // The published Roles of all namespaces name that of the account, as their user would.
      String text =
          Files.readString(Path.of("manifests", file))
              .replace("namespace: shop ", "namespace: " + namespace + " ");
      lab.apply(namespace, text);
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
    (status == 403 ? denied : used).add(access);
    synchronized (this) {
      notifyAll();
    }
  }

  /** Returns when this has been used. */
  synchronized void await(Access access) {
    long deadline = System.nanoTime() + Program.PATIENCE.toNanos();
    try {
      while (!used.contains(access)) {
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
    return granted.stream().filter(one -> !used.contains(one)).collect(Collectors.toSet());
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

  /** Starts the program as this account, with events on its standard output. */
  Program rollout(String... words) {
    return start(proxy.kubeconfig(namespace), "json", words);
  }

  /** The same, for a person to read. */
  Program inWords(String... words) {
    return start(proxy.kubeconfig(namespace), "text", words);
  }

  /** Starts the program as somebody who may do everything. */
  Program administrator(String... words) {
    return start(lab.kubeconfig(), "json", words);
  }

  private Program start(Path kubeconfig, String output, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("-n", namespace, "-o", output));
    Program program = Program.start(kubeconfig, all);
    programs.add(program);
    return program;
  }

  @Override
  public void close() {
    programs.forEach(Program::close);
    proxy.close();
    lab.tryKubectl("delete", "namespace", namespace, "--wait=false");
    for (Feature feature : List.of(Feature.GATEWAYS, Feature.LIST)) {
      lab.tryKubectl(
          "delete", "clusterrole,clusterrolebinding", feature.role(), "--ignore-not-found");
    }
  }
}
