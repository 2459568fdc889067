package rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import rollout.cli.Console;
import rollout.cli.ExitCode;

/** Nobody reads what the program says: {@code | head}, or a full disk. It does its work. */
class ClosedOutputTests {
  private static final class Closed extends OutputStream {
    @Override
    public void write(int octet) throws IOException {
      throw new IOException("Broken pipe");
    }
  }

  private static ExitCode run(String... words) {
    PrintWriter closed = new PrintWriter(new Closed());
    Console console =
        new Console(closed, closed, InputStream.nullInputStream(), Map.of(), false, code -> {});
    return Main.shell(console).run(List.of(words));
  }

  @Test
  void rollbackGoesOnWhenNobodyReads() {
    assertThat(run("demo", "--scenario", "bad-version", "--fast")).isEqualTo(ExitCode.ROLLED_BACK);
    assertThat(run("demo", "--scenario", "bad-version", "--fast", "-o", "json"))
        .isEqualTo(ExitCode.ROLLED_BACK);
  }

  @Test
  void releaseGoesOnWhenNobodyReads() {
    assertThat(run("demo", "--fast")).isEqualTo(ExitCode.DONE);
  }
}
