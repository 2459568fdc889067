package rollout.core;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import rollout.model.Verdict;

/**
 * What a driver has counted by itself, and only keeps in memory.
 *
 * @param fails fails in a row, by check
 * @param verdicts the newest verdict of each check
 * @param judged when the newest judged round was asked
 * @param missingSince since when some check has had no verdict that counts; empty: all have
 * @param seenSince since when the wanted end has been seen without a break; two looks make it
 *     observed
 * @param looks how many looks have seen it
 * @param tried writes of this step that were refused or had no effect
 * @param noted what has been told once and need not be told again
 */
public record Tallies(
    Map<String, Integer> fails,
    Map<String, Verdict> verdicts,
    Optional<Instant> judged,
    Optional<Instant> missingSince,
    Optional<Instant> seenSince,
    int looks,
    int tried,
    java.util.Set<String> noted) {
  /** Nothing counted. */
  public static final Tallies NONE =
      new Tallies(
          Map.of(),
          Map.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          0,
          0,
          java.util.Set.of());

  /** Copies the collections. */
  public Tallies {
    fails = Map.copyOf(fails);
    verdicts = Map.copyOf(verdicts);
    noted = java.util.Set.copyOf(noted);
  }

  /** What a new step keeps: what was told. */
  Tallies atNewStep() {
    return new Tallies(Map.of(), verdicts, judged, Optional.empty(), Optional.empty(), 0, 0, noted);
  }

  Tallies judged(Map<String, Integer> nowFails, Map<String, Verdict> now, Instant round) {
    Map<String, Verdict> all = new LinkedHashMap<>(verdicts);
    all.putAll(now);
    return new Tallies(
        nowFails, all, Optional.of(round), missingSince, seenSince, looks, tried, noted);
  }

  Tallies missing(Optional<Instant> since) {
    return new Tallies(fails, verdicts, judged, since, seenSince, looks, tried, noted);
  }

  Tallies seen(Instant now) {
    return new Tallies(
        fails,
        verdicts,
        judged,
        missingSince,
        seenSince.isPresent() ? seenSince : Optional.of(now),
        looks + 1,
        tried,
        noted);
  }

  Tallies unseen() {
    return new Tallies(fails, verdicts, judged, missingSince, Optional.empty(), 0, tried, noted);
  }

  Tallies triedOnce() {
    return new Tallies(fails, verdicts, judged, missingSince, seenSince, looks, tried + 1, noted);
  }

  Tallies noting(String what) {
    java.util.Set<String> more = new java.util.LinkedHashSet<>(noted);
    more.add(what);
    return new Tallies(fails, verdicts, judged, missingSince, seenSince, looks, tried, more);
  }
}
