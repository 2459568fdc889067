package rollout.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rollout.document.Doc;
import rollout.model.HeldError;
import rollout.model.Kind;
import rollout.model.Marks;
import rollout.model.RefusedError;
import rollout.model.SecretMetadata;
import rollout.plan.Release.Contender;
import rollout.plan.Release.JobName;
import rollout.plan.Release.PreviewService;
import rollout.plan.Release.Scaler;
import rollout.plan.Release.Stable;
import rollout.strategy.Candidate;

class PreflightTests {
  /** The reasons against a release, what is wrong only. */
  private static List<String> reasons(Surveyed surveyed) {
    RefusedError refused = catchThrowableOfType(RefusedError.class, surveyed::prepare);
    return refused == null
        ? List.of()
        : refused.problems().stream().map(problem -> problem.wrong()).toList();
  }

  private static String advice(Surveyed surveyed) {
    return catchThrowableOfType(RefusedError.class, surveyed::prepare)
        .problems()
        .getFirst()
        .right();
  }

  @Test
  void aHealthyServiceIsReleasedByACopy() {
    Prepared prepared = Surveyed.shop().prepare();
    Release release = prepared.release();
    assertThat(prepared.warnings()).isEmpty();
    assertThat(prepared.unchanged()).isFalse();
    assertThat(release.form()).isEqualTo(Form.COPY);
    assertThat(release.stable())
        .isEqualTo(
            new Stable(
                "shop",
                "shop-uid",
                3,
                "shop-1",
                "shop-shop-1",
                "shop-1-rs",
                Surveyed.hash(Surveyed.template("demo:v1", Surveyed.SHOP)),
                true,
                true,
                List.of("app=demo:v1")));
    assertThat(release.candidate())
        .isEqualTo(
            new Contender(
                "shop-r2",
                "",
                0,
                Surveyed.hash(Surveyed.template("demo:v2", Surveyed.SHOP)),
                List.of("app=demo:v2")));
    assertThat(release.target().stable()).hasToString("app=shop,pod-template-hash=shop-1");
    assertThat(release.target().candidate()).hasToString("app=shop,rollout/revision=2");
  }

  // ---- the server and the Service

  @ParameterizedTest
  @ValueSource(strings = {"1.20", "1.26", "0.99", "one"})
  void anOlderApiServerIsRefused(String version) {
    assertThatThrownBy(() -> Preflight.version(version))
        .isInstanceOf(RefusedError.class)
        .hasMessageStartingWith(
            "the API server is of version " + version + "; rollout needs Kubernetes 1.27 or newer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.27", "1.35", "2.0"})
  void aNewerApiServerIsFine(String version) {
    assertThatCode(() -> Preflight.version(version)).doesNotThrowAnyException();
  }

  @Test
  void anUnknownServiceIsNamedWithTheNearest() {
    Surveyed surveyed = Surveyed.shop().of("shpo");
    assertThat(reasons(surveyed)).containsExactly("there is no Service shpo in namespace web");
    assertThat(advice(surveyed)).isEqualTo("Did you mean shop?");
  }

  @Test
  void anExternalNameHasNoPods() {
    assertThat(
            reasons(
                Surveyed.shop().service("shop", doc -> doc.with("ExternalName", "spec", "type"))))
        .containsExactly("Service shop is of type ExternalName: it sends to a name, not to pods");
  }

  @Test
  void aServiceWithoutSelectorIsRefused() {
    assertThat(reasons(Surveyed.shop().service("shop", doc -> doc.without("spec", "selector"))))
        .containsExactly(
            "Service shop has no selector: its endpoints are written by somebody else");
  }

  @Test
  void twoWorkloadsBehindAServiceAreRefused() {
    assertThat(reasons(Surveyed.shop().deployment("shop-old", Surveyed.SHOP, 1)))
        .containsExactly(
            "Service shop selects pods of 2 workloads: Deployment shop, Deployment shop-old");
  }

  @Test
  void aStatefulSetCannotBeReleased() {
    Surveyed surveyed =
        Surveyed.empty()
            .service("shop", Surveyed.SHOP)
            .pod("shop-0", Surveyed.SHOP, Surveyed.owner("StatefulSet", "shop", "st-uid"));
    assertThat(reasons(surveyed))
        .containsExactly("Service shop sends to StatefulSet shop, which is no Deployment");
  }

  @Test
  void withoutPodsTheOneDeploymentThatFitsIsStable() {
    Surveyed surveyed = Surveyed.shop().noPods().permit(false, true, false);
    assertThat(surveyed.prepare().release().stable().name()).isEqualTo("shop");
    assertThat(reasons(surveyed.deployment("twin", Surveyed.SHOP, 0)))
        .containsExactly(
            "no pod is behind Service shop, and 2 Deployments fit its selector app=shop");
    assertThat(surveyed.from("twin").prepare().release().stable().name()).isEqualTo("twin");
  }

  @Test
  void aWrongFromIsSaid() {
    Surveyed surveyed =
        Surveyed.shop().deployment("other", Map.of("app", "other"), 1).from("other");
    assertThat(reasons(surveyed)).containsExactly("Service shop does not send to Deployment other");
    assertThat(advice(surveyed)).isEqualTo("It sends to Deployment shop.");
  }

