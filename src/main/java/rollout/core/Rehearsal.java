package rollout.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import rollout.core.RolloutState.Course;
import rollout.core.RolloutState.GoingBack;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Autoscaler;
import rollout.model.Deployment;
import rollout.model.Kind;
import rollout.model.Service;
import rollout.plan.Form;
import rollout.plan.Materials;
import rollout.plan.Release.Steered;
import rollout.plan.Survey;
import rollout.router.Route;

/**
 * The writes that a server can be asked about beforehand: the switch, the way back, and all that is
 * created.
 */
public final class Rehearsal {
  private Rehearsal() {}

  /** Every write whose refusal in the middle of a release would hurt, to be sent as a dry run. */
  public static List<Action> writes(RolloutState state, Survey survey, Materials materials) {
    List<Action> all = new ArrayList<>();
    RolloutState back = back(state);
    for (Steered steered : steered(state)) {
      Optional<Service> live = survey.service(steered.name());
      live.ifPresent(
          one -> all.add(Writes.steer(one, state, steered, "switched", steered.candidate())));
      live.ifPresent(one -> all.add(Writes.steerBack(one, back, steered, steered.stable())));
    }
    survey
        .deployment(state.release().stable().name())
        .filter(live -> state.release().form() != Form.CONTRACT)
        .ifPresent(live -> all.add(pause(live, state)));
    scaler(survey, state)
        .ifPresent(
            live ->
                all.add(
                    ScalerWrites.marked(
                        live,
                        state,
                        Optional.of(live.raised(state.release().stable().replicas())),
                        live.target())));
    materials.deployment().ifPresent(body -> all.add(new Action.Make(Kind.DEPLOYMENT, body, "")));
    materials
        .beside()
        .forEach(body -> all.add(new Action.Make(Making.kindOf(state.release(), body), body, "")));
    routes(state, survey, all);
    materials.jobs().values().forEach(body -> all.add(new Action.Make(Kind.JOB, body, "")));
    materials
        .helpers()
        .values()
        .forEach(body -> all.add(new Action.Make(Kind.CONFIG_MAP, body, "")));
    materials.service().ifPresent(body -> all.add(new Action.Make(Kind.SERVICE, body, "")));
    materials.preview().ifPresent(body -> all.add(new Action.Make(Kind.SERVICE, body, "")));
    return List.copyOf(all);
  }

  private static List<Steered> steered(RolloutState state) {
    return state.release().form() == Form.CONTRACT ? List.of() : state.release().services();
  }

  /** The candidate's Service into the routes: a definition or a webhook may refuse it. */
  private static void routes(RolloutState state, Survey survey, List<Action> all) {
    for (Route route : state.release().routes()) {
      if (!state.release().makes(route)) {
        survey.landscape().stream()
            .flatMap(landscape -> landscape.of(route.kind()).stream())
            .filter(doc -> doc.textOrEmpty("metadata", "name").equals(route.name()))
            .filter(doc -> doc.textOrEmpty("metadata", "uid").equals(route.uid()))
            .findFirst()
            .ifPresent(live -> all.add(attached(state, live, route)));
      }
    }
  }

  /** Of a route that is yet to be made, how it will be then. */
  private static Action attached(RolloutState state, Doc live, Route route) {
    Patch patch =
        Patch.at(live.textOrEmpty("metadata", "resourceVersion"))
            .and(RouteText.stamped(state, live, route, 0))
            .and(RouteSteps.router(route).attach(live, route));
    if (!route.uid().isEmpty()) {
      return new Action.Change(route.ref(), patch, "", "", false, false);
    }
    try {
      return new Action.Make(
          route.kind(), RouteSteps.router(route).attach(live, route).apply(live), "");
    } catch (Patch.Refused e) {
      throw new IllegalStateException("a patch that its own object refuses: " + patch, e);
    }
  }

  private static Optional<Autoscaler> scaler(Survey survey, RolloutState state) {
    return state
        .release()
        .stableScaler()
        .flatMap(
            scaler ->
                survey.scalers().stream()
                    .filter(live -> live.uid().equals(scaler.uid()))
                    .findFirst());
  }

  private static Action pause(Deployment live, RolloutState state) {
    return Writes.claim(live, state, Patch.none().put(true, "spec", "paused"), "", "");
  }

  private static RolloutState back(RolloutState state) {
    GoingBack why =
        new GoingBack(
            Cause.PERSON,
            "rehearsal",
            0,
            false,
            state.started(),
            state.started(),
            Optional.empty(),
            Optional.empty());
    return state.back(Course.BACK, why, state.started());
  }
}
