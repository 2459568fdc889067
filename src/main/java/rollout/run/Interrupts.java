package rollout.run;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import rollout.core.Observation.Interrupt;
import rollout.port.Signal;

/** The wish of somebody outside that the process ends; taken up by the next look. */
final class Interrupts {
  private final AtomicReference<Optional<Interrupt>> wish = new AtomicReference<>(Optional.empty());
  private final Signal signal;

  Interrupts(Signal signal) {
    this.signal = signal;
  }

  void raise(Interrupt interrupt) {
    wish.set(Optional.of(interrupt));
    signal.raise();
  }

  Optional<Interrupt> now() {
    return wish.get();
  }
}