  // ---- other Services on the same pods

  @Test
  void everyServiceOnTheSamePodsMustBeNamed() {
    Surveyed surveyed = Surveyed.shop().service("shop-admin", Surveyed.SHOP);
    assertThat(reasons(surveyed))
        .containsExactly("Service shop-admin sends to the pods of shop too");
    assertThat(advice(surveyed))
        .isEqualTo(
            "Move it along: --also shop-admin; or leave it alone: --ignore-service shop-admin");
  }

  @Test
  void anAlsoServiceMovesWithIt() {
    Prepared prepared =
        Surveyed.shop().service("shop-admin", Surveyed.SHOP).also("shop-admin").prepare();
    assertThat(prepared.release().services())
        .extracting(Release.Steered::name)
        .containsExactly("shop", "shop-admin");
  }

  @Test
  void anIgnoredServiceIsLeftAloneWithAWarning() {
    Prepared prepared =
        Surveyed.shop().service("shop-admin", Surveyed.SHOP).ignore("shop-admin").prepare();
    assertThat(prepared.release().services()).hasSize(1);
    assertThat(prepared.warnings())
        .containsExactly(
            "Service shop-admin is left alone: it will send to the candidate's pods before they"
                + " are proven");
  }

  @Test
  void anAlsoServiceOfOtherPodsIsRefusedAndAnUnknownOneNamed() {
    assertThat(reasons(Surveyed.shop().service("mail", Map.of("app", "mail")).also("mail")))
        .containsExactly("--also mail: it does not send to the pods of shop");
    assertThat(reasons(Surveyed.shop().also("shop-admn")))
        .containsExactly("there is no Service shop-admn in namespace web");
  }

  @Test
  void aTemplateThatTheServiceWouldNotSelectIsRefused() {
    Doc manifest = Surveyed.manifest("shop", "demo:v2").with(Surveyed.SHOP, "spec", "selector");
    Surveyed surveyed =
        Surveyed.empty()
            .service("shop", Map.of("app", "shop", "tier", "web"))
            .deployment("shop", Map.of("app", "shop", "tier", "web"), 3)
            .manifests(manifest.without("spec", "selector"));
    assertThat(reasons(surveyed))
        .containsExactly(
            "the new template's pods would not be behind Service shop: it selects"
                + " app=shop,tier=web");
  }

  @Test
  void aServiceThatWouldPickTheNewPodsEarlyIsRefused() {
    Doc manifest =
        Surveyed.manifest("shop", "demo:v2")
            .with("v2", "spec", "template", "metadata", "labels", "version");
    Surveyed surveyed =
        Surveyed.shop().service("v2-only", Map.of("version", "v2")).manifests(manifest);
    assertThat(reasons(surveyed))
        .containsExactly(
            "Service v2-only would send to the new version's pods before they are proven: it"
                + " selects version=v2");
    assertThat(reasons(surveyed.ignore("v2-only"))).isEmpty();
  }

  @Test
  void aServiceThatStillCarriesTheStateOfAReleaseIsHeld() {
    Surveyed surveyed =
        Surveyed.shop()
            .service(
                "shop",
                doc ->
                    doc.with(
                        "{\"revision\":4,\"original\":{\"app\":\"shop\"}}",
                        "metadata",
                        "annotations",
                        Marks.STATE));
    assertThatThrownBy(surveyed::prepare)
        .isInstanceOf(HeldError.class)
        .hasMessageContaining("revision 4")
        .hasMessageContaining("app=shop");
  }

  // ---- GitOps

  private static Doc applied(Doc service) {
    return service.with(
        List.of(
            Doc.of(
                "manager", "argocd",
                "operation", "Apply",
                "fieldsV1", Doc.of("f:spec", Doc.of("f:selector", Doc.EMPTY)))),
        "metadata",
        "managedFields");
  }

  @Test
  void aSelectorOwnedBySomebodysApplyIsRefused() {
    Surveyed surveyed = Surveyed.shop().service("shop", PreflightTests::applied);
    assertThat(reasons(surveyed))
        .containsExactly(
            "the selector of Service shop is owned by the server-side apply of argocd, which would"
                + " write it back in the middle of the release");
    assertThat(advice(surveyed)).contains("rollout/track: stable", "--gitops-suspended");
    assertThat(reasons(surveyed.permit(false, false, true))).isEmpty();
  }

  @Test
  void preparedModeGoesByTheTrackAndNeedsNoSuspension() {
    Map<String, String> labels = Map.of("app", "shop", Marks.TRACK, "stable");
    Prepared prepared =
        Surveyed.empty()
            .service("shop", labels)
            .deployment("shop", labels, 3)
            .service("shop", PreflightTests::applied)
            .prepare();
    assertThat(prepared.release().target().stable()).hasToString("app=shop,rollout/track=stable");
    assertThat(prepared.release().target().candidate())
        .hasToString("app=shop,rollout/track=candidate");
    assertThat(
            prepared
                .materials()
                .deployment()
                .orElseThrow()
                .texts("spec", "template", "metadata", "labels"))
        .isEqualTo(Map.of("app", "shop", Marks.TRACK, "candidate", Marks.REVISION, "2"));
  }

  // ---- stable

