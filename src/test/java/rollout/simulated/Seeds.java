package rollout.simulated;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** Which seed a scenario has: {@code -Dseed=N}, else 1. A failure says how to see it again. */
public final class Seeds implements TestExecutionExceptionHandler {
  /** The seed of every scenario of this run. */
  public static long one() {
    return Long.getLong("seed", 1);
  }

  /** The command that shows a failure again. */
  public static String replay(String test, long seed) {
    return "mvn test -Dtest=" + test + " -Dseed=" + seed;
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable throwable) {
    String test =
        context.getRequiredTestClass().getSimpleName()
            + "#"
            + context.getRequiredTestMethod().getName();
    throw new AssertionError(
        throwable.getMessage() + "\n  again: " + replay(test, one()), throwable);
  }
}
