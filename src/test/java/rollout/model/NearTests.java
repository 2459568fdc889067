package rollout.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearTests {
  private static final List<String> NAMES =
      List.of("timeout", "gateTimeout", "preview", "--check", "p95", "p99", "up", "staging");

  @ParameterizedTest
  @CsvSource({
    "timeot, timeout",
    "timeouts, timeout",
    "TimeOut, timeout",
    "imeout, timeout",
    "gatetimout, gateTimeout",
    "stagign, staging",
    "prev, preview",
    "--chek, --check",
    "p98, p95",
    "pu, up",
  })
  void slipOfTheFingerIsFollowed(String written, String meant) {
    assertThat(Near.to(written, NAMES)).contains(meant);
    assertThat(Near.hint(written, NAMES, "none")).isEqualTo("Did you mean " + meant + "?");
  }

  @ParameterizedTest
  @CsvSource({"bake", "pre", "--", "xy", "production"})
  void anotherWordIsNotTakenForOneOfThem(String written) {
    assertThat(Near.to(written, NAMES)).isEmpty();
    assertThat(Near.hint(written, NAMES, "none")).isEqualTo("none");
  }

  @Test
  void longTextIsNoSlip() {
    String text = "x".repeat(60);
    assertThat(Near.to(text, List.of(text + "y"))).isEmpty();
  }

  @Test
  void orderOfTheNamesDoesNotMatter() {
    assertThat(Near.to("p98", List.of("p99", "p95"))).contains("p95");
    assertThat(Near.to("p98", List.of("p95", "p99"))).contains("p95");
    assertThat(Near.to("time", List.of("timeouts", "timeout"))).contains("timeout");
  }
}