  @Test
  void aPausedStableIsRefused() {
    assertThat(reasons(Surveyed.shop().deployment("shop", doc -> doc.with(true, "spec", "paused"))))
        .containsExactly("Deployment shop is paused, and not by us");
  }

  @Test
  void aStableWithoutHistoryIsRefused() {
    assertThat(
            reasons(
                Surveyed.shop()
                    .deployment("shop", doc -> doc.with(0, "spec", "revisionHistoryLimit"))))
        .containsExactly(
            "Deployment shop keeps no old ReplicaSet (revisionHistoryLimit: 0), so there is nothing"
                + " to go back to");
  }

  @Test
  void aForeignClaimIsHeld() {
    Surveyed surveyed =
        Surveyed.shop()
            .deployment(
                "shop",
                doc ->
                    doc.with(
                        "{\"target\":\"other\",\"revision\":3}",
                        "metadata",
                        "annotations",
                        Marks.CLAIM));
    assertThatThrownBy(surveyed::prepare)
        .isInstanceOf(HeldError.class)
        .hasMessage(
            "Deployment shop is held by the release of Service other, revision 3.  See: rollout"
                + " status other");
  }

  @Test
  void aRolloutInFlightIsRefused() {
    Doc newer = Surveyed.template("demo:v1.1", Surveyed.SHOP);
    assertThat(
            reasons(
                Surveyed.shop()
                    .deployment("shop", doc -> doc.with(newer, "spec", "template"))
                    .set("shop", "shop-9", newer, 1)))
        .containsExactly(
            "Deployment shop is in the middle of a rollout: ready pods of 2 ReplicaSets serve");
  }

  @Test
  void aStuckStableIsPinnedToWhatServesAndCanBeCured() {
    Doc stuck = Surveyed.template("demo:broken", Surveyed.SHOP);
    Prepared prepared =
        Surveyed.shop()
            .deployment("shop", doc -> doc.with(stuck, "spec", "template"))
            .set("shop", "shop-9", stuck, 0)
            .prepare();
    assertThat(prepared.release().stable().hash()).isEqualTo("shop-1");
    assertThat(prepared.warnings())
        .containsExactly(
            "Deployment shop is stuck: what serves is shop-shop-1, not its newest template; going"
                + " back means going back to that");
  }

  @Test
  void theTemplateThatAStuckStableFailsToRunIsNotUnchanged() {
    Doc stuck = Surveyed.template("demo:v2", Surveyed.SHOP);
    Surveyed surveyed =
        Surveyed.shop()
            .deployment("shop", doc -> doc.with(stuck, "spec", "template"))
            .set("shop", "shop-9", stuck, 0);
    assertThat(surveyed.prepare().unchanged()).isFalse();
  }

  @Test
  void withoutAnyReadyPodThereIsNoWayBackUnlessItIsSaid() {
    Surveyed surveyed = Surveyed.shop().unready();
    assertThat(reasons(surveyed))
        .containsExactly("no pod of Deployment shop is ready, so there would be no way back");
    assertThat(advice(surveyed)).isEqualTo("To release all the same: --no-way-back");
    Stable stable = surveyed.permit(false, true, false).prepare().release().stable();
    assertThat(stable.serving()).isFalse();
    assertThat(stable.hash()).as("pinned to its current ReplicaSet").isEqualTo("shop-1");
  }

  @Test
  void aStrategyOfRecreateIsWarnedOf() {
    assertThat(
            Surveyed.shop()
                .deployment("shop", doc -> doc.with("Recreate", "spec", "strategy", "type"))
                .prepare()
                .warnings())
        .singleElement()
        .asString()
        .contains("strategy Recreate");
  }

  // ---- what goes by label, and room

  private static Doc scales(String deployment) {
    return Doc.of(
        "metadata",
        Doc.of("name", "scaler", "uid", "u-1"),
        "spec",
        Doc.of(
            "minReplicas", 2, "scaleTargetRef", Doc.of("kind", "Deployment", "name", deployment)));
  }

  @Test
  void whatScalesStableIsFound() {
    assertThat(scaler(Surveyed.shop().autoscaler(scales("shop"))))
        .contains(
            new Scaler(Kind.AUTOSCALER, "scaler", "u-1", Optional.of("2"), Scaler.Sizes.SERVING));
    assertThat(scaler(Surveyed.shop().scaledObject(scales("shop"))))
        .contains(
            new Scaler(
                Kind.SCALED_OBJECT, "scaler", "u-1", Optional.empty(), Scaler.Sizes.SERVING));
    assertThat(scaler(Surveyed.shop().autoscaler(scales("mail")).scaledObject(scales("mail"))))
        .isEmpty();
  }

  private static Optional<Scaler> scaler(Surveyed surveyed) {
    return surveyed.prepare().release().scaler();
  }

  @Test
  void twoThatScaleStableAreRefused() {
    assertThat(reasons(Surveyed.shop().autoscaler(scales("shop")).scaledObject(scales("shop"))))
        .containsExactly(
            "Deployment shop is scaled by 2 at once: HorizontalPodAutoscaler scaler, ScaledObject"
                + " scaler");
  }

