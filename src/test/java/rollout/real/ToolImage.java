package rollout.real;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The program's own image, built of the Dockerfile and given to the lab's node: once for all. */
final class ToolImage {
  private static final String NAME = "rollout:test";
  private static final Duration LONGEST = Duration.ofMinutes(6);
  private static boolean made;

  private ToolImage() {}

  /** Skips a class where it cannot be built: it is one part more. */
  static final class Needed implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return possible()
          ? ConditionEvaluationResult.enabled("the image can be built")
          : ConditionEvaluationResult.disabled(
              Level4.skipped("buildah and debootstrap are not here to build the image"));
    }
  }

  private static boolean possible() {
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
