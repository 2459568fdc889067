package rollout.real;

import java.util.concurrent.atomic.AtomicBoolean;

/** What the tests on real parts say when parts are missing: one line for all of them. */
public final class Level4 {
  /** Set to 1, missing parts are a failure. */
  public static final String REQUIRED = "ROLLOUT_REQUIRE_REAL";

  private static final AtomicBoolean SAID = new AtomicBoolean();

  private Level4() {}

  /**
   * Says, once for all tests, that they are skipped.
   *
   * @param why which parts are missing
   * @return the line
   * @throws AssertionError when they may not be missing
   */
  public static String skipped(String why) {
    String line = "level 4 skipped: " + why;
    if ("1".equals(System.getenv(REQUIRED))) {
      throw new AssertionError(line + ", and " + REQUIRED + " forbids that");
    }
    if (SAID.compareAndSet(false, true)) {
      System.out.println(line);
    }
    return line;
  }
}
