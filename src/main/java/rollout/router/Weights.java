package rollout.router;

/** What an object says of our two Services. */
public sealed interface Weights {
  /** The candidate's Service is in none of its places. */
  record Absent() implements Weights {}

  /** Both are in every place. */
  record Set(int percent) implements Weights {}

  /** Neither the one nor the other: somebody else has changed it. */
  record Foreign(String why) implements Weights {}
}
