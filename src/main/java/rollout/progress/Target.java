package rollout.progress;

/**
 * What events are about.
 *
 * @param service empty when there is none
 * @param namespace empty when it is not known yet
 */
public record Target(String service, String namespace) {}
