package rollout.notify;

import java.time.Duration;

/** What came of one try. */
sealed interface Answer {
  /** Delivered. */
  record Taken() implements Answer {}

  /**
   * Not delivered, and another try would not help.
   *
   * @param why for people; nothing of the URL or the headers
   */
  record Refused(String why) implements Answer {}

  /**
   * Not delivered this time.
   *
   * @param why for people; nothing of the URL or the headers
   * @param retryAfter how long the server asks to be left alone; zero when it does not say
   */
  record Away(String why, Duration retryAfter) implements Answer {}
}
