package rollout.real;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A kubeconfig that a test makes: gone with the tests, since a token may be in it. */
final class KubeconfigFile {
  private KubeconfigFile() {}

  /** Writes it. */
  static Path of(String text) {
    try {
      Path file = Files.createTempFile("kubeconfig", ".json");
      file.toFile().deleteOnExit();
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
