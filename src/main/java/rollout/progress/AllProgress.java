package rollout.progress;

import java.util.List;
import rollout.model.Event;
import rollout.port.Progress;

/** Tells several. */
public record AllProgress(List<Progress> listeners) implements Progress {
  /** Copies the list. */
  public AllProgress {
    listeners = List.copyOf(listeners);
  }

  @Override
  public void tell(Event event) {
    listeners.forEach(listener -> listener.tell(event));
  }
}
