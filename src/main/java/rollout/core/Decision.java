package rollout.core;

import java.time.Instant;
import java.util.List;
import rollout.model.Event;

/** What to do next, and why: act, or advance, or wait, or finish; never two of them. */
public sealed interface Decision {
  /** One sentence; the same in output, journal and events. */
  String why();

  /** One write. */
  record Act(Action action, String why) implements Decision {}

  /**
   * Nothing to do in the cluster; the state is another.
   *
   * @param events what is worth telling of it
   */
  record Advance(RolloutState next, String why, List<Event> events) implements Decision {
    /** Copies the list. */
    public Advance {
      events = List.copyOf(events);
    }

    Advance(RolloutState next, String why) {
      this(next, why, List.of());
    }
  }

  /**
   * Nothing to do until something changes, or until this instant.
   *
   * @param thenFresh whether the next look must be read from the server
   * @param why stays the same while the same is waited for
   */
  record Wait(Instant until, boolean thenFresh, String why) implements Decision {
    Wait(Instant until, String why) {
      this(until, false, why);
    }
  }

  /** The same, and only a person can make it go on; past the instant it goes back. */
  record Gate(Instant until, String why) implements Decision {}

  /**
   * Logs of the candidate and its pods' states are collected and told, then it goes on as {@code
   * next}.
   */
  record Collect(RolloutState next, String why) implements Decision {}

  /**
   * The end.
   *
   * @param ends whether the release is over, so that the journal may close it; false: it stays open
   *     for another driver
   */
  record Finish(Outcome outcome, boolean ends, String why) implements Decision {}
}
