package rollout.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Kind;
import rollout.model.Ref;
import rollout.port.Cluster.Send;
import rollout.real.Level4;

/**
 * What the published definition of HTTPRoute makes of a route: filled in, numbered, refused. On a
 * server that does not have the kind these tests are skipped. The Gateway that the routes name is
 * not there, so no router that may be running has anything to say of them.
 */
abstract class ClusterRoutesContract extends ClusterStage {
  private static final Kind HTTP_ROUTE =
      new Kind("gateway.networking.k8s.io/v1", "HTTPRoute", "httproutes");
  private static final int MOST = 16;

  private boolean served;

  @BeforeEach
  void isTheKindServed() {
    served = cluster().kind(HTTP_ROUTE.apiVersion(), HTTP_ROUTE.kind()).isPresent();
  }

  private Doc route(List<Doc> rules) {
    Assumptions.assumeTrue(served, () -> Level4.skipped("no HTTPRoute on the server"));
    return Doc.of(
        "apiVersion",
        HTTP_ROUTE.apiVersion(),
        "kind",
        HTTP_ROUTE.kind(),
        "metadata",
        metadata(name, Map.of("test", name)),
        "spec",
        Doc.of("parentRefs", List.of(Doc.of("name", "absent")), "rules", rules));
  }

  private static Doc backend() {
    return Doc.of("name", "absent", "port", 80);
  }

  private static Doc rule(Doc... backends) {
    return Doc.of("backendRefs", List.of((Object[]) backends));
  }

  private Doc patched(Patch patch) {
    return cluster().patch(ref(HTTP_ROUTE, name), patch, Send.REAL);
  }

  private static Patch weight(Object weight) {
    return Patch.none().put(List.of(rule(backend().with(weight, "weight"))), "spec", "rules");
  }

  private void isInvalid(Patch patch) {
    assertThatThrownBy(() -> patched(patch)).isInstanceOf(ClusterException.Invalid.class);
  }

  @Test
  void routeSaysWhatItsManifestLeavesOpen() {
    Doc stored = create(HTTP_ROUTE, route(List.of(rule(backend()))));

    Doc rule = stored.docs("spec", "rules").getFirst();
    assertThat(rule.docs("backendRefs"))
        .containsExactly(backend().with("", "group").with("Service", "kind").with(1, "weight"));
    assertThat(rule.docs("matches"))
        .containsExactly(Doc.of("path", Doc.of("type", "PathPrefix", "value", "/")));
    assertThat(stored.docs("spec", "parentRefs"))
        .containsExactly(
            Doc.of("name", "absent", "group", "gateway.networking.k8s.io", "kind", "Gateway"));
  }

  @Test
  void weightThatIsTakenOutOfARouteIsOneAgain() {
    create(HTTP_ROUTE, route(List.of(rule(backend().with(7, "weight")))));

    Doc stored = patched(Patch.none().put(List.of(rule(backend())), "spec", "rules"));

    assertThat(
            stored
                .docs("spec", "rules")
                .getFirst()
                .docs("backendRefs")
                .getFirst()
                .number(0, "weight"))
        .isEqualTo(1);
  }

  @Test
  void generationOfARouteRisesWithItsSpecOnly() {
    Doc stored = create(HTTP_ROUTE, route(List.of(rule(backend()))));
    Doc labelled = patched(Patch.none().put("b", "metadata", "labels", "a"));
    Doc annotated = patched(Patch.none().put(Map.of("a", "1"), "metadata", "annotations"));
    Doc changed = patched(weight(5));
    Doc same = patched(weight(5));

    assertThat(List.of(stored, labelled, annotated, changed, same))
        .extracting(object -> object.number(0, "metadata", "generation"))
        .containsExactly(1L, 1L, 1L, 2L, 2L);
  }

  @Test
  void statusIsNotWrittenWithTheRoute() {
    Doc condition =
        Doc.of("type", "Accepted", "status", "True", "reason", "Accepted", "message", "")
            .with("2026-01-01T00:00:00Z", "lastTransitionTime");
    Doc entry =
        Doc.of("controllerName", "example.com/nobody", "conditions", List.of(condition))
            .with("absent", "parentRef", "name");
    Doc status = Doc.of("parents", List.of(entry));

    Doc stored = create(HTTP_ROUTE, route(List.of(rule(backend()))).with(status, "status"));
    Doc written = patched(Patch.none().put(status, "status"));

    assertThat(stored.docs("status", "parents")).isEmpty();
    assertThat(written.docs("status", "parents")).isEmpty();
    assertThat(written.number(0, "metadata", "generation")).isEqualTo(1);
  }

  @Test
  void weightOfARouteLiesBetweenNoneAndAMillion() {
    Doc before = create(HTTP_ROUTE, route(List.of(rule(backend()))));

    isInvalid(weight(-1));
    isInvalid(weight(1_000_001));
    isInvalid(weight("5"));
    assertThat(read(ref(HTTP_ROUTE, name)).doc("spec")).isEqualTo(before.doc("spec"));

    patched(weight(0));
    patched(weight(1_000_000));
  }

  @Test
  void sixteenRulesOfSixteenBackendsAreTheMost() {
    Ref ref = ref(HTTP_ROUTE, name);
    Doc full = rule(Collections.nCopies(MOST, backend()).toArray(Doc[]::new));
    Doc crowded = rule(Collections.nCopies(MOST + 1, backend()).toArray(Doc[]::new));
    create(HTTP_ROUTE, route(Collections.nCopies(MOST, full)));

    isInvalid(Patch.none().put(Collections.nCopies(MOST + 1, full), "spec", "rules"));
    isInvalid(Patch.none().put(List.of(crowded), "spec", "rules"));

    assertThat(read(ref).docs("spec", "rules")).hasSize(MOST);
  }

  @Test
  void backendOfARouteNamesAServiceAndItsPort() {
    create(HTTP_ROUTE, route(List.of(rule(backend()))));

    isInvalid(Patch.none().put(List.of(rule(backend().without("port"))), "spec", "rules"));
    isInvalid(Patch.none().put(List.of(rule(backend().without("name"))), "spec", "rules"));
  }
}
