package rollout.core;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import rollout.model.Schema;

/**
 * One revision of a target.
 *
 * @param outcome the word of the result, {@code in-progress} while it runs
 * @param images of the candidate's containers, as {@code container=image}
 * @param replicaSet of the stable Deployment that holds its template after a success; empty if
 *     there is none
 * @param templateHash of the candidate's template, to know it again
 * @param reason of a release that went back; empty otherwise
 * @param healthVerdict whether it went back because of the candidate's own health or metrics
 * @param times of a rollback: detected, decided, written, observed; empty otherwise
 * @param job uid of the Job that began it; empty: none did
 * @param built the newest migration that the version was built with; 0: nobody said
 * @param schema the database afterwards
 */
public record HistoryEntry(
    int revision,
    String kind,
    String outcome,
    Instant started,
    Optional<Instant> ended,
    List<String> images,
    String replicaSet,
    String templateHash,
    String reason,
    boolean healthVerdict,
    List<Instant> times,
    String job,
    long built,
    Schema schema) {
  /** The word for a release that somebody put in order; while it runs, the fact that says so. */
  public static final String REPAIRED = "repaired";

  /** While it runs, the fact that says which Job began it, by uid. */
  public static final String JOB = "job";

  /** A release of which nothing is known but that somebody put it in order. */
  public static HistoryEntry repaired(int revision, Instant now) {
    return new HistoryEntry(
        revision,
        "",
        REPAIRED,
        now,
        Optional.of(now),
        List.of(),
        "",
        "",
        "",
        false,
        List.of(),
        "",
        0,
        Schema.UNKNOWN);
  }

  /** Copies the lists. */
  public HistoryEntry {
    images = List.copyOf(images);
    times = List.copyOf(times);
  }
}
