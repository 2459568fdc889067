package rollout.model;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The nearest valid name to one that somebody mistyped. */
public final class Near {
  private Near() {}

  /**
   * The nearest of the names, if it is near enough to be meant: at most a third of its letters
   * differ.
   */
  public static Optional<String> to(String word, Collection<String> names) {
    return names.stream()
        .min(
            Comparator.comparingInt((String name) -> distance(word, name))
                .thenComparing(name -> name))
        .filter(
            name ->
                distance(word, name) <= Math.max(1, Math.max(word.length(), name.length()) / 3));
  }

  /** Levenshtein's distance: letters to insert, delete or replace. */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