  @Test
  void theOneThatKedaMakesIsNoSecond() {
    Doc made =
        scales("shop")
            .with(
                Surveyed.owner("ScaledObject", "scaler", "u-1").stream().map(Doc::members).toList(),
                "metadata",
                "ownerReferences");
    assertThat(scaler(Surveyed.shop().autoscaler(made).scaledObject(scales("shop"))))
        .map(Scaler::kind)
        .contains(Kind.SCALED_OBJECT);
  }

  private static Doc applied(String manager, String operation, String metric) {
    return scales("shop")
        .with(
            List.of(
                Doc.of(
                        "manager",
                        manager,
                        "operation",
                        operation,
                        "fieldsV1",
                        Doc.of("f:spec", Doc.of("f:minReplicas", Doc.EMPTY)))
                    .members()),
            "metadata",
            "managedFields")
        .with(List.of(Doc.of("type", metric).members()), "spec", "metrics");
  }

  @Test
  void oneThatGitOpsAppliesAndThatGoesByPodsIsRefused() {
    Surveyed shop = Surveyed.shop().autoscaler(applied("argocd-controller", "Apply", "Resource"));
    assertThat(reasons(shop))
        .containsExactly(
            "HorizontalPodAutoscaler scaler is owned by the server-side apply of"
                + " argocd-controller, which would point it back at the version without traffic in"
                + " the middle of the release, and it goes by the load of its pods");
    assertThat(reasons(shop.permit(false, false, true))).isEmpty();
    for (Doc well :
        List.of(
            applied("kubectl", "Apply", "Resource"),
            applied("argocd-controller", "Update", "Resource"),
            applied("argocd-controller", "Apply", "External"))) {
      assertThat(reasons(Surveyed.shop().autoscaler(well))).isEmpty();
    }
  }

  @Test
  void oneThatAReleaseHasLeftMarkedIsPutBackFirst() {
    Doc left =
        scales("shop-r1")
            .with(
                Map.of(Marks.STATE, "{\"target\":\"shop\",\"revision\":1,\"stable\":\"shop\"}"),
                "metadata",
                "annotations");
    assertThatThrownBy(() -> Surveyed.shop().autoscaler(left).prepare())
        .isInstanceOf(HeldError.class)
        .hasMessageContaining("rollout repair shop");
  }

  private static Surveyed green(int replicas) {
    return Surveyed.shop().deployment("green", Map.of("app", "green"), replicas).to("green");
  }

  @Test
  void candidateWithOneOfItsOwnKeepsIt() {
    Surveyed shop = green(0).autoscaler(scales("green").with(3, "spec", "minReplicas"));
    assertThat(scaler(shop)).map(Scaler::sizes).contains(Scaler.Sizes.CANDIDATE);
    assertThat(scaler(shop.scaledObject(scales("shop"))))
        .map(Scaler::sizes)
        .contains(Scaler.Sizes.STABLE);
  }

  @Test
  void candidateWhoseOwnWouldTakeItsPodsBeforeTheSwitchIsRefused() {
    assertThat(reasons(green(0).autoscaler(scales("green"))))
        .containsExactly(
            "HorizontalPodAutoscaler scaler sizes green by its own load, at least 2 pods: while it"
                + " has no traffic it would not keep the 3 that shop has");
  }

  private static Doc budget(String name, Object selector, Object minAvailable) {
    return Doc.of(
        "metadata",
        Doc.of("name", name),
        "spec",
        Doc.of("selector", selector, "minAvailable", minAvailable));
  }

  private static Doc matching(String operator, String... values) {
    return Doc.of(
        "matchExpressions",
        List.of(Doc.of("key", "app", "operator", operator, "values", List.of(values))));
  }

  @Test
  void twoBudgetsOverOnePodAreRefusedHoweverTheySelect() {
    Doc equal = Doc.of("matchLabels", Surveyed.SHOP);
    for (Doc second :
        List.of(equal, Doc.EMPTY, matching("In", "shop", "mail"), matching("Exists"))) {
      assertThat(
              reasons(
                  Surveyed.shop()
                      .budget(budget("one", equal, "50%"))
                      .budget(budget("two", second, "50%"))))
          .as("%s", second)
          .containsExactly(
              "2 PodDisruptionBudgets cover the pods of shop: one, two. Their eviction fails, so no"
                  + " node could be drained");
    }
    for (Doc second :
        List.of(
            matching("NotIn", "shop"),
            matching("DoesNotExist"),
            Doc.of("matchLabels", Map.of("app", "mail")))) {
      assertThat(
              reasons(
                  Surveyed.shop()
                      .budget(budget("one", equal, "50%"))
                      .budget(budget("two", second, "50%"))))
          .as("%s", second)
          .isEmpty();
    }
  }

  @Test
  void anAbsoluteMinAvailableIsWarnedOf() {
    Doc equal = Doc.of("matchLabels", Surveyed.SHOP);
    assertThat(Surveyed.shop().budget(budget("two", equal, 2)).prepare().warnings())
        .containsExactly(
            "PodDisruptionBudget two has an absolute minAvailable: while two versions run, the idle"
                + " one satisfies it, and a drain could take every pod that serves. Prefer"
                + " maxUnavailable.");
  }

