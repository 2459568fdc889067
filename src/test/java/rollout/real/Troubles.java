package rollout.real;

import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Path;

/** What can go wrong with what somebody writes on the real API server, brought about by hand. */
public final class Troubles {
  private static final FaultyProxy.Fate LOST = new FaultyProxy.Unanswered(() -> {});

  private final FullLab lab;
  private final String namespace;

  private Troubles(FullLab lab, String namespace) {
    this.lab = lab;
    this.namespace = namespace;
  }

  /** In an existing namespace of the server that tests use; without its lab they are skipped. */
  public static Troubles in(String namespace) {
    try {
      FullLab lab = FullLab.find(false);
      Path kubeconfig = Lab.kubeconfig().orElse(lab.kubeconfig());
      return new Troubles(new FullLab(lab.script(), lab.bin(), kubeconfig), namespace);
    } catch (FullLab.MissingException e) {
      return abort(Level4.skipped(e.getMessage()));
    }
  }

  /** A kubeconfig of a service account that may read objects of this resource, and nothing else. */
  public Path reader(String group, String resource) {
    String name = "reads-" + resource;
    lab.apply(
        namespace,
        """
        {apiVersion: v1, kind: ServiceAccount, metadata: {name: %1$s}}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: %1$s}
        rules: [{apiGroups: [%2$s], resources: [%3$s], verbs: [get, list, watch]}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: %1$s}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: %1$s}
        subjects: [{kind: ServiceAccount, name: %1$s, namespace: %4$s}]
        """
            .formatted(name, group, resource, namespace));
    return lab.as(lab.kubectl("-n", namespace, "create", "token", name)).kubeconfig();
  }

  /**
   * A webhook that must allow every change of objects of this resource in the namespace, and that
   * nobody answers for. It is asked from soon on.
   *
   * @return its name, for {@link #remove}
   */
  public String webhookThatIsNotThere(String group, String resource) {
    String name = namespace + "-" + resource;
    lab.apply(
        namespace,
        """
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingWebhookConfiguration
        metadata: {name: %1$s}
        webhooks:
        - name: nobody.example.com
          clientConfig: {service: {namespace: %2$s, name: nobody}}
          rules: [{apiGroups: [%3$s], apiVersions: ["*"], operations: [UPDATE], resources: [%4$s]}]
          namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %2$s}}
          failurePolicy: Fail
          sideEffects: None
          admissionReviewVersions: [v1]
        """
            .formatted(name, namespace, group, resource));
    return name;
  }

  /** Takes the webhook away. */
  public void remove(String webhook) {
    lab.kubectl("delete", "validatingwebhookconfiguration", webhook);
  }

  /** A way to the server on which every patch of this resource is done and no answer comes. */
  public Between answersThatAreLost(String resource) {
    FaultyProxy proxy =
        FaultyProxy.open(
            lab,
            (request, number) ->
                request.method().equals("PATCH") && request.target().contains("/" + resource + "/")
                    ? LOST
                    : FaultyProxy.PASS);
    return new Between(proxy.kubeconfig(namespace), proxy::close);
  }

  /**
   * Something between a program and the server, until it is closed.
   *
   * @param kubeconfig that leads through it
   */
  public record Between(Path kubeconfig, Runnable end) implements AutoCloseable {
    @Override
    public void close() {
      end.run();
    }
  }
}
