package rollout.model;

import java.util.List;

/**
 * The cluster is not in a state in which this release would be safe: exit 3, nothing was changed.
 */
public final class RefusedError extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final transient List<Problem> problems;

  /** All problems at once, not only the first. */
  public RefusedError(List<Problem> problems) {
    super(String.join("\n", problems.stream().map(Problem::toString).toList()));
    this.problems = List.copyOf(problems);
  }

  /** One problem. */
  public static RefusedError of(String wrong, String right) {
    return new RefusedError(List.of(Problem.of(wrong, right)));
  }

  /** What is wrong. */
  public List<Problem> problems() {
    return problems;
  }
}
