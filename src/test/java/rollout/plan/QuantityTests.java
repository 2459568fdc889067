package rollout.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTests {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "2, 2",
    "500m, 0.5",
    "0.5, 0.5",
    "1.5Gi, 1610612736",
    "128Mi, 134217728",
    "1Ki, 1024",
    "3k, 3000",
    "2M, 2000000",
    "1G, 1000000000",
    "1T, 1000000000000",
    "1P, 1000000000000000",
    "1Pi, 1125899906842624",
    "1Ei, 1152921504606846976",
    "12e3, 12000",
    "100n, 0.0000001",
    "5u, 0.000005",
  })
  void readsWhatKubernetesWrites(String text, BigDecimal amount) {
    assertThat(Quantity.parse(text))
        .hasValueSatisfying(read -> assertThat(read).isEqualByComparingTo(amount));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Gi", "1 Gi", "1gb", "m", "1.2.3", "-"})
  void anythingElseIsNone(String text) {
    assertThat(Quantity.parse(text)).isEmpty();
  }

  @Test
  void halvesAndThousandthsAreTheSame() {
    assertThat(Quantity.parse("500m").orElseThrow())
        .isEqualByComparingTo(Quantity.parse("0.5").orElseThrow());
  }
}
