package rollout.model;

import java.util.Locale;

/** Which way a release goes. {@code BACK} never turns: whoever takes over goes on backwards. */
public enum Way {
  FORWARD,
  BACK;

  /** As in a stamp: {@code forward}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The way of this word; anything but {@code back} is forward. */
  public static Way of(String word) {
    return word.equals(BACK.word()) ? BACK : FORWARD;
  }
}
