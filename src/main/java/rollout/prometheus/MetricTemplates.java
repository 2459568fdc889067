package rollout.prometheus;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.model.MetricNames;

/**
 * The exporters whose names are known: one file each below {@code metric-templates}, in the order
 * in which {@code index} lists them.
 *
 * <p>The files are YAML of the simplest kind, one quoted value a line, so that they are read here
 * without a YAML engine, whose loading would cost more than all the rest.
 */
public final class MetricTemplates {
  private static final String FOLDER = "/metric-templates/";

  private MetricTemplates() {}

  /**
   * All known exporters, the variants of one after another; they are tried in this order. Read
   * once, at the first call.
   */
  public static List<MetricNames> all() {
    return Loaded.ALL;
  }

  private static final class Loaded {
    private static final List<MetricNames> ALL =
        resource("index").lines().map(name -> parse(resource(name + ".yaml"))).toList();
  }

  /**
   * Reads one template.
   *
   * @throws IllegalArgumentException when a value is missing or not of this form
   */
  static MetricNames parse(String yaml) {
    Map<String, String> values = new HashMap<>();
    yaml.lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .forEach(line -> values.put(key(line), value(line)));
    return new MetricNames(
        take(values, "name"),
        take(values, "meaning"),
        take(values, "total"),
        take(values, "bad"),
        take(values, "buckets"),
        Double.parseDouble(take(values, "secondsPerUnit")),
        take(values, "source"),
        values.containsKey("routers") ? Optional.of(byService(values)) : Optional.empty());
  }

  private static MetricNames.ByService byService(Map<String, String> values) {
    return new MetricNames.ByService(
        List.of(take(values, "routers").split(", ")),
        take(values, "candidate"),
        take(values, "stable"));
  }

  private static String key(String line) {
    return line.substring(0, Math.max(0, line.indexOf(": ")));
  }

  private static String value(String line) {
    String quoted = line.substring(line.indexOf(": ") + 2).strip();
    if (quoted.length() < 2 || !quoted.startsWith("'") || !quoted.endsWith("'")) {
      throw new IllegalArgumentException("not in single quotes: " + line);
    }
    return quoted.substring(1, quoted.length() - 1).replace("''", "'");
  }

  private static String take(Map<String, String> values, String key) {
    String value = values.get(key);
    if (value == null) {
      throw new IllegalArgumentException("a metric template without " + key);
    }
    return value;
  }

  private static String resource(String name) {
    try (InputStream stream = MetricTemplates.class.getResourceAsStream(FOLDER + name)) {
      if (stream == null) {
        throw new IllegalStateException("not in the jar: " + FOLDER + name);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
