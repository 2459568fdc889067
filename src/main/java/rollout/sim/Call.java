package rollout.sim;

/**
 * One call of a port.
 *
 * @param number 1, 2, 3 … in the life of the world
 * @param program which program made it: 1, 2, 3 …
 * @param verb {@code get}, {@code list}, {@code follow}, {@code create}, {@code patch}, {@code
 *     delete}, {@code log}, {@code logTail}, {@code kind}, {@code proxyGet}, {@code version},
 *     {@code ask}, {@code read}
 * @param target what it was about, for people: {@code Service shop}
 * @param write whether something is stored when it works; false for a dry run
 */
public record Call(long number, int program, String verb, String target, boolean write) {
  @Override
  public String toString() {
    return number + " " + verb + " " + target + (write ? " (write)" : "");
  }
}
