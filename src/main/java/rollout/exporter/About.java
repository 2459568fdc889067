package rollout.exporter;

/**
 * What all series are about, as two labels of each.
 *
 * @param namespace of the target
 * @param target the Service
 */
public record About(String namespace, String target) {}
