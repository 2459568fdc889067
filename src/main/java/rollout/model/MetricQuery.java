package rollout.model;

/**
 * One instant query in PromQL, with or without a range selector.
 *
 * @param id names the answer in its round; unique in it
 */
public record MetricQuery(String id, String promql) {}
