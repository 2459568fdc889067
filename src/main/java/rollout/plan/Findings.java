package rollout.plan;

import java.util.ArrayList;
import java.util.List;
import rollout.model.Problem;
import rollout.model.RefusedError;

/** What a preflight has found so far: problems refuse, warnings are told. */
final class Findings {
  private final List<Problem> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  void refuse(String wrong, String right) {
    problems.add(Problem.of(wrong, right));
  }

  void warn(String message) {
    warnings.add(message);
  }

  List<String> warnings() {
    return List.copyOf(warnings);
  }

  /** Throws all problems, if there are any. */
  void check() {
    if (!problems.isEmpty()) {
      throw new RefusedError(problems);
    }
  }
}
