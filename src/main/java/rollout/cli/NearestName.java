package rollout.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The flag or command that somebody meant who wrote another. */
final class NearestName {
  private static final int LONGEST = 40;

  private NearestName() {}

  /** The closest of the names, if one is close: about one slip in three letters. */
  static Optional<String> to(String written, Collection<String> names) {
    if (written.length() > LONGEST) {
      return Optional.empty();
    }
    return names.stream()
        .min(Comparator.comparingInt(name -> distance(written, name)))
        .filter(name -> distance(written, name) <= 1 + letters(name) / 4);
  }

  private static int letters(String name) {
    return name.replace("-", "").length();
  }

  /** How many letters to insert, drop or change. */
  private static int distance(String from, String to) {
    int[] above = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] row = new int[to.length() + 1];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int change = above[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, 1 + Math.min(above[j], row[j - 1]));
      }
      above = row;
    }
    return above[to.length()];
  }
}
