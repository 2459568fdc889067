package rollout.sim;

import java.time.Duration;

/**
 * Whoever keeps the EndpointSlices, as far as its cache may be behind: at first it is not.
 *
 * <p>As with the real controller, what it knows of Services and pods is what it has heard. A
 * replica that takes over lists them from a server whose own cache may be older than what the one
 * before had acted on, so it may write the slices of an older selector once more until it has
 * caught up. The slices themselves are never old to it: a write on an old one is refused. It knows
 * no pod that never was. Services and pods are behind by the same time, so that what came first is
 * heard of first: one that hears of a selector seconds before it hears that the pods are ready
 * would leave the Service empty for so long, and nobody who switches can tell.
 */
public final class ControlPlane {
  private final Caches caches;
  private final EndpointsController endpoints;
  private final VirtualTime time;

  ControlPlane(Caches caches, EndpointsController endpoints, VirtualTime time) {
    this.caches = caches;
    this.endpoints = endpoints;
    this.time = time;
  }

  /** Whatever changes is heard of so much later from now on. */
  public void late(Duration by) {
    caches.behind(by.toMillis());
  }

  /**
   * Another replica takes over, and knows Services and pods as they were.
   *
   * @param behind how long ago, a minute at most
   * @param lasts until it has caught up
   */
  public void newLeader(Duration behind, Duration lasts) {
    long before = caches.behindMillis();
    caches.behind(behind.toMillis());
    endpoints.lookAtAll();
    time.after(
        lasts.toMillis(),
        () -> {
          caches.behind(before);
          endpoints.lookAtAll();
        });
  }

  /** Whether it acts on anything but what is. */
  public boolean isBehind() {
    return caches.behindMillis() > 0;
  }
}
