package rollout.model;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with what the user gave or with the cluster.
 *
 * @param place {@code file:line:column}, a flag, or an object; null where there is none to name
 * @param wrong what is wrong
 * @param right what would be right, or what to do; may be empty
 */
public record Problem(@Nullable String place, String wrong, String right) {
  /** A problem without a place. */
  public static Problem of(String wrong, String right) {
    return new Problem(null, wrong, right);
  }

  /** One line: place, what is wrong, what would be right. */
  @Override
  public String toString() {
    String where = place == null ? "" : place + ": ";
    return right.isEmpty() ? where + wrong : where + sentence() + "  " + right;
  }

  private String sentence() {
    return wrong.matches("(?s).*[.?!:]") ? wrong : wrong + ".";
  }
}
