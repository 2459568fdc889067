package rollout.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProblemTests {
  @Test
  void whatIsWrongEndsBeforeWhatToDoBegins() {
    assertThat(Problem.of("no Service sho", "Did you mean shop?"))
        .hasToString("no Service sho.  Did you mean shop?");
    assertThat(new Problem("--bake 5", "needs a unit.", "Write 5m"))
        .hasToString("--bake 5: needs a unit.  Write 5m");
    assertThat(Problem.of("no Service sho", "")).hasToString("no Service sho");
  }
}
