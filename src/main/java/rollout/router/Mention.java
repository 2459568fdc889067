package rollout.router;

import java.util.List;

/**
 * A place where an object names a Service.
 *
 * @param list of backends that it is in, for people: {@code rule 0}
 * @param path in the object
 */
public record Mention(String list, List<String> path) {
  /** Copies the path. */
  public Mention {
    path = List.copyOf(path);
  }
}
