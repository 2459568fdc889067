package rollout.demo;

import java.time.Instant;
import java.util.List;

/** Who looks at a simulated cluster beside the program's own words. */
public interface Viewer {
  /** Nobody. */
  Viewer NONE =
      new Viewer() {
        @Override
        public void second(Second second) {}

        @Override
        public void happens(String what) {}
      };

  /** Another second has passed. */
  void second(Second second);

  /** Something happens that the program has not done. */
  void happens(String what);

  /**
   * What a second looked like.
   *
   * @param at its end, in the time of the world
   * @param flows by version, the one that served before first
   * @param lost requests that nobody answered
   * @param next what the release does next, for people; empty: nothing
   */
  record Second(Instant at, List<Flow> flows, long lost, String next) {
    /** Copies the list. */
    public Second {
      flows = List.copyOf(flows);
    }
  }

  /**
   * The requests of a second that one version had.
   *
   * @param version image without its registry
   * @param errors of them, answered with 500 or not at all
   */
  record Flow(String version, long requests, long errors) {}
}
