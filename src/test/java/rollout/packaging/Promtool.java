package rollout.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import rollout.real.Level4;

/** Prometheus' own tool, in a folder. */
record Promtool(Path folder) {
  private record Ended(int exitCode, String text) {}

  /** The tool; without it the test is skipped, and says so. */
  static Promtool in(Path folder) throws InterruptedException {
    Promtool tool = new Promtool(folder);
    try {
      tool.run(List.of("--version"));
    } catch (IOException e) {
      abort(Level4.skipped("no promtool on PATH (apt-get install prometheus)"));
    }
    return tool;
  }

  /** The tool finds nothing wrong. */
  void finds(String... words) throws IOException, InterruptedException {
    Ended ended = run(List.of(words));
    assertThat(ended.exitCode()).as(ended.text()).isZero();
  }

  /** The same of what it reads from its input; not a word of advice either. */
  void findsNothingIn(String input, String... words) throws IOException, InterruptedException {
    Files.writeString(folder.resolve("input"), input);
    List<String> shell = new ArrayList<>(List.of("promtool"));
    shell.addAll(List.of(words));
    Ended ended = run(shell, ProcessBuilder.Redirect.from(folder.resolve("input").toFile()));
    assertThat(ended.text()).isEmpty();
    assertThat(ended.exitCode()).isZero();
  }

  private Ended run(List<String> words) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("promtool"));
    all.addAll(words);
    return run(all, ProcessBuilder.Redirect.PIPE);
  }

  private Ended run(List<String> words, ProcessBuilder.Redirect input)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(words)
            .directory(folder.toFile())
            .redirectInput(input)
            .redirectErrorStream(true)
            .start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), text);
  }
}