  @Test
  void requiredAntiAffinityIsWarnedOf() {
    Doc term = Doc.of("labelSelector", Doc.of("matchLabels", Surveyed.SHOP));
    assertThat(
            Surveyed.shop()
                .deployment(
                    "shop",
                    doc ->
                        doc.with(
                            List.of(term),
                            "spec",
                            "template",
                            "spec",
                            "affinity",
                            "podAntiAffinity",
                            "requiredDuringSchedulingIgnoredDuringExecution"))
                .permit(false, true, false)
                .prepare()
                .warnings())
        .anySatisfy(
            warning ->
                assertThat(warning)
                    .isEqualTo(
                        "the pods of shop must not share a node (required anti-affinity): the"
                            + " candidate needs as many nodes again"));
  }

  private static Doc sized(Doc deployment, String side, String cpu) {
    Doc container =
        Doc.of(
            "name", "app",
            "image", "demo:v1",
            "resources", Doc.of(side, Map.of("cpu", cpu)));
    return deployment.with(List.of(container), "spec", "template", "spec", "containers");
  }

  @ParameterizedTest
  @CsvSource({
    "pods, 3, 5, requests, 1m, true",
    "pods, 3, 6, requests, 1m, false",
    "requests.cpu, 1, 2500m, requests, 501m, true",
    "requests.cpu, 1, 2500m, requests, 500m, false",
    "requests.cpu, 1, 2500m, limits, 501m, true",
    "limits.cpu, 0, 1, limits, 334m, true",
    "limits.cpu, 0, 1, requests, 334m, false",
  })
  void theCandidateMustFitIntoTheQuota(
      String resource, String used, String hard, String side, String cpu, boolean refused) {
    Surveyed surveyed =
        Surveyed.shop()
            .deployment("shop", doc -> sized(doc, side, cpu))
            .quota(resource, used, hard)
            .permit(false, true, false);
    assertThat(!reasons(surveyed).isEmpty()).isEqualTo(refused);
  }

  @Test
  void theQuotaIsNamed() {
    assertThat(reasons(Surveyed.shop().quota("pods", "3", "5")))
        .containsExactly(
            "ResourceQuota small leaves no room for 3 more pods: pods would be 6 of 5");
  }

  // ---- the candidate

  @Test
  void aContainerThatIsNotThereIsNamedWithTheNearest() {
    Surveyed surveyed = Surveyed.shop().image("ap", "demo:v2");
    assertThat(reasons(surveyed))
        .containsExactly("Deployment shop has no container ap; it has app");
    assertThat(advice(surveyed)).isEqualTo("Did you mean app?");
  }

  @Test
  void anImageWithoutContainerNeedsOnlyOneContainer() {
    Doc two = Doc.of("name", "proxy", "image", "p:1");
    Doc one = Doc.of("name", "app", "image", "demo:v1");
    Surveyed surveyed =
        Surveyed.shop()
            .deployment(
                "shop",
                doc -> doc.with(List.of(one, two), "spec", "template", "spec", "containers"));
    assertThat(reasons(surveyed)).containsExactly("Deployment shop has 2 containers: app, proxy");
    assertThat(advice(surveyed)).isEqualTo("Say which one: --image app=IMAGE");
  }

  @Test
  void whatServesAlreadyIsUnchanged() {
    Surveyed surveyed = Surveyed.shop().image("app", "demo:v1");
    assertThat(surveyed.prepare().unchanged()).isTrue();
    assertThat(surveyed.permit(true, false, false).prepare().unchanged()).as("--force").isFalse();
  }

  @Test
  void aMigrationThatHasNotRunIsAChange() {
    Doc migration = Surveyed.job(Map.of("job", "migrate"));
    Surveyed surveyed = Surveyed.shop().image("app", "demo:v1").migrate(migration);
    Prepared pending = surveyed.prepare();
    assertThat(pending.unchanged()).isFalse();
    Doc done =
        pending
            .materials()
            .jobs()
            .getOrDefault(JobRole.MIGRATE, Doc.EMPTY)
            .with(List.of(Doc.of("type", "Complete", "status", "True")), "status", "conditions");
    assertThat(surveyed.job(done).prepare().unchanged()).isTrue();
  }

  @Test
  void aTemplateThatAHealthVerdictRefusedNeedsForce() {
    Surveyed surveyed =
        Surveyed.shop()
            .refused(Surveyed.template("demo:v2", Surveyed.SHOP), "in revision 1: it crashed");
    assertThat(reasons(surveyed))
        .containsExactly("the same version went back before, in revision 1: it crashed");
    assertThat(reasons(surveyed.permit(true, false, false))).isEmpty();
  }

  @Test
  void aRevisionIsFoundInItsReplicaSet() {
    Doc old = Surveyed.template("demo:v0", Surveyed.SHOP);
    Surveyed surveyed =
        Surveyed.shop()
            .set("shop", "shop-0", old, 0)
            .past(1, "shop-shop-0")
            .past(0, "shop-pruned")
            .release(new Candidate.Revision(1));
    Prepared prepared = surveyed.prepare();
    assertThat(prepared.release().returnsTo()).contains(1);
    assertThat(prepared.release().candidate().images()).containsExactly("app=demo:v0");

    surveyed.release(new Candidate.Revision(7));
    assertThat(reasons(surveyed))
        .containsExactly("revision 7 is not in the history as a version that served");
    assertThat(advice(surveyed)).isEqualTo("Left to return to: 1.");

    assertThat(reasons(surveyed.release(new Candidate.Revision(0))))
        .containsExactly("the ReplicaSet of revision 0 is gone, and with it the template");
  }

