package rollout.strategy;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What somebody can be told of a release. */
public enum News {
  /** It has begun: its revision is known, and the first step is under way. */
  STARTED,
  /** It waits for a person: a gate, a pause. */
  WAITING,
  /** A person let it go on. */
  PASSED,
  /** Traffic has moved, either way. */
  SHIFTED,
  /** Something or somebody said no: it is on its way back. */
  GOING_BACK,
  /** All on the stable version. */
  ROLLED_BACK,
  /** All on the candidate. */
  DONE,
  /** Any other end: refused, incomplete, lost, interrupted. */
  FAILED;

  /** What is told to those who do not say what they want: what a person may have to act on. */
  public static final Set<News> USUAL =
      Set.copyOf(EnumSet.of(STARTED, WAITING, ROLLED_BACK, DONE, FAILED));

  /** As in a strategy file: {@code rolled-back}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What a word means. */
  public static Optional<News> of(String word) {
    return Arrays.stream(values()).filter(news -> news.word().equals(word)).findFirst();
  }

  /** All words. */
  public static List<String> words() {
    return Arrays.stream(values()).map(News::word).toList();
  }
}
