package rollout.real;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** The files beside these tests. */
final class Resources {
  private Resources() {}

  /** Where a file of {@code src/test/resources/real} is. */
  static Path path(String name) {
    URL url = Objects.requireNonNull(Resources.class.getResource("/real/" + name), name);
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The text of such a file. */
  static String text(String name) {
    try {
      return Files.readString(path(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
