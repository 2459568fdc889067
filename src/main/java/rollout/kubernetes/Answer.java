package rollout.kubernetes;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import rollout.document.Doc;
import rollout.port.ClusterException;

/**
 * What the API server answered.
 *
 * @param retryAfter the header's text, empty when there is none
 */
record Answer(int status, String retryAfter, String body) {
  private static final int LONGEST_TEXT = 200;

  boolean isGood() {
    return status >= 200 && status < 300;
  }

  /** Whether the server says that it would rather be asked again later. */
  boolean isBusy() {
    return status == 429 || status >= 500;
  }

  /** The body as an object. */
  Doc object(Call call) {
    try {
      return call.read(body);
    } catch (IllegalArgumentException e) {
      throw new ClusterException.Unknown(call + ": the answer is not JSON", e);
    }
  }

  /** The body as a failure that the API server itself reports, rather than something behind it. */
  Optional<Doc> failure() {
    if (!body.startsWith("{")) {
      return Optional.empty();
    }
    try {
      Doc object = Doc.parse(body);
      boolean isFailure =
          object.textOrEmpty("kind").equals("Status")
              && object.textOrEmpty("status").equals("Failure");
      return isFailure ? Optional.of(object) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** What this answer means when it is not a good one. */
  ClusterException refusal(Call call) {
    Doc failure = failure().orElse(Doc.EMPTY);
    String message = failure.text("message").orElseGet(() -> call + ": " + plainText());
    return switch (status) {
      case 401, 403 -> new ClusterException.Forbidden(message);
      case 404 -> new ClusterException.NotFound(message);
      case 409 ->
          failure.textOrEmpty("reason").equals("AlreadyExists")
              ? new ClusterException.AlreadyExists(message)
              : new ClusterException.Conflict(message);
      case 429, 503 -> new ClusterException.Busy(message, wait(failure));
      case 500 ->
          mayHaveBeenDone(failure)
              ? new ClusterException.Unknown(message, null)
              : new ClusterException.Busy(message, wait(failure));
      case 400, 405, 406, 413, 415, 422 -> new ClusterException.Invalid(message);
      default -> new ClusterException.Unknown(message, null);
    };
  }

  // The API server reports a store that did not answer in time as 500 too; the store may yet have
  // taken the write, so that is no refusal.
  private static boolean mayHaveBeenDone(Doc failure) {
    String message = failure.textOrEmpty("message").toLowerCase(Locale.ROOT);
    // Webhooks come before the store. The message has their address, and that a timeout in it.
    if (message.contains("failed calling webhook")) {
      return false;
    }
    return failure.textOrEmpty("reason").equals("ServerTimeout")
        || Stream.of("timed out", "deadline exceeded", "leader changed", "timeout")
            .anyMatch(message::contains);
  }

  private Duration wait(Doc failure) {
    if (retryAfter.matches("\\d{1,6}")) {
      return Duration.ofSeconds(Long.parseLong(retryAfter));
    }
    return Duration.ofSeconds(Math.max(0, failure.number(0, "details", "retryAfterSeconds")));
  }

  private String plainText() {
    String line = body.lines().findFirst().orElse("").strip();
    boolean isText = !line.isEmpty() && !line.startsWith("<") && line.length() <= LONGEST_TEXT;
    return "HTTP " + status + (isText ? ", " + line : "");
  }
}
