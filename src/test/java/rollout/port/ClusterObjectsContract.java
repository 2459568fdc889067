package rollout.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Kind;
import rollout.model.Ref;
import rollout.port.Cluster.Send;

/** How objects are read, written and refused. */
abstract class ClusterObjectsContract extends ClusterReadsContract {
  @Test
  void absentObjectIsEmpty() {
    assertThat(cluster().get(ref(Kind.SERVICE, name))).isEmpty();
  }

  @Test
  void createdObjectIsStoredWithUidAndVersion() {
    Doc stored = create(Kind.CONFIG_MAP, configMap(name, Map.of("a", "1")));

    assertThat(uid(stored)).isNotEmpty();
    assertThat(version(stored)).isNotEmpty();
    assertThat(stored.texts("data")).isEqualTo(Map.of("a", "1"));
    assertThat(Instant.parse(stored.textOrEmpty("metadata", "creationTimestamp"))).isNotNull();
    assertThat(read(ref(Kind.CONFIG_MAP, name))).isEqualTo(stored);
  }

  @Test
  void secretIsItsMetadataWhateverIsDoneToIt() {
    Ref ref = ref(Kind.SECRET, name);
    Doc created = create(Kind.SECRET, secret(name, "Z2VoZWlt"));
    Doc patched = patched(ref, Patch.none().put("Z2FueiBnZWhlaW0=", "data", "password"));

    assertThat(List.of(created, patched, read(ref), labelled(Kind.SECRET).getFirst()))
        .allSatisfy(
            one -> {
              assertThat(one.members()).containsOnlyKeys("apiVersion", "kind", "metadata");
              assertThat(one.textOrEmpty("kind")).isEqualTo("Secret");
              assertThat(one.doc("metadata").members())
                  .containsKeys("name", "namespace", "uid", "resourceVersion")
                  .doesNotContainKeys("labels", "annotations");
              assertThat(one.json()).doesNotContain("Z2").doesNotContain("f:password");
            });
    assertThat(version(patched)).isNotEqualTo(version(created)).isEqualTo(version(read(ref)));
    cluster().delete(ref, uid(created));
    await("gone", () -> cluster().get(ref).isEmpty());
  }

  private List<Doc> labelled(Kind kind) {
    return labelled(kind, Map.of("test", name));
  }

  @Test
  void generationOfADeploymentRisesWithItsSpecAndItsAnnotationsButNotWithItsLabels() {
    Ref ref = ref(Kind.DEPLOYMENT, name);
    // paused, since the controller's first ReplicaSet would bring an annotation of its own
    Doc paused = deployment(name, 0, appLabels()).with(true, "spec", "paused");
    Doc stored = create(Kind.DEPLOYMENT, paused);
    Doc labelled = patched(ref, Patch.none().put("b", "metadata", "labels", "a"));
    Doc annotated = patched(ref, Patch.none().put(Map.of("a", "1"), "metadata", "annotations"));
    Doc changed = patched(ref, Patch.none().put(7, "spec", "minReadySeconds"));

    assertThat(List.of(stored, labelled, annotated, changed))
        .extracting(object -> object.number(0, "metadata", "generation"))
        .containsExactly(1L, 1L, 2L, 3L);
  }

  private Doc patched(Ref ref, Patch patch) {
    return cluster().patch(ref, patch, Send.REAL);
  }

  @Test
  void createTwiceIsAlreadyExists() {
    Doc object = configMap(name, Map.of("a", "1"));
    Doc first = create(Kind.CONFIG_MAP, object);

    assertThatThrownBy(() -> create(Kind.CONFIG_MAP, object.with(Map.of("a", "2"), "data")))
        .isInstanceOf(ClusterException.AlreadyExists.class);
    assertThat(read(ref(Kind.CONFIG_MAP, name))).isEqualTo(first);
  }

  @Test
  void patchAtAStaleVersionIsConflict() {
    Ref ref = ref(Kind.SERVICE, name);
    Doc old = create(Kind.SERVICE, service(name, Map.of("app", name), 80));
    Doc now =
        cluster()
            .patch(
                ref, Patch.at(version(old)).put(Map.of("b", "2"), "spec", "selector"), Send.REAL);
    Patch stale = Patch.at(version(old)).put(Map.of("c", "3"), "spec", "selector");

    assertThatThrownBy(() -> cluster().patch(ref, stale, Send.REAL))
        .isInstanceOf(ClusterException.Conflict.class);
    assertThat(read(ref)).isEqualTo(now);
  }

