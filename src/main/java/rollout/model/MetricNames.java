package rollout.model;

/**
 * What one kind of exporter calls its numbers. In each selector {@code $namespace} and {@code
 * $pods} stand for the namespace and for a regular expression of exact pod names.
 *
 * @param name as in {@code --metrics}: {@code http}, {@code micrometer}
 * @param meaning one sentence for people
 * @param total selector of the counter of all requests
 * @param bad selector of the counter of failed requests, a subset of {@code total}
 * @param buckets selector of the buckets of the latency histogram
 * @param secondsPerUnit what one unit of {@code le} is in seconds: 1, or 0.001
 * @param source where the names are documented
 */
public record MetricNames(
    String name,
    String meaning,
    String total,
    String bad,
    String buckets,
    double secondsPerUnit,
    String source) {}
