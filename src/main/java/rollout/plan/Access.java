package rollout.plan;

/**
 * One thing that may be allowed or not.
 *
 * @param resource plural, with a subresource after a slash
 */
public record Access(String verb, String group, String resource) {}
