package rollout.cli;

/** What this program is called and where it comes from. */
final class Version {
  /** Where to report what is wrong with it. */
  static final String ISSUES = "https://github.com/rollout-cli/rollout/issues";

  private Version() {}

  /** As in the jar; {@code development} outside of one. */
  static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
