package rollout.plan;

/** Versions of Kubernetes, {@code 1.35}. */
final class Versions {
  /** The oldest minor version that is known to have everything that a release needs. */
  static final int OLDEST_MINOR = 27;

  private Versions() {}

  /** Whether a version is 1.{@code minor} or newer. */
  static boolean atLeast(String version, int minor) {
    String[] parts = version.split("\\.");
    try {
      int major = Integer.parseInt(parts[0]);
      return major > 1 || (major == 1 && parts.length > 1 && Integer.parseInt(parts[1]) >= minor);
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
