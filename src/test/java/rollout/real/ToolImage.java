package rollout.real;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The program's own image, built of the Dockerfile and given to the lab's node: once for all. */
final class ToolImage {
  private static final String NAME = "rollout:test";
  private static final Duration LONGEST = Duration.ofMinutes(6);
  private static boolean made;

  private ToolImage() {}

  /** Whether this machine can build it. */
  static boolean possible() {
    return List.of("buildah", "debootstrap").stream()
        .allMatch(tool -> Command.run(Command.USUAL, "", List.of("which", tool)).exitCode() == 0);
  }

  /** Its name on the node. */
  static synchronized String on(FullLab lab) {
    if (!made) {
      Path archive = Path.of("target", "rollout-image.tar").toAbsolutePath();
      Command.must(LONGEST, "", List.of("src/build/image.sh", NAME, archive.toString()));
      lab.load(archive);
      made = true;
    }
    return NAME;
  }
}
