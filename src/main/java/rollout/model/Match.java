package rollout.model;

/**
 * The requests of chosen users.
 *
 * @param name of the header or cookie
 * @param value that it must have exactly
 */
public record Match(Part part, String name, String value) {
  /** Where the value is. */
  public enum Part {
    HEADER,
    COOKIE
  }

  /** As people write it: {@code header x-canary=yes}. */
  @Override
  public String toString() {
    return (part == Part.HEADER ? "header " : "cookie ") + name + "=" + value;
  }
}
