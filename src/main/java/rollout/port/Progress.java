package rollout.port;

import rollout.model.Event;

/** Who is told what happens. Never fails, never blocks for long: telling is not the work. */
public interface Progress {
  /** Tells one event. */
  void tell(Event event);
}
