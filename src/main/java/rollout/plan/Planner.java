package rollout.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import rollout.model.Autoscaler;
import rollout.model.Durations;
import rollout.model.Selector;
import rollout.plan.Release.Steered;

/** A release before it happens: the very steps that the run performs, each with its writes. */
public final class Planner {
  private final Release release;
  private final PlannedShifting shifting;

  private Planner(Release release) {
    this.release = release;
    this.shifting = new PlannedShifting(release);
  }

  /** The plan of a prepared release. */
  public static Plan plan(Prepared prepared) {
    Planner planner = new Planner(prepared.release());
    if (prepared.unchanged()) {
      return new Plan(
          List.of(),
          List.of(),
          List.of("nothing to do: this version serves already"),
          prepared.warnings());
    }
    return new Plan(
        Steps.forward(prepared.release()).stream().map(planner::planned).toList(),
        Steps.back(prepared.release()).stream().map(planner::planned).toList(),
        planner.notes(),
        prepared.warnings());
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    String stable = release.stable().name();
    if (release.form().steers()) {
      notes.add(
          "surge: "
              + (release.shifting().isPresent()
                  ? shifting.mostPods()
                  : Math.max(1, release.stable().replicas()))
              + " pods more"
              + (release.shifting().isPresent() ? " at most" : "")
              + ", from the start of the candidate to the end");
      notes.add(
          "point of no return: the end of settling; until then one write to the Service, or a"
              + " rollout of "
              + stable
              + ", goes back");
    }
    release
        .database()
        .tool()
        .ifPresent(
            tool ->
                notes.add(
                    tool.word()
                        + " is asked where the database stands, before and after, by a Job that is"
                        + " deleted when it has answered"));
    if (release.migration().isPresent() && !release.database().name().isEmpty()) {
      notes.add("one migration of database " + release.database().name() + " at a time");
    }
    String wall = Schemas.wall(release.database().before(), release.database().after());
    if (!wall.isEmpty()) {
      notes.add(wall + (release.form() == Form.CONTRACT ? "the contract" : "the migration"));
    }
    release
        .given()
        .ifPresent(
            route ->
                notes.add(
                    route
                        + " is not deleted afterwards, also when the release goes back: it sends to"
                        + " "
                        + release.target().name()
                        + " then, as in its file"));
    if (release.services().size() > 1) {
      notes.add("not atomic: " + release.services().size() + " Services move one after another");
    }
    if (!release.stable().serving() && release.form().steers()) {
      notes.add("no way back: no pod of " + stable + " is ready");
    }
    return notes;
  }

  private PlannedStep planned(Step step) {
    return new PlannedStep(step, step.phase(), says(step), writes(step));
  }