  // ---- schemas

  private static Surveyed built(String said) {
    return Surveyed.shop()
        .deployment(
            "shop",
            live -> live.with(said, "spec", "template", "metadata", "annotations", Marks.SCHEMA));
  }

  @Test
  void aSchemaThatIsNoNumberIsRefused() {
    assertThat(reasons(built("4x")))
        .contains("rollout/schema of the version that serves is '4x', which is no number");
  }

  @Test
  void aFloorAboveTheNewestMigrationIsRefused() {
    assertThat(reasons(built("41").migrates(42, 43)))
        .containsExactly("the migration's floor 43 is above the newest migration, 42");
  }

  @Test
  void aFloorThatTheVersionThatServesIsBelowIsRefused() {
    assertThat(reasons(built("41").migrates(42, 42)))
        .containsExactly(
            "the version that serves was built with migration 41, and on this schema only versions"
                + " built with 42 or newer can run");
    assertThat(reasons(Surveyed.shop().migrates(42, 42)))
        .containsExactly(
            "the version that serves does not say with which migration it was built"
                + " (rollout/schema), and on this schema only versions built with 42 or newer can"
                + " run");
    assertThat(reasons(built("41").migrates(42, 41))).isEmpty();
  }

  @Test
  void aVersionBelowTheFloorIsRefusedWithTheRevisionsThatCan() {
    Surveyed behind = built("40").past(3, "shop-aaa", 42).past(4, "shop-bbb", 41).schema(42, 41);
    assertThat(reasons(behind))
        .containsExactly(
            "the candidate was built with migration 40, and on this schema only versions built with"
                + " 41 or newer can run");
    assertThat(advice(behind)).isEqualTo("Revisions that can: 3, 4.");
  }

  @Test
  void aVersionThatNeedsAMigrationThatNobodyRunsIsRefused() {
    Doc newer =
        Surveyed.manifest("shop", "demo:v2")
            .with("43", "spec", "template", "metadata", "annotations", Marks.SCHEMA);
    assertThat(reasons(built("42").schema(42, 0).manifests(newer)))
        .contains("the candidate needs migration 43, but the database is at 42");
  }

  @Test
  void thePlanSaysWhichVersionsTheMigrationLeavesBehind() {
    assertThat(Planner.plan(built("41").migrates(42, 41).prepare()).notes())
        .contains(
            "point of no return for versions built with a migration before 41: the migration");
    assertThat(Planner.plan(built("41").migrates(42, 0).prepare()).notes())
        .noneMatch(note -> note.contains("before 41"));
  }

  // ---- Jobs

  @Test
  void aJobWhosePodsWouldGetTrafficIsRefused() {
    assertThat(reasons(Surveyed.shop().migrate(Surveyed.job(Surveyed.SHOP))))
        .containsExactly(
            "migrate.yaml: the Job's pods carry the labels that Service shop selects, so they would"
                + " get traffic");
  }

  @Test
  void aMigrationIsMadeSuspendedWithOneTryAndADeadline() {
    Prepared prepared = Surveyed.shop().migrate(Surveyed.job(Map.of("job", "migrate"))).prepare();
    assertThat(prepared.release().migration().map(JobName::name))
        .contains("rollout-shop-r2-migrate");
    Doc spec = prepared.materials().jobs().getOrDefault(JobRole.MIGRATE, Doc.EMPTY).doc("spec");
    assertThat(spec.without("template"))
        .isEqualTo(
            Doc.of(
                "suspend",
                true,
                "backoffLimit",
                0,
                "activeDeadlineSeconds",
                3600,
                "podReplacementPolicy",
                "Failed"));
  }

  @Test
  void aJobForAnotherNamespaceIsRefused() {
    Doc job = Surveyed.job(Map.of("job", "migrate")).with("other", "metadata", "namespace");
    assertThat(reasons(Surveyed.shop().migrate(job)))
        .anyMatch(
            reason -> reason.endsWith("the Job is for namespace other, but the release is in web"));
  }

  @Test
  void aMigrationsPodIsLeftInPeaceAndItsLogOutlivesIt() {
    Doc job =
        Surveyed.job(Map.of("job", "migrate"))
            .with(60, "spec", "ttlSecondsAfterFinished")
            .with(
                "true",
                "spec",
                "template",
                "metadata",
                "annotations",
                "karpenter.sh/do-not-disrupt");
    Doc made =
        Surveyed.shop()
            .migrate(job)
            .prepare()
            .materials()
            .jobs()
            .getOrDefault(JobRole.MIGRATE, Doc.EMPTY);
    assertThat(made.has("spec", "ttlSecondsAfterFinished")).isFalse();
    assertThat(made.texts("spec", "template", "metadata", "annotations"))
        .isEqualTo(
            Map.of(
                "cluster-autoscaler.kubernetes.io/safe-to-evict",
                "false",
                "karpenter.sh/do-not-disrupt",
                "true"));
    assertThat(made.docs("spec", "template", "spec", "containers").getFirst())
        .extracting(one -> one.textOrEmpty("terminationMessagePolicy"))
        .isEqualTo("FallbackToLogsOnError");
  }

