package planted.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import planted.run.Runner;

/** Asks the world, where all should be told. */
final class Curious {
  final Runner above = new Runner();

  // By method reference too, which is no call.
  final Supplier<Instant> now = Instant::now;

  List<Object> clocks() throws InterruptedException {
    Thread.sleep(0);
    return List.of(
        LocalDate.now(ZoneOffset.UTC),
        System.nanoTime(),
        System.currentTimeMillis(),
        Clock.systemUTC(),
        InstantSource.system());
  }

  List<Object> dice() {
    return List.of(
        Math.random(), UUID.randomUUID(), new Random(), ThreadLocalRandom.current().nextInt());
  }

  String file() throws IOException {
    return Files.readString(Path.of("file"));
  }

  void process() throws IOException {
    System.out.println(System.in.read());
    System.err.println();
    Runtime.getRuntime().halt(1);
    Runtime.getRuntime().exit(1);
    System.exit(1);
  }
}
