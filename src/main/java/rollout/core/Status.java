package rollout.core;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where a target stands, from the journal and the live objects.
 *
 * @param state in a word: {@code settled}, {@code never-released}, {@code rolled-back}, {@code
 *     rolled-back-partly}, {@code waiting}, {@code in-progress}
 * @param revision the newest; 0 for none
 * @param phase empty when nothing runs
 * @param step the step in progress, in words; empty when nothing runs
 * @param stable Deployment and image that serve; for people
 * @param candidate empty when there is none
 * @param traffic what the endpoints show, for people
 * @param driver who holds the Lease: identity, age of its last renewal; empty: nobody
 * @param driverAlive whether that Lease is still good
 * @param since when the state was entered
 * @param details further lines: checks with their last numbers, the gate that waits, drift
 */
public record Status(
    String service,
    String namespace,
    String state,
    int revision,
    String phase,
    String step,
    String stable,
    String candidate,
    String traffic,
    Optional<String> driver,
    boolean driverAlive,
    Optional<Instant> since,
    String reason,
    List<String> details) {
  /** Copies the list. */
  public Status {
    details = List.copyOf(details);
  }

  /** Whether another says the same, but for lines that tell how long something has lasted. */
  public boolean says(Status other) {
    return withoutDetails().equals(other.withoutDetails());
  }

  private Status withoutDetails() {
    return new Status(
        service,
        namespace,
        state,
        revision,
        phase,
        step,
        stable,
        candidate,
        traffic,
        driver,
        driverAlive,
        since,
        reason,
        List.of());
  }
}
