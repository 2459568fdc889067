package rollout.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import rollout.plan.Feature;

/**
 * The same as {@link RightsRealTests} for what few releases need: a ScaledObject, what lies in
 * other namespaces, and all namespaces.
 */
@Execution(ExecutionMode.CONCURRENT)
class RightsBesidesRealTests extends UnderTheRoles {
  private static final String DEFINITION = "scaledobjects.keda.sh";

  /** All of KEDA that a server must know for its objects to be stored. */
  private static final String KEDA =
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: scaledobjects.keda.sh}
      spec:
        group: keda.sh
        scope: Namespaced
        names: {kind: ScaledObject, listKind: ScaledObjectList, plural: scaledobjects, singular: scaledobject}
        versions:
        - name: v1alpha1
          served: true
          storage: true
          subresources: {status: {}}
          schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
      """;

  private static final String SCALED_OBJECT =
      """
      apiVersion: keda.sh/v1alpha1
      kind: ScaledObject
      metadata: {name: shop}
      spec:
        scaleTargetRef: {name: shop}
        minReplicaCount: 1
        maxReplicaCount: 4
        triggers: [{type: cron, metadata: {timezone: UTC, start: 0 6 * * *, end: 0 20 * * *, desiredReplicas: "4"}}]
      """;

  private static boolean ours;

  private static synchronized void knowKeda() {
    if (lab.kubectl("get", "crd", DEFINITION, "--ignore-not-found").isEmpty()) {
      lab.apply("default", KEDA);
      ours = true;
    }
    lab.kubectl("wait", "--for=condition=Established", "crd/" + DEFINITION, "--timeout=30s");
  }

  @AfterAll
  static void forgetKeda() {
    if (ours) {
      lab.tryKubectl("delete", "crd", DEFINITION, "--wait=false");
    }
  }

  @Test
  void scaledObjectTakesWhatItsRoleGrantsAndNothingElse() {
    knowKeda();
    try (Account person = Account.releasing(lab, Feature.RELEASE, Feature.KEDA)) {
      person.serve(shop(1));
      person.apply(SCALED_OBJECT);
      ends(release(person, "demo:v2"), 0);

      assertThat(person.denied()).isEmpty();
      assertThat(person.unused(Feature.KEDA)).isEmpty();
    }
  }

  private static final String SHARING =
      """
      apiVersion: rollout/v1
      kind: BlueGreen
      target: {service: shop}
      candidate: {image: {shop: "demo:v2"}}
      migration:
        job: {file: migrate.yaml}
        compatibility: {freshPod: false, watchStable: 1s}
        schema: 43
        database: %s/orders
        sharedBy: [%s/reports]
        contract: {command: [sh, -c, exit 0], floor: 43}
      blueGreen: {bake: 0s}
      """;

  @Test
  void whatLiesInOtherNamespacesTakesWhatTheRolesThereGrantAndNothingElse() throws IOException {
    try (Account person = Account.releasing(lab, Feature.RELEASE)) {
      String monitoring = person.elsewhere(Feature.PROMETHEUS);
      String database = person.elsewhere(Feature.DATABASE);
      String others = person.elsewhere(Feature.CONTRACT);
      person.serve(shop(1));
      lab.apply(
          others,
          job("reports", "exit 0")
              .replace("spec:\n  template", "spec:\n  suspend: true\n  template"));
      file("migrate.yaml", job("migrate", "exit 0"));
      String sharing = file("sharing.yaml", SHARING.formatted(database, others));

      // Nobody answers there, which is said before anything is written; but it was asked.
      String prometheus = "svc:" + monitoring + "/prometheus:9090";
      ends(release(person, "demo:v2", "--prometheus", prometheus, "--check", "error-rate < 1%"), 3);
      ends(person.rollout("bluegreen", "-s", sharing), 0);
      ends(person.rollout("migration", "contract", "-s", sharing), 0);

      assertThat(person.denied()).isEmpty();
      assertThat(person.unused(Feature.PROMETHEUS)).isEmpty();
      assertThat(person.unused(Feature.DATABASE)).isEmpty();
      assertThat(person.unused(Feature.CONTRACT)).isEmpty();
    }
  }

  @Test
  void listTakesWhatItsRoleGrantsAndNothingElse() {
    try (Account person = Account.listing(lab)) {
      person.serve(shop(1));
      String[] held = {
        "bluegreen", "shop", "--image", "shop=demo:v2", "--bake", "0s", "--hold", "--no-wait"
      };
      ends(person.administrator(held), 8);

      Program.Ended list = ends(person.everywhere("list", "-A"), 0);

      assertThat(list.out())
          .anyMatch(line -> line.contains(person.namespace()) && line.contains("waiting"));
      assertThat(person.denied()).isEmpty();
      assertThat(person.unused()).isEmpty();
    }
  }
}
