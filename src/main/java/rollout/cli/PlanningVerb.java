package rollout.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Phase;
import rollout.plan.Plan;
import rollout.plan.PlannedStep;
import rollout.port.Connect;
import rollout.run.Verbs;

/** Plans a release and shows the plan. */
record PlanningVerb(Parts parts, boolean verbose) {
  ExitCode run(ReleaseRequest asked) {
    return run(
        asked.strategy().service(),
        asked.where(),
        asked.telling(),
        verbs -> verbs.plan(asked.strategy()));
  }

  ExitCode run(String service, Connect.Where where, Telling telling, Function<Verbs, Plan> verb) {
    try (Backend.Connection connection = parts.backend().look(where, telling)) {
      Plan plan;
      try {
        plan = verb.apply(connection.verbs());
      } catch (RuntimeException | Error e) {
        return new ErrorReport(parts.console(), verbose).report(e, telling, connection.progress());
      }
      if (telling.json()) {
        connection.progress().tell(event(plan));
        connection.progress().tell(result());
      } else {
        new PlanText(plan).print(service, parts.console().out());
      }
      return ExitCode.DONE;
    }
  }

  private static Event result() {
    Doc fields =
        Doc.of("exitCode", 0, "outcome", "planned", "revision", 0, "traffic", "where it was");
    return new Event(Event.RESULT, Phase.DONE, PlanText.NOTHING_WRITTEN, fields);
  }

  private static Event event(Plan plan) {
    Doc fields =
        Doc.of(
            "writes", writes(plan.forward()),
            "steps", plan.forward().stream().map(PlanningVerb::json).toList(),
            "back", plan.back().stream().map(PlanningVerb::json).toList(),
            "notes", plan.notes(),
            "warnings", plan.warnings());
    return new Event(Event.PLAN, Phase.PREFLIGHT, new PlanText(plan).summary(), fields);
  }

  private static List<String> writes(List<PlannedStep> steps) {
    List<String> writes = new ArrayList<>();
    steps.forEach(step -> writes.addAll(step.writes()));
    return writes;
  }

  private static Map<String, Object> json(PlannedStep step) {
    return Map.of(
        "step", step.step().toString(),
        "phase", step.phase().word(),
        "says", step.says(),
        "writes", step.writes());
  }
}
