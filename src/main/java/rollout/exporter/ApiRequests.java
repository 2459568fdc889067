package rollout.exporter;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Requests to the API server, counted by verb and code. May be told from any thread. */
public final class ApiRequests {
  private final Map<Kind, LongAdder> counts = new ConcurrentHashMap<>();

  private record Kind(String verb, String code) {}

  /** Who is given each count. */
  @FunctionalInterface
  interface Each {
    void count(String verb, String code, long requests);
  }

  /**
   * One request is over.
   *
   * @param verb as in a Role: {@code list}
   * @param code of HTTP, or a word where no answer came
   */
  public void ended(String verb, String code) {
    counts.computeIfAbsent(new Kind(verb, code), kind -> new LongAdder()).increment();
  }

  void each(Each each) {
    counts.forEach((kind, count) -> each.count(kind.verb(), kind.code(), count.sum()));
  }
}
