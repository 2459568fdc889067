package rollout.model;

import java.util.List;

/** What the user gave cannot be used: exit 2, nothing was read or written that matters. */
public final class UserError extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final transient List<Problem> problems;

  /** All problems at once, not only the first. */
  public UserError(List<Problem> problems) {
    super(String.join("\n", problems.stream().map(Problem::toString).toList()));
    this.problems = List.copyOf(problems);
  }

  /** One problem. */
  public static UserError of(String place, String wrong, String right) {
    return new UserError(List.of(new Problem(place, wrong, right)));
  }

  /** What is wrong. */
  public List<Problem> problems() {
    return problems;
  }
}
