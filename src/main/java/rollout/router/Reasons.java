package rollout.router;

import java.util.ArrayList;
import java.util.List;
import rollout.model.Problem;

/** What speaks against steering one object, as it is found. */
final class Reasons {
  private final List<Problem> refusals = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  void refuse(String wrong, String right) {
    refusals.add(Problem.of(wrong, right));
  }

  void warn(String message) {
    warnings.add(message);
  }

  Found found(Route route) {
    return new Found(route, refusals, warnings);
  }
}
