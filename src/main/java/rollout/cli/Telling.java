package rollout.cli;

import java.util.List;
import rollout.strategy.Subscriber;

/**
 * How a command tells what happens.
 *
 * @param service the target; empty when there is none, or it is not known yet
 * @param namespace empty: the one of the context
 * @param json events as JSON on stdout, people's text on stderr; else text on stdout
 * @param colour text may carry colours
 * @param subscribers who is told far away, by a verb that may move traffic
 */
public record Telling(
    String service, String namespace, boolean json, boolean colour, List<Subscriber> subscribers) {
  /** Copies the list. */
  public Telling {
    subscribers = List.copyOf(subscribers);
  }

  /** To people and pipelines here, and to nobody else. */
  public static Telling here(String service, String namespace, boolean json, boolean colour) {
    return new Telling(service, namespace, json, colour, List.of());
  }

  /** The same in another namespace. */
  public Telling in(String otherNamespace) {
    return new Telling(service, otherNamespace, json, colour, subscribers);
  }

  /** The same, to these too. */
  public Telling also(List<Subscriber> others) {
    return new Telling(service, namespace, json, colour, others);
  }
}
