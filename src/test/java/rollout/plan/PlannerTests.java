package rollout.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;

class PlannerTests {
  private static List<String> writes(List<PlannedStep> steps) {
    return steps.stream().map(PlannedStep::writes).flatMap(List::stream).toList();
  }

  @Test
  void namesEveryWriteOfACopyInItsOrder() {
    Plan plan = Planner.plan(Surveyed.shop().prepare());
    assertThat(writes(plan.forward()))
        .containsExactly(
            "patch Deployment shop: rollout/claim on it",
            "create Deployment shop-r2: replicas 0, app=demo:v2",
            "patch Deployment shop: paused → true",
            "patch Service shop: selector app=shop → app=shop,pod-template-hash=shop-1",
            "patch Deployment shop-r2: replicas → 3",
            "patch Service shop: selector app=shop,pod-template-hash=shop-1 →"
                + " app=shop,rollout/revision=2",
            "patch Service shop: rollout/state; selector stays app=shop,rollout/revision=2",
            "patch Deployment shop: template → the new one, paused → false, replicas as the"
                + " candidate",
            "patch Deployment shop: paused → true",
            "patch Service shop: selector app=shop,rollout/revision=2 →"
                + " app=shop,pod-template-hash=NEW",
            "patch Deployment shop-r2: replicas → 0",
            "delete Deployment shop-r2",
            "patch Service shop: selector → app=shop, rollout/state off",
            "patch Deployment shop: unpaused, rollout/claim off it");
    assertThat(writes(plan.back()))
        .startsWith(
            "patch Service shop: selector app=shop,rollout/revision=2 →"
                + " app=shop,pod-template-hash=shop-1");
  }

  @Test
  void namesWhatIsWrittenOnAnAutoscaler() {
    Doc scaler =
        Doc.of(
            "metadata",
            Doc.of("name", "hpa", "uid", "u-1"),
            "spec",
            Doc.of("minReplicas", 2, "maxReplicas", 9, "scaleTargetRef", Doc.of("name", "shop")));
    Plan plan = Planner.plan(Surveyed.shop().autoscaler(scaler).prepare());
    assertThat(writes(plan.forward()))
        .filteredOn(one -> one.contains("Autoscaler"))
        .containsExactly(
            "patch HorizontalPodAutoscaler hpa: minReplicas 2 → 3, rollout/state",
            "patch HorizontalPodAutoscaler hpa: target shop → shop-r2",
            "patch HorizontalPodAutoscaler hpa: target shop-r2 → shop",
            "patch HorizontalPodAutoscaler hpa: minReplicas → 2, rollout/state off");
    assertThat(writes(plan.back()))
        .filteredOn(one -> one.contains("Autoscaler"))
        .containsExactly(
            "patch HorizontalPodAutoscaler hpa: target shop-r2 → shop",
            "patch HorizontalPodAutoscaler hpa: minReplicas → 2, rollout/state off");
  }

  @Test
  void saysTheSurgeAndThePointOfNoReturn() {
    assertThat(Planner.plan(Surveyed.shop().prepare()).notes())
        .containsExactly(
            "surge: 3 pods more, from the start of the candidate to the end",
            "point of no return: the end of settling; until then one write to the Service, or a"
                + " rollout of shop, goes back");
  }

  @Test
  void saysThatSeveralServicesDoNotMoveAtOnce() {
    Prepared two = Surveyed.shop().service("admin", Surveyed.SHOP).also("admin").prepare();
    assertThat(Planner.plan(two).notes()).contains("not atomic: 2 Services move one after another");
  }

  @Test
  void saysThatThereIsNoWayBack() {
    Prepared none = Surveyed.shop().unready().permit(false, true, false).prepare();
    assertThat(Planner.plan(none).notes()).contains("no way back: no pod of shop is ready");
  }

  @Test
  void plansTheVeryStepsThatAreRun() {
    Prepared prepared =
        Surveyed.shop()
            .migrate(Surveyed.job(Map.of("job", "migrate")))
            .smoke(Surveyed.job(Map.of("job", "smoke")))
            .prepare();
    assertThat(Planner.plan(prepared).forward().stream().map(PlannedStep::step).toList())
        .isEqualTo(Steps.forward(prepared.release()));
    assertThat(Planner.plan(prepared).back().stream().map(PlannedStep::step).toList())
        .isEqualTo(Steps.back(prepared.release()));
  }

  @Test
  void unchangedPlansNothing() {
    Plan plan = Planner.plan(Surveyed.shop().image("app", "demo:v1").prepare());
    assertThat(plan)
        .isEqualTo(
            new Plan(
                List.of(),
                List.of(),
                List.of("nothing to do: this version serves already"),
                List.of()));
  }
}
