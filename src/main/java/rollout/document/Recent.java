package rollout.document;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;

/**
 * The last few answers of a pure function, a thread. Looks that come many times a second ask the
 * same of the same immutable objects; objects that are equal but not the same are asked anew.
 *
 * @param <K> immutable, so that the same object has the same answer for ever
 * @param <V> the answer, immutable
 */
public final class Recent<K, V> {
  private final Function<K, V> function;
  private final int most;
  private final ThreadLocal<Deque<Answer<K, V>>> kept = ThreadLocal.withInitial(ArrayDeque::new);

  /** Keeps at most so many answers. */
  public Recent(int most, Function<K, V> function) {
    this.most = most;
    this.function = function;
  }

  /** The answer for this very object. */
  public V of(K key) {
    Deque<Answer<K, V>> answers = kept.get();
    for (Answer<K, V> one : answers) {
      if (one.key() == key) {
        return one.value();
      }
    }
    Answer<K, V> fresh = new Answer<>(key, function.apply(key));
    if (answers.size() >= most) {
      answers.removeLast();
    }
    answers.addFirst(fresh);
    return fresh.value();
  }

  private record Answer<K, V>(K key, V value) {}
}
