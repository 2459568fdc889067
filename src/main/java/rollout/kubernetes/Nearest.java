package rollout.kubernetes;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The name that somebody may have meant. */
final class Nearest {
  private Nearest() {}

  /** The most similar name, when it is similar enough to be worth a question. */
  static Optional<String> to(String name, Collection<String> names) {
    return names.stream()
        .min(Comparator.comparingInt(other -> distance(name, other)))
        .filter(other -> distance(name, other) <= Math.max(2, name.length() / 3));
  }

  private static int distance(String a, String b) {
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
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
