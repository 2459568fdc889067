package rollout.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script for bash, asked by a bash. */
class CompletionTests {
  private static final Path BASH = Path.of("/bin/bash");

  @TempDir Path folder;

  @BeforeEach
  void needsBash() {
    assumeTrue(Files.isExecutable(BASH), "no " + BASH);
  }

  /** What bash offers for the last of these words. */
  private List<String> offered(String... words) throws IOException, InterruptedException {
    Typed typed = new Typed();
    typed.run("completion", "bash");
    Path script = Files.writeString(folder.resolve("completion"), typed.out());
    String ask =
        "source \"$1\"; shift; compopt() { :; }; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1));"
            + " COMP_LINE=\"$*\"; COMP_POINT=${#COMP_LINE}; COMP_TYPE=9; _complete_rollout; printf"
            + " '%s\\n"
            + "' \"${COMPREPLY[@]}\"";
    List<String> command =
        new ArrayList<>(List.of(BASH.toString(), "--norc", "-c", ask, "bash", script.toString()));
    command.addAll(List.of(words));
    Process bash = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).as(said).isZero();
    return said.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }

  @Test
  void commandsAreOffered() throws Exception {
    assertThat(offered("rollout", "")).contains("bluegreen", "rollback", "status", "completion");
    assertThat(offered("rollout", "blu")).containsExactly("bluegreen");
    assertThat(offered("rollout", "plan", "b")).containsExactly("bluegreen");
  }

  @Test
  void flagsAreOffered() throws Exception {
    assertThat(offered("rollout", "bluegreen", "--sett")).containsExactly("--settle-timeout");
    assertThat(offered("rollout", "plan", "bluegreen", "--sm")).containsExactly("--smoke");
    assertThat(offered("rollout", "rollback", "--to")).containsExactly("--to-revision");
  }

  @Test
  void valuesOfFlagsAreOffered() throws Exception {
    assertThat(offered("rollout", "bluegreen", "--promotion", "")).containsExactly("copy", "swap");
    assertThat(offered("rollout", "bluegreen", "--metrics", "m")).containsExactly("micrometer");
    assertThat(offered("rollout", "status", "-o", "j")).containsExactly("json");
    assertThat(offered("rollout", "completion", "b")).containsExactly("bash");
  }
}
