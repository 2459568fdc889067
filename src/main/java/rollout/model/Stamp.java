package rollout.model;

import rollout.document.Doc;

/**
 * Who steers an object, and which way.
 *
 * @param epoch rises with every driver of a target
 * @param by a random word of the driver's process: the same epoch with another word is foreign,
 *     never our own lost answer
 */
public record Stamp(long epoch, String by, Way way) {
  /** The stamp in the state or claim that an object carries. */
  public static Stamp in(Doc state) {
    return new Stamp(
        state.number(0, "epoch"), state.textOrEmpty("by"), Way.of(state.textOrEmpty("way")));
  }

  /** Whether this is another driver's stamp that {@code own} must give way to. */
  public boolean fences(Stamp own) {
    return epoch > own.epoch || (epoch == own.epoch && !by.equals(own.by));
  }
}
