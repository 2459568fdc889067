package rollout.model;

import java.util.List;
import java.util.Optional;

/**
 * What one kind of exporter calls its numbers. In each selector {@code $namespace} stands for the
 * namespace. What tells the versions apart is either {@code $pods}, a regular expression of exact
 * pod names, or {@code $version}, which {@link ByService} gives for each.
 *
 * @param name as in {@code --metrics}: {@code http}, {@code micrometer}; what follows a dash names
 *     a variant, {@code traefik-exported}, which is tried with the others of its word
 * @param meaning one sentence for people
 * @param total selector of the counter of all requests
 * @param bad selector of the counter of failed requests, a subset of {@code total}
 * @param buckets selector of the buckets of the latency histogram
 * @param secondsPerUnit what one unit of {@code le} is in seconds: 1, or 0.001
 * @param source where the names are documented
 * @param byService how a router, which knows no pods, counts; empty: the pods themselves count
 */
public record MetricNames(
    String name,
    String meaning,
    String total,
    String bad,
    String buckets,
    double secondsPerUnit,
    String source,
    Optional<ByService> byService) {

  /** Of pods that count themselves. */
  public MetricNames(
      String name,
      String meaning,
      String total,
      String bad,
      String buckets,
      double secondsPerUnit,
      String source) {
    this(name, meaning, total, bad, buckets, secondsPerUnit, source, Optional.empty());
  }

  /**
   * Counted by a router for each Service: it tells the versions apart only while each has a Service
   * of its own.
   *
   * @param routers the {@code --router} words of those that count so
   * @param candidate the matchers of the requests to the candidate: {@code $service} stands for its
   *     Service, {@code $ports} for the numbers and names of the ports
   * @param stable the same of stable
   */
  public record ByService(List<String> routers, String candidate, String stable) {
    /** Copies the list. */
    public ByService {
      routers = List.copyOf(routers);
    }
  }

  /** What people write for it: {@code traefik}, also for its variants. */
  public String word() {
    int dash = name.indexOf('-');
    return dash < 0 ? name : name.substring(0, dash);
  }

  /** Whether requests that this router divides are counted so. */
  public boolean counts(String router) {
    return byService.filter(one -> one.routers().contains(router)).isPresent();
  }

  /**
   * With the ports of the Service, as far as it matters.
   *
   * @param ports their numbers and names
   */
  public MetricNames at(List<String> ports) {
    // No port is called "-", and an empty alternative would match a label without a port.
    String any = ports.isEmpty() ? "-" : String.join("|", ports);
    return new MetricNames(
        name,
        meaning,
        total,
        bad,
        buckets,
        secondsPerUnit,
        source,
        byService.map(
            one ->
                new ByService(
                    one.routers(),
                    one.candidate().replace("$ports", any),
                    one.stable().replace("$ports", any))));
  }
}
