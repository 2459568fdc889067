package rollout.sim;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import rollout.port.Cluster;

/** A container's log that is being followed; without a pod it has ended before it began. */
final class SimLog implements Cluster.Log {
  private final @Nullable ContainerRun container;
  private int taken;
  private int run;
  private boolean closed;

  SimLog(@Nullable ContainerRun container) {
    this.container = container;
    this.run = container == null ? 0 : container.run;
  }

  @Override
  public List<String> take() {
    if (container == null || closed) {
      return List.of();
    }
    if (container.run != run && run == 0) {
      run = container.run;
    }
    List<String> lines = container.run == run ? container.log : container.previousLog;
    List<String> fresh = new ArrayList<>();
    while (taken < lines.size()) {
      fresh.add(lines.get(taken));
      taken++;
    }
    return fresh;
  }

  @Override
  public boolean ended() {
    if (container == null || closed) {
      return true;
    }
    return container.ended || (run != 0 && container.run != run);
  }

  @Override
  public void close() {
    closed = true;
  }
}
