package rollout.kubernetes;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;

/** Failures of a connection in words of our own. */
final class Failures {
  private static final int DEEPEST_CAUSE = 10;

  private Failures() {}

  static String say(Throwable failure) {
    Throwable here = failure;
    for (int i = 0; i < DEEPEST_CAUSE; i++) {
      if (here instanceof UnknownHostException || here instanceof UnresolvedAddressException) {
        return "no such host";
      }
      if (here instanceof SSLException) {
        return "no TLS connection (" + here.getMessage() + ")";
      }
      Throwable next = here.getCause();
      if (next == null || next == here) {
        break;
      }
      here = next;
    }
    return failure instanceof ConnectException
        ? "connection refused"
        : "the connection broke (" + failure.getClass().getSimpleName() + ")";
  }
}
