package rollout.cli;

import java.io.PrintWriter;
import java.util.List;
import rollout.plan.Plan;
import rollout.plan.PlannedStep;

/** A plan for people. */
record PlanText(Plan plan) {
  static final String NOTHING_WRITTEN = "Nothing has been written; the traffic is where it was.";

  /** How much it is. */
  String summary() {
    long writes = plan.forward().stream().mapToLong(step -> step.writes().size()).sum();
    return plan.forward().size() + " steps with " + writes + " writes";
  }

  void print(String service, PrintWriter out) {
    out.println("Plan for Service " + service + ": " + summary());
    steps("Forward", plan.forward(), out);
    steps("Back, from the middle of it", plan.back(), out);
    lines("Know", plan.notes(), out);
    lines("Warnings", plan.warnings(), out);
    out.println();
    out.println(NOTHING_WRITTEN);
  }

  private static void steps(String title, List<PlannedStep> steps, PrintWriter out) {
    if (steps.isEmpty()) {
      return;
    }
    out.println();
    out.println(title);
    int number = 1;
    for (PlannedStep step : steps) {
      out.println(pad(number++ + ".", 5) + pad(step.phase().word(), 11) + step.says());
      for (String write : step.writes()) {
        out.println(" ".repeat(18) + write);
      }
    }
  }

  private static void lines(String title, List<String> lines, PrintWriter out) {
    if (lines.isEmpty()) {
      return;
    }
    out.println();
    out.println(title);
    lines.forEach(line -> out.println("  " + line));
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(1, width - text.length()));
  }
}
