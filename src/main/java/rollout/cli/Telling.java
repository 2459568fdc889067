package rollout.cli;

/**
 * How a command tells what happens.
 *
 * @param service the target; empty when there is none, or it is not known yet
 * @param namespace empty: the one of the context
 * @param json events as JSON on stdout, people's text on stderr; else text on stdout
 * @param colour text may carry colours
 */
public record Telling(String service, String namespace, boolean json, boolean colour) {
  /** The same in another namespace. */
  public Telling in(String otherNamespace) {
    return new Telling(service, otherNamespace, json, colour);
  }
}
