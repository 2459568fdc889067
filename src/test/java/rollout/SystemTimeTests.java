package rollout;

import rollout.port.Time;
import rollout.port.TimeContract;

/** The machine's time keeps the contract of all times. */
class SystemTimeTests extends TimeContract {
  private final Time time = SystemTime.start();

  @Override
  protected Time time() {
    return time;
  }

  @Override
  protected void soon(Runnable event) {
    Thread.startVirtualThread(event);
  }
}
