package rollout.model;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The valid name that somebody meant who wrote another. */
public final class Near {
  // Longer ones are no slips of a finger, and the distance costs the product of both lengths.
  private static final int LONGEST = 40;
  private static final int LEAST_START = 4;

  private Near() {}

  /**
   * The name that begins like the word, or the closest one, if one is close: about one slip in four
   * letters. Of two that are equally close, the first in the alphabet.
   */
  public static Optional<String> to(String word, Collection<String> names) {
    if (word.length() > LONGEST) {
      return Optional.empty();
    }
    Optional<String> begun =
        names.stream()
            .filter(name -> word.length() >= LEAST_START && name.startsWith(word))
            .min(Comparator.comparingInt(String::length).thenComparing(name -> name));
    return begun.isPresent() ? begun : closest(word, names);
  }

  /** The question whether the nearest name was meant, or other words where none is near. */
  public static String hint(String word, Collection<String> names, String otherwise) {
    return to(word, names).map(name -> "Did you mean " + name + "?").orElse(otherwise);
  }

  private static Optional<String> closest(String word, Collection<String> names) {
    return names.stream()
        .min(
            Comparator.comparingInt((String name) -> distance(word, name))
                .thenComparing(name -> name))
        .filter(name -> distance(word, name) <= 1 + letters(name) / 4);
  }

  // The dashes of a flag are not what one slips on.
  private static int letters(String name) {
    return name.replace("-", "").length();
  }

  /** How many letters to insert, drop, change or swap with a neighbour; case does not count. */
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