  @Test
  void patchWithAFailingTestIsInvalidAndChangesNothing() {
    Ref ref = ref(Kind.SERVICE, name);
    Doc before = create(Kind.SERVICE, service(name, Map.of("app", name), 80));
    Patch patch =
        Patch.none().put(Map.of("b", "2"), "spec", "selector").test("another", "metadata", "uid");

    assertThatThrownBy(() -> cluster().patch(ref, patch, Send.REAL))
        .isInstanceOf(ClusterException.Invalid.class);
    assertThat(read(ref)).isEqualTo(before);
  }

  @Test
  void patchThatTestsAnAbsentStampIsInvalidOnceTheStampIsThere() {
    Ref ref = ref(Kind.SERVICE, name);
    Doc plain = service(name, Map.of("app", name), 80);
    Doc before = create(Kind.SERVICE, plain.with(Map.of("a", "1"), "metadata", "annotations"));
    Patch patch =
        Patch.none()
            .test(uid(before), "metadata", "uid")
            .test(null, "metadata", "annotations", "rollout/state")
            .put("mine", "metadata", "annotations", "rollout/state");
    cluster().patch(ref, patch, Send.REAL);

    assertThatThrownBy(() -> cluster().patch(ref, patch, Send.REAL))
        .isInstanceOf(ClusterException.Invalid.class);
  }

  @Test
  void patchThatTestsUidAndStampGoesThroughAfterAForeignLabel() {
    Ref ref = ref(Kind.SERVICE, name);
    Doc plain = service(name, Map.of("app", name), 80);
    Doc old =
        create(Kind.SERVICE, plain.with(Map.of("rollout/state", "7"), "metadata", "annotations"));
    cluster().patch(ref, Patch.none().put("x", "metadata", "labels", "foreign"), Send.REAL);
    Patch back =
        Patch.none()
            .test(uid(old), "metadata", "uid")
            .test("7", "metadata", "annotations", "rollout/state")
            .put("8", "metadata", "annotations", "rollout/state")
            .put(Map.of("stable", "1"), "spec", "selector");

    Doc after = cluster().patch(ref, back, Send.REAL);

    assertThat(after.texts("spec", "selector")).isEqualTo(Map.of("stable", "1"));
    assertThat(after.text("metadata", "labels", "foreign")).contains("x");
    assertThat(after.text("metadata", "annotations", "rollout/state")).contains("8");
  }

  @Test
  void lastAnnotationTakesItsMapWithIt() {
    Ref ref = ref(Kind.SERVICE, name);
    Doc plain = service(name, Map.of("app", name), 80);
    create(Kind.SERVICE, plain.with(Map.of("rollout/state", "7"), "metadata", "annotations"));

    Doc after = patched(ref, Patch.none().remove("metadata", "annotations", "rollout/state"));

    assertThat(after.has("metadata", "annotations")).isFalse();
  }

  @Test
  void selectorIsReplacedWhole() {
    Ref ref = ref(Kind.SERVICE, name);
    Doc old = create(Kind.SERVICE, service(name, Map.of("app", name, "hash", "1"), 80));
    Map<String, String> wanted = Map.of("app", name, "rollout/revision", "2");

    Doc after =
        cluster().patch(ref, Patch.at(version(old)).put(wanted, "spec", "selector"), Send.REAL);

    assertThat(after.texts("spec", "selector")).isEqualTo(wanted);
    assertThat(read(ref).texts("spec", "selector")).isEqualTo(wanted);
  }

  @Test
  void patchOfAnAbsentObjectIsNotFound() {
    Patch patch = Patch.none().put(Map.of("a", "1"), "metadata", "annotations");

    assertThatThrownBy(() -> cluster().patch(ref(Kind.SERVICE, name), patch, Send.REAL))
        .isInstanceOf(ClusterException.NotFound.class);
  }

  @Test
  void dryRunAnswersAndStoresNothing() {
    Doc object = service(name, Map.of("app", name), 80);
    Doc asIf = cluster().create(Kind.SERVICE, object, Send.DRY_RUN);
    assertThat(asIf.texts("spec", "selector")).isEqualTo(Map.of("app", name));
    assertThat(cluster().get(ref(Kind.SERVICE, name))).isEmpty();

    Doc stored = create(Kind.SERVICE, object);
    Patch patch = Patch.at(version(stored)).put(Map.of("b", "2"), "spec", "selector");
    Doc patched = cluster().patch(ref(Kind.SERVICE, name), patch, Send.DRY_RUN);
    assertThat(patched.texts("spec", "selector")).isEqualTo(Map.of("b", "2"));
    assertThat(read(ref(Kind.SERVICE, name))).isEqualTo(stored);
  }