  private String says(Step step) {
    String candidate = release.candidate().name();
    String stable = release.stable().name();
    Release.Terms terms = release.terms();
    return switch (step) {
      case Step.Claim() -> "claim " + stable + ": one release at a time";
      case Step.Create() -> "create what carries a spec, inert";
      case Step.CreateRoute() ->
          "create " + release.given().orElseThrow() + " as its file has it; it stays";
      case Step.RunJob(JobRole role) ->
          switch (role) {
            case MIGRATE ->
                release.form() == Form.CONTRACT
                    ? "run the contract to its end; what it has done stays done"
                    : "run the migration to its end; if it fails, go back";
            case SELF_TEST -> "run " + stable + "'s own test on the new schema" + ifBroken();
            case SMOKE -> "run the smoke test to its end; if it fails, go back";
            case UNDO -> "take the migration back, if " + stable + " cannot live with it";
          };
      case Step.Prove() -> "prove that " + stable + " lives with the new schema: " + proofs();
      case Step.RemoveFresh(boolean back) -> "remove the fresh pod of " + stable;
      case Step.PauseStable() ->
          "pause " + stable + ", so that nobody's apply replaces the pods that serve";
      case Step.Pin() -> "keep the Services to the pods that serve now";
      case Step.RaiseFloor() -> scaler() + " takes no pods from " + stable + " while it is idle";
      case Step.Retarget() -> scaler() + " sizes " + candidate + ", which serves";
      case Step.RetargetBack(boolean back) -> scaler() + " sizes " + stable + " again";
      case Step.LowerFloor(boolean back) -> scaler() + " as it was";
      case Step.StartCandidate() ->
          "start "
              + candidate
              + (release.shifting().isPresent()
                  ? ": " + shifting.firstPods() + " pods for the first share"
                  : ": as many pods as stable")
              + ", all ready within "
              + Durations.text(terms.limits().ready());
      case Step.Preview() -> "point the preview at " + candidate;
      case Step.Verify() -> "look at " + candidate + " before any user does" + checks();
      case Step.Hold() ->
          "wait for a person, " + Durations.text(terms.limits().gate()) + " at most";
      case Step.Attach() ->
          "put "
              + shifting.candidateService()
              + " beside "
              + release.target().name()
              + " into "
              + shifting.routes()
              + ", at weight 0";
      case Step.MatchUsers() ->
          "requests with " + release.match().orElseThrow() + " to " + candidate;
      case Step.Shift(int stage, int percent) -> shifting.shifts(percent);
      case Step.Watch(int stage, int percent) -> shifting.watches(stage, percent, checks());
      case Step.Approve(int stage) ->
          "wait for a person, " + Durations.text(terms.limits().gate()) + " at most" + checks();
      case Step.Unweigh() ->
          "all weight back to " + release.target().name() + ", which selects " + candidate + " now";
      case Step.Detach(boolean back) ->
          shifting.candidateService() + " out of " + shifting.routes() + ", when it has drained";
      case Step.RemoveService(boolean back) -> "delete Service " + shifting.candidateService();
      case Step.Switch() ->
          "switch all traffic to " + candidate + ", observed on the EndpointSlices";
      case Step.Bake() ->
          "bake for " + Durations.text(terms.bake()) + checks() + "; " + stable + " stays warm";
      case Step.BeginSettle() -> "begin to settle: from here the warm pods may leave";
      case Step.SettleStable() ->
          stable
              + " takes the new template over, rolled out within "
              + Durations.text(terms.limits().settle());
      case Step.SwitchToStable() -> "switch to the new pods of " + stable + ", observed";
      case Step.Drain() -> "wait until what runs on the pods without traffic has ended";
      case Step.RemoveCandidate(boolean back) ->
          release.candidate().uid().isEmpty()
              ? "scale " + candidate + " to 0, wait until its pods are gone, delete it"
              : "scale " + candidate + " back to " + release.candidate().formerReplicas();
      case Step.Retire() -> stable + " goes to 0 pods and is kept";
      case Step.PreviewBack(boolean back) -> "the preview as it was";
      case Step.Free(boolean back) -> "selectors as they were, all marks off";
      case Step.StartInstalled() ->
          "start " + candidate + ", all ready within " + Durations.text(terms.limits().ready());
      case Step.Expose() -> "the Service last, observed";
      case Step.Uninstall() -> "delete what this release made, Jobs excepted";
      case Step.TrafficBack() ->
          "traffic back to " + stable + " first, waiting for nothing; observed";
      case Step.AwaitMigration() -> "a running migration is never killed: wait for its end";
      case Step.SaveEvidence() -> "tell the candidate's logs";
      case Step.RestoreStable() -> stable + " gets its old template back; traffic follows";
    };
  }

  private String proofs() {
    Release.Proof proof = release.database().proof().orElseThrow();
    List<String> all = new ArrayList<>();
    if (proof.freshCopy().isPresent()) {
      all.add("a fresh pod gets ready and stays so");
    }
    if (!proof.watchStable().isZero()) {
      all.add("production is watched for " + Durations.text(proof.watchStable()));
    }
    return String.join("; ", all) + ifBroken();
  }

  private String ifBroken() {
    return switch (release.database().proof().orElseThrow().onStableBroken()) {
      case HOLD -> "; if not, hold for a person";
      case UNDO -> "; if not, take the migration back";
      case FORWARD -> "; if not, go on all the same";
    };
  }

  private String checks() {
    List<String> names = release.terms().checks().stream().map(check -> check.name()).toList();
    return names.isEmpty() ? " (pod health)" : " (pod health, " + String.join(", ", names) + ")";
  }

