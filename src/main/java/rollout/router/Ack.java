package rollout.router;

/** What a router says of an object: that it has read it. Never that requests flow so. */
public sealed interface Ack {
  /** This router never says. */
  record Silent() implements Ack {}

  /** Not of this generation yet. */
  record Waiting(String why) implements Ack {}

  /** It has taken this generation. */
  record Seen() implements Ack {}

  /** It will not take it. */
  record Refused(String why) implements Ack {}
}