  @Test
  void dryRunValidates() {
    Doc badPort = service(name, Map.of("app", name), 99999);
    Doc badName = service("Bad_Name", Map.of("app", name), 80);

    assertThatThrownBy(() -> cluster().create(Kind.SERVICE, badPort, Send.DRY_RUN))
        .isInstanceOf(ClusterException.Invalid.class);
    assertThatThrownBy(() -> cluster().create(Kind.SERVICE, badName, Send.DRY_RUN))
        .isInstanceOf(ClusterException.Invalid.class);
  }

  @Test
  void deleteOfAnotherUidIsConflictAndOfAnAbsentObjectNotFound() {
    Ref ref = ref(Kind.CONFIG_MAP, name);
    Doc stored = create(Kind.CONFIG_MAP, configMap(name, Map.of()));

    assertThatThrownBy(() -> cluster().delete(ref, "another-uid"))
        .isInstanceOf(ClusterException.Conflict.class);
    assertThat(cluster().get(ref)).isPresent();
    cluster().delete(ref, uid(stored));
    await(ref + " is gone", () -> cluster().get(ref).isEmpty());
    assertThatThrownBy(() -> cluster().delete(ref, uid(stored)))
        .isInstanceOf(ClusterException.NotFound.class);
  }

  @Test
  void fieldsThatThePatchDoesNotNameSurvive() {
    Doc plain = deployment(name, 0, appLabels());
    Doc before =
        create(
            Kind.DEPLOYMENT,
            plain
                .with(Map.of("else/whose", "{\"a\": [1.50, null]}"), "metadata", "annotations")
                .with(3, "spec", "minReadySeconds")
                .with(77, "spec", "progressDeadlineSeconds")
                .with(List.of("example/guard"), "metadata", "finalizers")
                .with("ClusterFirst", "spec", "template", "spec", "dnsPolicy"));
    Ref ref = ref(Kind.DEPLOYMENT, name);

    Doc after =
        cluster()
            .patch(
                ref, Patch.none().put("1", "metadata", "annotations", "rollout/claim"), Send.REAL);
    cluster().patch(ref, Patch.none().remove("metadata", "finalizers"), Send.REAL);

    assertThat(after.doc("spec")).isEqualTo(before.doc("spec"));
    assertThat(after.texts("metadata", "annotations"))
        .containsEntry("else/whose", "{\"a\": [1.50, null]}")
        .containsEntry("rollout/claim", "1");
    assertThat(after.textList("metadata", "finalizers")).containsExactly("example/guard");
    assertThat(after.texts("metadata", "labels")).isEqualTo(before.texts("metadata", "labels"));
  }

  @Test
  void oneOfTwoWritersOfAConfigMapWins() {
    Ref ref = ref(Kind.CONFIG_MAP, name);
    Doc read = create(Kind.CONFIG_MAP, configMap(name, Map.of("epoch", "1")));
    Patch mine = Patch.at(version(read)).put(Map.of("epoch", "2"), "data");
    Patch theirs = Patch.at(version(read)).put(Map.of("epoch", "3"), "data");

    cluster().patch(ref, mine, Send.REAL);

    assertThatThrownBy(() -> cluster().patch(ref, theirs, Send.REAL))
        .isInstanceOf(ClusterException.Conflict.class);
    assertThat(read(ref).text("data", "epoch")).contains("2");
  }

  @Test
  void oneOfTwoHoldersOfALeaseWins() {
    Ref ref = ref(Kind.LEASE, name);
    Doc lease =
        Doc.of(
            "apiVersion",
            "coordination.k8s.io/v1",
            "kind",
            "Lease",
            "metadata",
            metadata(name, Map.of()),
            "spec",
            Doc.of("holderIdentity", "a", "renewTime", "2026-01-02T03:04:05.123456Z"));
    Doc read = create(Kind.LEASE, lease);

    Doc taken =
        cluster().patch(ref, Patch.at(version(read)).put("b", "spec", "holderIdentity"), Send.REAL);

    assertThat(taken.text("spec", "renewTime")).contains("2026-01-02T03:04:05.123456Z");
    assertThatThrownBy(
            () ->
                cluster()
                    .patch(
                        ref, Patch.at(version(read)).put("c", "spec", "holderIdentity"), Send.REAL))
        .isInstanceOf(ClusterException.Conflict.class);
  }
}
