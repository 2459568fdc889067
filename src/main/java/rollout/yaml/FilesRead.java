package rollout.yaml;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What was read while something was read: for a release that runs elsewhere and needs the same
 * files there. A pipe can be read only once, so it is the text that is kept.
 */
public final class FilesRead {
  private static final ScopedValue<FilesRead> NOW = ScopedValue.newInstance();
  private final Map<Path, String> texts = new LinkedHashMap<>();
  private Optional<String> stdin = Optional.empty();

  /** Runs {@code read}, and keeps what it reads. */
  public <T> T during(Supplier<T> read) {
    return ScopedValue.where(NOW, this).call(read::get);
  }

  /** Every file by its absolute path, in the order of reading. */
  public Map<Path, String> texts() {
    return new LinkedHashMap<>(texts);
  }

  /** What came by stdin; empty: nothing was read there. */
  public Optional<String> stdin() {
    return stdin;
  }

  /** The path under which a file is kept. */
  public static Path key(Path file) {
    return file.toAbsolutePath().normalize();
  }

  static void file(Path file, String text) {
    if (NOW.isBound()) {
      // Some files count by their name alone in one place, and by what is in them in another.
      NOW.get().texts.merge(key(file), text, (one, other) -> one.isEmpty() ? other : one);
    }
  }

  static void stdin(String text) {
    if (NOW.isBound()) {
      NOW.get().stdin = Optional.of(text);
    }
  }
}
