package rollout.real;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * All that the tests of this package share: the lab with the images of the shop, Prometheus, and
 * PostgreSQL with a migration tool. Started once, ended after the last test.
 */
record Parts(FullLab lab, Prometheus prometheus, Database database) implements AutoCloseable {

  /** Starts what is not there yet. */
  static Parts start(FullLab lab) throws IOException {
    Path shop = lab.home().resolve("busybox");
    lab.image("shop:500", shop, "VERSION=v500", "ERROR_RATE=0.5", "demo");
    lab.image("shop:slow", shop, "VERSION=vslow", "DELAY_MS=600", "demo");
    lab.image("shop:crash", shop, "VERSION=vcrash", "CRASH_AFTER_MS=60000", "demo");
    lab.image("shop:unready", shop, "VERSION=vunready", "READY_AFTER_MS=3600000", "demo");
    lab.image("shop:late", shop, "VERSION=vlate", "READY_AFTER_MS=5000", "demo");
    Path tools = lab.script().getParent();
    String migrate =
        Command.must(
            Duration.ofMinutes(5),
            "",
            List.of(Resources.path("migrate-tool.sh").toString(), tools.toString()));
    lab.image("migrate:lab", Path.of(migrate));
    Database database = Database.start(lab);
    try {
      return new Parts(lab, Prometheus.start(lab, "rollout-" + word() + "-monitoring"), database);
    } catch (IOException | RuntimeException | Error e) {
      database.close();
      throw e;
    }
  }

  /** A random word, so that two runs on one lab do not meet. */
  static String word() {
    return Integer.toString(new Random().nextInt(0x100000, 0x1000000), 36);
  }

  @Override
  public void close() {
    prometheus.close();
    database.close();
  }
}
