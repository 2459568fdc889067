package rollout.yaml;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The name that somebody meant who wrote another. */
final class Nearest {
  private static final int LONGEST = 40;

  private Nearest() {}

  /** The name that begins so, or the closest, if one is close: about one slip in four letters. */
  static Optional<String> to(String written, Collection<String> names) {
    if (written.length() > LONGEST) {
      return Optional.empty();
    }
    Optional<String> cutShort =
        names.stream().filter(name -> written.length() > 3 && name.startsWith(written)).findFirst();
    return cutShort.isPresent() ? cutShort : similar(written, names);
  }

  private static Optional<String> similar(String written, Collection<String> names) {
    return names.stream()
        .min(Comparator.comparingInt(name -> distance(written, name)))
        .filter(name -> distance(written, name) <= 1 + name.length() / 4);
  }

  /** What to say about an unknown name: the closest one, or all that there are. */
  static String hint(String written, Collection<String> names) {
    return to(written, names)
        .map(name -> "Did you mean '" + name + "'?")
        .orElse("Known here: " + String.join(", ", names) + ".");
  }

  /** How many letters to insert, drop, change or swap with a neighbour; upper case counts less. */
  private static int distance(String from, String to) {
    String a = from.toLowerCase(Locale.ROOT);
    String b = to.toLowerCase(Locale.ROOT);
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        cost[i][j] = i == 0 ? j : j == 0 ? i : step(cost, a, b, i, j);
      }
    }
    return cost[a.length()][b.length()];
  }

  private static int step(int[][] cost, String a, String b, int i, int j) {
    int changed = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    int least = Math.min(changed, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
  }
}