  @Test
  void aServerThatDoesNotKnowAFieldIsNotSentIt() {
    Doc job =
        Surveyed.shop()
            .version("1.28")
            .migrate(Surveyed.job(Map.of("job", "migrate")))
            .prepare()
            .materials()
            .jobs()
            .getOrDefault(JobRole.MIGRATE, Doc.EMPTY);
    assertThat(job.isTrue("spec", "suspend")).isTrue();
    assertThat(job.has("spec", "podReplacementPolicy")).isFalse();
  }

  @Test
  void aSmokeTestBringsItsOwnPreview() {
    Prepared prepared = Surveyed.shop().smoke(Surveyed.job(Map.of("job", "smoke"))).prepare();
    assertThat(prepared.release().preview()).map(PreviewService::name).contains("shop-r2");
    assertThat(prepared.materials().preview().orElseThrow().doc("spec"))
        .isEqualTo(
            Doc.of(
                "type", "ClusterIP",
                "ports", List.of(Doc.of("port", 80)),
                "selector", Map.of("app", "shop", Marks.REVISION, "2")));
  }

  // ---- manifests

  @Test
  void aDifferenceInAnythingButTheTemplateIsNamed() {
    Doc manifest = Surveyed.manifest("shop", "demo:v2").with(30, "spec", "minReadySeconds");
    assertThat(reasons(Surveyed.shop().manifests(manifest)))
        .containsExactly(
            "shop.yaml:1: Deployment shop differs in more than its template:"
                + " spec.minReadySeconds");
  }

  @Test
  void objectsThatAreEqualAreIgnoredAndOthersAreNamed() {
    Doc config =
        Doc.of(
            "kind", "ConfigMap",
            "metadata", Doc.of("name", "shop"),
            "data", Map.of("a", "1"));
    Surveyed surveyed = Surveyed.shop().manifests(Surveyed.manifest("shop", "demo:v2"), config);
    assertThat(reasons(surveyed))
        .containsExactly(
            "shop.yaml:2: ConfigMap/shop differs from the cluster: it is not in the cluster");
    assertThat(reasons(surveyed.live("ConfigMap/shop", config.with("server's", "metadata", "uid"))))
        .isEmpty();
    assertThat(reasons(surveyed.live("ConfigMap/shop", config.with("2", "data", "a"))))
        .containsExactly("shop.yaml:2: ConfigMap/shop differs from the cluster: data.a");
  }

  @Test
  void secretAmongThemIsNotComparedSinceItsContentIsNotRead() {
    Doc secret =
        Doc.of(
            "apiVersion",
            "v1",
            "kind",
            "Secret",
            "metadata",
            Doc.of("name", "db", "labels", Map.of("app", "shop")),
            "data",
            Map.of("password", "Z2VoZWlt"));
    Surveyed surveyed = Surveyed.shop().manifests(Surveyed.manifest("shop", "demo:v2"), secret);
    assertThat(reasons(surveyed))
        .containsExactly(
            "shop.yaml:2: Secret/db differs from the cluster: it is not in the cluster");
    Surveyed there = surveyed.live("Secret/db", SecretMetadata.of(secret));
    assertThat(there.prepare().warnings())
        .containsExactly(
            "shop.yaml:2: Secret/db is not compared with the cluster, since no content of a Secret"
                + " is read. If it has changed, apply it before: kubectl apply.");
  }

  @Test
  void manifestsNeedExactlyOneDeploymentAndThatOne() {
    assertThat(reasons(Surveyed.shop().manifests(Doc.of("kind", "ConfigMap"))))
        .containsExactly("the manifests have no Deployment");
    assertThat(
            reasons(
                Surveyed.shop()
                    .manifests(
                        Surveyed.manifest("shop", "demo:v2"),
                        Surveyed.manifest("mail", "demo:v2"))))
        .containsExactly("the manifests have 2 Deployments: shop, mail");
    assertThat(reasons(Surveyed.shop().manifests(Surveyed.manifest("other", "demo:v2"))))
        .containsExactly("shop.yaml:1: Deployment other is not the one that serves, shop");
  }

  private static Doc hook(String when) {
    return Surveyed.job(Map.of("job", "migrate"))
        .with(when, "metadata", "annotations", "helm.sh/hook");
  }

  @Test
  void aChartsHookJobIsTheMigration() {
    Doc manifest = Surveyed.manifest("shop", "demo:v2");
    assertThat(
            Surveyed.shop()
                .manifests(manifest, hook("pre-install,pre-upgrade"))
                .prepare()
                .release()
                .migration())
        .map(JobName::name)
        .contains("rollout-shop-r2-migrate");
    // Only on a first install; on an upgrade Helm leaves it alone, and so do we.
    assertThat(
            Surveyed.shop()
                .manifests(manifest, hook("pre-install"))
                .prepare()
                .release()
                .migration())
        .isEmpty();
  }

