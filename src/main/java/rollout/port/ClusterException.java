package rollout.port;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the API server said when it was not yes, or that it said nothing. */
public abstract sealed class ClusterException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ClusterException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /**
   * 409 on a write: the object is not as it was when the write was decided. Nothing was changed.
   */
  public static final class Conflict extends ClusterException {
    private static final long serialVersionUID = 1;

    public Conflict(String message) {
      super(message, null);
    }
  }

  /** 409 AlreadyExists on a create. */
  public static final class AlreadyExists extends ClusterException {
    private static final long serialVersionUID = 1;

    public AlreadyExists(String message) {
      super(message, null);
    }
  }

  /** 404 on an object. */
  public static final class NotFound extends ClusterException {
    private static final long serialVersionUID = 1;

    public NotFound(String message) {
      super(message, null);
    }
  }

  /**
   * 422 or 400: a failed test of a patch, or an object that breaks the rules. Nothing was changed.
   */
  public static final class Invalid extends ClusterException {
    private static final long serialVersionUID = 1;

    public Invalid(String message) {
      super(message, null);
    }
  }

  /**
   * 401 or 403: not allowed. The message is the server's, with verb and resource. Nothing was
   * changed.
   */
  public static final class Forbidden extends ClusterException {
    private static final long serialVersionUID = 1;

    public Forbidden(String message) {
      super(message, null);
    }
  }

  /** 429, 500, 503: refused for now. Nothing was changed, as far as the server says. */
  public static final class Busy extends ClusterException {
    private static final long serialVersionUID = 1;
    private final Duration retryAfter;

    public Busy(String message, Duration retryAfter) {
      super(message, null);
      this.retryAfter = retryAfter;
    }

    /** How long the server asked to wait; zero when it did not say. */
    public Duration retryAfter() {
      return retryAfter;
    }
  }

  /**
   * No answer: timeout, reset, 504. A write may or may not have been done; only reading back can
   * tell.
   */
  public static final class Unknown extends ClusterException {
    private static final long serialVersionUID = 1;

    public Unknown(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
