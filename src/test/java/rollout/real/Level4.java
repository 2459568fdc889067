package rollout.real;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What the tests on real parts say when parts are missing: one line for each part. */
public final class Level4 {
  /** Set to 1, missing parts are a failure. */
  public static final String REQUIRED = "ROLLOUT_REQUIRE_REAL";

  private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

  private Level4() {}

  /**
   * Says, once for all tests that lack the same, that they are skipped.
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
    if (SAID.add(line)) {
      System.out.println(line);
    }
    return line;
  }
}