  @Test
  void aFirstReleaseNeedsItsService() {
    Doc manifest = Surveyed.manifest("shop", "demo:v1");
    assertThat(reasons(Surveyed.empty().manifests(manifest)))
        .contains("there is no Service shop, neither in the namespace nor in the manifests");
    Doc service =
        Doc.of(
            "kind", "Service",
            "metadata", Doc.of("name", "shop"),
            "spec", Doc.of("selector", Surveyed.SHOP));
    Prepared prepared = Surveyed.empty().manifests(manifest, service).prepare();
    assertThat(prepared.release().form()).isEqualTo(Form.INSTALL);
    assertThat(prepared.materials().deployment().orElseThrow().number(9, "spec", "replicas"))
        .as("inert")
        .isZero();
    assertThat(prepared.release().stable().replicas()).isEqualTo(3);
  }

  // ---- swap

  private static Surveyed colors(int green) {
    return Surveyed.empty()
        .service("shop", Map.of("color", "blue"))
        .deployment("shop-blue", Map.of("app", "shop", "color", "blue"), 3)
        .deployment("shop-green", Map.of("app", "shop", "color", "green"), green)
        .to("shop-green");
  }

  @Test
  void aSwapTakesTheFewestLabelsOfItsOwn() {
    Release release = colors(1).prepare().release();
    assertThat(release.form()).isEqualTo(Form.SWAP);
    assertThat(release.stable().pinned()).isFalse();
    assertThat(release.target())
        .isEqualTo(
            new Release.Steered(
                "shop",
                "shop-s-uid",
                new rollout.model.Selector(Map.of("color", "blue")),
                new rollout.model.Selector(Map.of("color", "blue")),
                new rollout.model.Selector(Map.of("color", "green"))));
    assertThat(release.candidate().formerReplicas()).isEqualTo(1);
  }

  @Test
  void aSwapToWhatServesIsUnchanged() {
    assertThat(colors(0).to("shop-blue").prepare().unchanged()).isTrue();
  }

  @Test
  void aDeploymentInProductionIsRefused() {
    assertThat(
            reasons(colors(1).service("shop", doc -> doc.with(Surveyed.SHOP, "spec", "selector"))))
        .containsExactly(
            "Service shop selects pods of 2 workloads: Deployment shop-blue, Deployment"
                + " shop-green");
  }

  @Test
  void aSizeAboveZeroIsRefusedWhereItsPodsWouldMatch() {
    Surveyed surveyed =
        colors(0)
            .service("shop", doc -> doc.with(Surveyed.SHOP, "spec", "selector"))
            .deployment("shop-green", doc -> doc.with(2, "spec", "replicas"));
    assertThat(reasons(surveyed))
        .containsExactly(
            "Deployment shop-green has 2 replicas, and its pods match the selector of Service"
                + " shop");
    Release release =
        surveyed
            .deployment("shop-green", doc -> doc.with(0, "spec", "replicas"))
            .prepare()
            .release();
    assertThat(release.stable().pinned()).isTrue();
    assertThat(release.target().stable()).hasToString("app=shop,pod-template-hash=shop-blue-1");
  }

  @Test
  void aServiceThatWouldEndEmptyIsRefused() {
    assertThat(reasons(colors(0).service("admin", Map.of("color", "blue")).ignore("admin")))
        .containsExactly(
            "--ignore-service admin: with --to, its pods go to zero and it would end empty");
  }

  @Test
  void aCandidateWithoutLabelsOfItsOwnIsRefused() {
    Surveyed surveyed =
        Surveyed.empty()
            .service("shop", Map.of("app", "shop"))
            .deployment("shop-blue", Map.of("app", "shop", "color", "blue"), 3)
            .deployment("shop-green", Map.of("app", "shop"), 0)
            .to("shop-green");
    assertThat(reasons(surveyed))
        .containsExactly("no labels tell the pods of shop-green from all others");
  }

  @Test
  void aPausedClaimedOrUnknownCandidateIsRefused() {
    assertThat(reasons(colors(0).deployment("shop-green", doc -> doc.with(true, "spec", "paused"))))
        .containsExactly("Deployment shop-green is paused");
    Surveyed unknown = colors(0).to("shop-gren");
    assertThat(reasons(unknown))
        .containsExactly("there is no Deployment shop-gren in namespace web");
    assertThat(advice(unknown)).isEqualTo("Did you mean shop-green?");
    assertThatThrownBy(
            () ->
                colors(0)
                    .deployment(
                        "shop-green",
                        doc ->
                            doc.with(
                                "{\"target\":\"other\"}", "metadata", "annotations", Marks.CLAIM))
                    .prepare())
        .isInstanceOf(HeldError.class);
  }

  @Test
  void allReasonsAreToldAtOnce() {
    assertThat(
            reasons(
                Surveyed.shop()
                    .service("shop-admin", Surveyed.SHOP)
                    .autoscaler(scales("shop"))
                    .scaledObject(scales("shop"))
                    .quota("pods", "3", "5")))
        .hasSize(3);
  }

  @Test
  void stableIsFoundBeforeTheRestIsJudged() {
    assertThat(
            Preflight.stable(rollout.strategy.Strategy.of("shop", "web"), Surveyed.shop().survey()))
        .map(rollout.model.Deployment::name)
        .isEqualTo(Optional.of("shop"));
  }
}
