package rollout.real;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a load has met.
 *
 * @param answers of each tenth of a second
 * @param failures what was no answer with code 200, connections that broke included
 * @param reopened kept-open connections that their server had closed while they were idle
 */
record LoadReport(
    List<Answers> answers, List<Failure> failures, long requests, int reopened, long slowestMs) {
  private static final Duration NEAR = Duration.ofSeconds(1);

  /** Answers with code 200 that came in a tenth of a second, by mode and version. */
  record Answers(Instant at, Map<String, Long> onNew, Map<String, Long> onKept) {
    /** How many answers were this version's. */
    long count(String version) {
      return onNew.getOrDefault(version, 0L) + onKept.getOrDefault(version, 0L);
    }

    /** Whether this version answered, on whatever connection. */
    boolean of(String version) {
      return onNew.containsKey(version) || onKept.containsKey(version);
    }
  }

  /**
   * A request that failed.
   *
   * @param began when it was sent
   * @param at when that was clear
   * @param kind an HTTP code or the name of an exception
   * @param version whose answer it was; empty when none came
   * @param how how far it came, and where the kernel had sent the connection; empty with an answer
   */
  record Failure(Instant began, Instant at, String mode, String kind, String version, String how) {}

  /** The versions that answered. */
  Set<String> versions() {
    return counts().keySet();
  }

  /** Answers with code 200 by version. */
  Map<String, Long> counts() {
    Map<String, Long> sum = new TreeMap<>();
    for (Answers tenth : answers) {
      tenth.onNew().forEach((version, n) -> sum.merge(version, n, Long::sum));
      tenth.onKept().forEach((version, n) -> sum.merge(version, n, Long::sum));
    }
    return sum;
  }

  /** The failures that are not the own answers of this version. */
  List<Failure> failuresBesides(String version) {
    return failures.stream().filter(failure -> !failure.version().equals(version)).toList();
  }

  /** The failures that were not on the way between these two times. */
  List<Failure> failuresOutside(Instant from, Instant to) {
    return failures.stream()
        .filter(failure -> failure.at().isBefore(from) || failure.began().isAfter(to))
        .toList();
  }

  /**
   * The failures of these that this load's own users do not explain: none of them failed within a
   * second of it.
   */
  List<Failure> unexplained(List<Failure> others) {
    return others.stream()
        .filter(
            other ->
                failures.stream()
                    .allMatch(
                        own ->
                            own.at().plus(NEAR).isBefore(other.began())
                                || own.began().minus(NEAR).isAfter(other.at())))
        .toList();
  }

  /** For people, one line. */
  String line() {
    Map<String, Long> kinds =
        failures.stream()
            .collect(
                Collectors.groupingBy(
                    failure -> failure.kind() + " " + failure.version(),
                    TreeMap::new,
                    Collectors.counting()));
    return "%d requests, answers %s, failed %d %s, reopened %d, slowest %d ms"
        .formatted(requests, counts(), failures.size(), kinds, reopened, slowestMs);
  }
}
