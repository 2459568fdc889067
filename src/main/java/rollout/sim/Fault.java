package rollout.sim;

import java.time.Duration;
import rollout.port.ClusterException;

/** What goes wrong with one call. */
public sealed interface Fault {
  /** Nothing. */
  record None() implements Fault {}

  /** The call is refused; nothing is done. */
  record Refuse(ClusterException exception) implements Fault {}

  /** It is done, and the answer gets lost. */
  record LoseAnswer() implements Fault {}

  /** It takes longer. */
  record Delay(Duration by) implements Fault {}

  /** The program is killed before the call is sent. */
  record CrashBefore() implements Fault {}

  /** The program is killed after the call has been done, before it sees the answer. */
  record CrashAfter() implements Fault {}

  /** The program is frozen before it sends; meanwhile others act. */
  record Meanwhile(Runnable others) implements Fault {}
}