  private List<String> writes(Step step) {
    String stable = "Deployment " + release.stable().name();
    String candidate = "Deployment " + release.candidate().name();
    int size = Math.max(1, release.stable().replicas());
    return switch (step) {
      case Step.Claim() -> claims("rollout/claim on");
      case Step.Create() -> created();
      case Step.CreateRoute() ->
          List.of(
              "create "
                  + release.given().orElseThrow()
                  + ": requests to "
                  + release.target().name());
      case Step.RunJob(JobRole role) ->
          List.of("patch Job " + release.job(role).orElseThrow().name() + ": suspend true → false");
      case Step.Prove() ->
          release
              .freshCopy()
              .map(name -> List.of("patch Deployment " + name + ": replicas 0 → 1"))
              .orElse(List.of());
      case Step.RemoveFresh(boolean back) ->
          List.of(
              "patch Deployment " + release.freshCopy().orElseThrow() + ": replicas → 0",
              "delete Deployment " + release.freshCopy().orElseThrow());
      case Step.PauseStable() -> List.of("patch " + stable + ": paused → true");
      case Step.Pin() -> services(one -> one.original(), one -> one.stable());
      case Step.StartCandidate() ->
          List.of(
              "patch "
                  + candidate
                  + ": replicas → "
                  + (release.shifting().isPresent() ? shifting.firstPods() : size));
      case Step.RaiseFloor() -> List.of(raised(size));
      case Step.Retarget() ->
          List.of(retargeted(release.stable().name(), release.candidate().name()));
      case Step.RetargetBack(boolean back) ->
          List.of(retargeted(release.candidate().name(), release.stable().name()));
      case Step.LowerFloor(boolean back) -> List.of(lowered());
      case Step.StartInstalled() -> List.of("patch " + candidate + ": replicas 0 → " + size);
      case Step.Preview() -> preview(release.target().candidate().toString());
      case Step.Attach() -> shifting.attachWrites();
      case Step.MatchUsers() -> List.of("patch " + shifting.routes() + ": a rule for chosen users");
      case Step.Shift(int stage, int percent) -> shifting.shiftWrites(percent);
      case Step.Watch(int stage, int percent) -> List.of();
      case Step.Approve(int stage) -> List.of();
      case Step.Unweigh() -> shifting.weights(0);
      case Step.Detach(boolean back) -> shifting.detachWrites();
      case Step.RemoveService(boolean back) ->
          List.of("delete Service " + shifting.candidateService());
      case Step.Switch() -> switched();
      case Step.BeginSettle() -> services(one -> one.candidate(), one -> one.candidate());
      case Step.SettleStable() ->
          List.of(
              "patch "
                  + stable
                  + ": template → the new one, paused → false, replicas as the candidate");
      case Step.SwitchToStable() -> switchedToStable(stable);
      case Step.RemoveCandidate(boolean back) -> removed(candidate);
      case Step.Retire() ->
          List.of(
              "patch " + stable + ": replicas " + release.stable().replicas() + " → 0, claim off");
      case Step.PreviewBack(boolean back) ->
          release.preview().filter(Release.PreviewService::made).isPresent()
              ? List.of("delete Service " + release.preview().orElseThrow().name())
              : preview(release.preview().map(one -> one.original().toString()).orElse(""));
      case Step.Free(boolean back) -> freed(back);
      case Step.Expose() ->
          release.target().uid().isEmpty()
              ? List.of(
                  "create Service "
                      + release.target().name()
                      + ": selector "
                      + release.target().original())
              : List.of();
      case Step.Uninstall() ->
          List.of("delete Service " + release.target().name() + ", if made", "delete " + candidate);
      case Step.TrafficBack() -> trafficBack();
      case Step.RestoreStable() -> List.of("patch " + stable + ": paused, then the old template");
      case Step.Verify() -> List.of();
      case Step.Hold() -> List.of();
      case Step.Bake() -> List.of();
      case Step.Drain() -> List.of();
      case Step.AwaitMigration() -> List.of();
      case Step.SaveEvidence() -> List.of();
    };
  }

  /** A canary by replicas comes from both versions. */
  private List<String> switched() {
    boolean both = release.shifting().filter(Release.Shifting::byReplicas).isPresent();
    return services(one -> both ? one.both() : one.stable(), one -> one.candidate());
  }

