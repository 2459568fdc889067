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
 * @param askedAt when the round behind the newest verdict of each check was asked
 * @param missingSince since when some check has had no verdict that counts; empty: all have
 * @param seenSince since when the wanted end has been seen without a break; two looks make it
 *     observed
 * @param looks how many looks have seen it
 * @param stuck what keeps a Job from starting, and since when it has been seen; empty: nothing
 * @param tried writes of this step that were refused or had no effect
 * @param noted what has been told once and need not be told again
 */
public record Tallies(
    Map<String, Integer> fails,
    Map<String, Verdict> verdicts,
    Optional<Instant> judged,
    Map<String, Instant> askedAt,
    Optional<Instant> missingSince,
    Optional<Instant> seenSince,
    int looks,
    Optional<Stuck> stuck,
    int tried,
    java.util.Set<String> noted) {
  /** Nothing counted. */
  public static final Tallies NONE =
      new Tallies(
          Map.of(),
          Map.of(),
          Optional.empty(),
          Map.of(),
          Optional.empty(),
          Optional.empty(),
          0,
          Optional.empty(),
          0,
          java.util.Set.of());

  /** Copies the collections. */
  public Tallies {
    fails = Map.copyOf(fails);
    verdicts = Map.copyOf(verdicts);
    askedAt = Map.copyOf(askedAt);
    noted = java.util.Set.copyOf(noted);
  }

  /** A state that a Job may not stay in for long. */
  public record Stuck(String state, Instant since) {}

  /** What a new step keeps: what was told. Checks are asked anew, since they mean another thing. */
  Tallies atNewStep() {
    return new Tallies(
        Map.of(),
        Map.of(),
        judged,
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        0,
        Optional.empty(),
        0,
        noted);
  }

  /** With the verdicts of a round; checks that were not due in it keep theirs. */
  Tallies judged(Map<String, Integer> nowFails, Map<String, Verdict> now, Instant round) {
    Map<String, Verdict> all = new LinkedHashMap<>(verdicts);
    all.putAll(now);
    Map<String, Integer> allFails = new LinkedHashMap<>(fails);
    allFails.putAll(nowFails);
    Map<String, Instant> asked = new LinkedHashMap<>(askedAt);
    now.keySet().forEach(name -> asked.put(name, round));
    return new Tallies(
        allFails,
        all,
        Optional.of(round),
        asked,
        missingSince,
        seenSince,
        looks,
        stuck,
        tried,
        noted);
  }

  Tallies missing(Optional<Instant> since) {
    return new Tallies(
        fails, verdicts, judged, askedAt, since, seenSince, looks, stuck, tried, noted);
  }

  Tallies seen(Instant now) {
    Optional<Instant> since = seenSince.isPresent() ? seenSince : Optional.of(now);
    return new Tallies(
        fails, verdicts, judged, askedAt, missingSince, since, looks + 1, stuck, tried, noted);
  }

  Tallies unseen() {
    return new Tallies(
        fails, verdicts, judged, askedAt, missingSince, Optional.empty(), 0, stuck, tried, noted);
  }

  Tallies stuckIn(Optional<Stuck> now) {
    return new Tallies(
        fails, verdicts, judged, askedAt, missingSince, seenSince, looks, now, tried, noted);
  }

  Tallies triedOnce() {
    return new Tallies(
        fails, verdicts, judged, askedAt, missingSince, seenSince, looks, stuck, tried + 1, noted);
  }

  Tallies noting(String what) {
    java.util.Set<String> more = new java.util.LinkedHashSet<>(noted);
    more.add(what);
    return new Tallies(
        fails, verdicts, judged, askedAt, missingSince, seenSince, looks, stuck, tried, more);
  }
}
