package rollout.port;

/** Says that something has changed and a look is worth it. Raised from any thread; never blocks. */
@FunctionalInterface
public interface Signal {
  /** Ends the wait that runs, or the next one. */
  void raise();
}