  private List<String> trafficBack() {
    List<String> services = services(one -> one.candidate(), one -> one.stable());
    return release.routed()
        ? Stream.concat(shifting.weights(0).stream(), services.stream()).toList()
        : services;
  }

  private Release.Scaler scale() {
    return release.stableScaler().orElseThrow();
  }

  private String scaler() {
    return scale().kind() + " " + scale().name();
  }

  private String floor() {
    return Autoscaler.floorName(scale().kind());
  }

  private String raised(int size) {
    String before = scale().floor().orElse("absent");
    String after =
        floor().equals(Autoscaler.PAUSED_SCALE_IN)
            ? "true"
            : String.valueOf(Math.max(size, scale().floor().map(Integer::parseInt).orElse(1)));
    return "patch " + scaler() + ": " + floor() + " " + before + " → " + after + ", rollout/state";
  }

  private String retargeted(String from, String to) {
    return "patch " + scaler() + ": target " + from + " → " + to;
  }

  private String lowered() {
    return "patch "
        + scaler()
        + ": "
        + floor()
        + " → "
        + scale().floor().orElse("absent")
        + ", rollout/state off";
  }

  private List<String> claims(String what) {
    Stream<String> given =
        release.candidate().uid().isEmpty()
            ? Stream.empty()
            : Stream.of(release.candidate().name());
    return Stream.concat(Stream.of(release.stable().name()), given)
        .map(name -> "patch Deployment " + name + ": " + what + " it")
        .toList();
  }

  private List<String> created() {
    List<String> writes = new ArrayList<>();
    for (JobRole role : JobRole.values()) {
      release.job(role).ifPresent(job -> writes.add("create Job " + job.name() + ": suspended"));
    }
    release
        .database()
        .helpers()
        .forEach(name -> writes.add("create ConfigMap " + name + ": for the migration"));
    release
        .freshCopy()
        .ifPresent(
            name ->
                writes.add(
                    "create Deployment "
                        + name
                        + ": replicas 0, "
                        + String.join(", ", release.stable().images())));
    if (release.candidate().uid().isEmpty()) {
      writes.add(
          "create Deployment "
              + release.candidate().name()
              + ": replicas 0, "
              + String.join(", ", release.candidate().images()));
    }
    return writes;
  }

  private List<String> services(
      java.util.function.Function<Steered, Selector> from,
      java.util.function.Function<Steered, Selector> to) {
    return release.services().stream()
        .map(
            one -> {
              Selector before = from.apply(one);
              Selector after = to.apply(one);
              String change =
                  before.equals(after)
                      ? "rollout/state; selector stays " + after
                      : "selector " + before + " → " + after;
              return "patch Service " + one.name() + ": " + change;
            })
        .toList();
  }

  private List<String> preview(String selector) {
    return release
        .preview()
        .map(
            one ->
                (one.made() ? "create" : "patch")
                    + " Service "
                    + one.name()
                    + ": selector → "
                    + selector)
        .map(List::of)
        .orElse(List.of());
  }

  private List<String> removed(String candidate) {
    return release.candidate().uid().isEmpty()
        ? List.of("patch " + candidate + ": replicas → 0", "delete " + candidate)
        : List.of("patch " + candidate + ": replicas → " + release.candidate().formerReplicas());
  }

  private List<String> switchedToStable(String stable) {
    List<String> writes = new ArrayList<>(List.of("patch " + stable + ": paused → true"));
    writes.addAll(services(one -> one.candidate(), one -> one.keptTo("NEW")));
    return writes;
  }

  private List<String> freed(boolean back) {
    List<String> writes = new ArrayList<>();
    boolean swapped = release.form() == Form.SWAP && !back;
    for (Steered one : release.services()) {
      writes.add(
          "patch Service "
              + one.name()
              + ": selector → "
              + (swapped ? one.candidate() : one.original())
              + ", rollout/state off");
    }
    boolean paused = back || release.form() == Form.COPY;
    writes.addAll(claims(paused ? "unpaused, rollout/claim off" : "rollout/claim off"));
    return writes;
  }
}
