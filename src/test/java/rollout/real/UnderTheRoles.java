package rollout.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Tests of the program under the published Roles; their pods may be pretended. */
abstract class UnderTheRoles {
  /** The cluster. */
  static FullLab lab;

  @TempDir Path folder;

  @BeforeAll
  static void find() {
    try {
      lab = FullLab.find(false);
    } catch (FullLab.MissingException e) {
      abort(Level4.skipped(e.getMessage()));
    }
  }

  String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  static String job(String name, String command) {
    return """
    apiVersion: batch/v1
    kind: Job
    metadata: {name: %s}
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{name: %s, image: "busybox:lab", command: [sh, -c, "%s"]}]
    """
        .formatted(name, name, command);
  }

  /** The shop with so many pods, which end soon: nobody has connections here. */
  static String shop(int pods) {
    return Resources.text("shop.yaml")
        .replace("replicas: 3", "replicas: " + pods)
        .replace("terminationGracePeriodSeconds: 10", "terminationGracePeriodSeconds: 1");
  }

  static Program.Ended ends(Program program, Integer... codes) {
    Program.Ended ended = program.end();
    assertThat(List.of(codes)).as(ended.transcript()).contains(ended.exitCode());
    return ended;
  }

  static Program release(Account person, String image, String... more) {
    List<String> words =
        new ArrayList<>(List.of("bluegreen", "shop", "--image", "shop=" + image, "--bake", "0s"));
    words.addAll(List.of("--timeout", "60s"));
    words.addAll(List.of(more));
    return person.rollout(words.toArray(String[]::new));
  }
}
