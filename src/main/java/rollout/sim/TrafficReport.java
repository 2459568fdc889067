package rollout.sim;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What became of the requests of a world so far.
 *
 * @param byImage by the image of the pod that they went to
 * @param byPod requests that were answered, by pod name
 * @param dropped requests that no pod could answer, by nobody's fault but the release's: no
 *     endpoint, a pod that has gone, a pod that was never ready
 * @param losses when and why the first requests were dropped
 * @param byCode requests that a router answered by itself, by code: no pod was asked. They are
 *     among the dropped, or among a version's own errors since all its pods had crashed
 */
public record TrafficReport(
    SortedMap<String, Answers> byImage,
    SortedMap<String, Long> byPod,
    long dropped,
    List<String> losses,
    SortedMap<Integer, Long> byCode) {
  /** Copies the maps. */
  public TrafficReport {
    byImage = new TreeMap<>(byImage);
    byPod = new TreeMap<>(byPod);
    losses = List.copyOf(losses);
    byCode = new TreeMap<>(byCode);
  }

  /** The answers of one image; zeros for one that had no request. */
  public Answers of(String image) {
    return byImage.getOrDefault(image, Answers.NONE);
  }

  /** All requests that were not answered with 200, whoever is to blame. */
  public long failed() {
    return dropped + byImage.values().stream().mapToLong(Answers::errors).sum();
  }

  /**
   * The answers of one image.
   *
   * @param good answered with 200
   * @param errors its own: answered with 500, or not at all since its container had crashed
   * @param first when its first request came; {@link Instant#MAX} when none did
   */
  public record Answers(long good, long errors, Instant first) {
    /** No request. */
    public static final Answers NONE = new Answers(0, 0, Instant.MAX);
  }

  static TrafficReport of(
      Map<String, Answers> byImage,
      Map<String, Long> byPod,
      long dropped,
      List<String> losses,
      Map<Integer, Long> byCode) {
    return new TrafficReport(
        new TreeMap<>(byImage), new TreeMap<>(byPod), dropped, losses, new TreeMap<>(byCode));
  }
}
