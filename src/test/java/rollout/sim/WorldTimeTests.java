package rollout.sim;

import java.time.Duration;
import rollout.port.Time;
import rollout.port.TimeContract;

/** The time of a world keeps the contract of all times. */
class WorldTimeTests extends TimeContract {
  private final World world = new World(3);
  private final Time time = world.ports(event -> {}).time();

  @Override
  protected Time time() {
    return time;
  }

  @Override
  protected void soon(Runnable event) {
    world.at(Duration.ofMinutes(1), event);
  }
}
