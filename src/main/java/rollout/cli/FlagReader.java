package rollout.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import rollout.model.Durations;
import rollout.model.Problem;
import rollout.model.UserError;
import rollout.strategy.Canary;
import rollout.yaml.PrometheusAddress;

/** Makes values of words, and collects what is wrong with them: all of it is said at once. */
final class FlagReader {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern OBJECT_NAME =
      Pattern.compile("[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?");
  private static final Pattern ROUTE_NAME = Pattern.compile(Canary.ROUTE_NAME);
  private static final Pattern DIGITS = Pattern.compile("\\d+(\\.\\d+)?");

  private final List<Problem> problems;

  /** Begins with what is known to be wrong. */
  FlagReader(List<Problem> problems) {
    this.problems = new ArrayList<>(problems);
  }

  /** Adds a problem. */
  void problem(String place, String wrong, String right) {
    problems.add(new Problem(place, wrong, right));
  }

  /** Adds a problem that no flag is to blame for. */
  void problem(String wrong, String right) {
    problems.add(Problem.of(wrong, right));
  }

  /** Throws all that was collected, if anything was. */
  void done() {
    if (!problems.isEmpty()) {
      throw new UserError(problems.stream().distinct().toList());
    }
  }

  /** A duration with its unit; nothing when it is not given or wrong. */
  Optional<Duration> duration(String flag, @Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    Optional<Duration> parsed = Durations.parse(text);
    if (parsed.isEmpty()) {
      String wrong =
          DIGITS.matcher(text).matches() ? "a duration needs a unit." : "this is no duration.";
      problem(flag + " " + text, wrong, "Write for example 5m or 300s");
    }
    return parsed;
  }

  /** A duration above zero. */
  Optional<Duration> limit(String flag, @Nullable String text) {
    Optional<Duration> parsed = duration(flag, text);
    if (parsed.isPresent() && parsed.get().isZero()) {
      problem(flag + " " + text, "nothing can be done in no time.", "Write for example 10m");
    }
    return parsed;
  }

  /** One of the words of an enum, in lower case. */
  <E extends Enum<E>> Optional<E> word(String flag, @Nullable String text, Class<E> words) {
    if (text == null) {
      return Optional.empty();
    }
    for (E value : words.getEnumConstants()) {
      if (word(value).equals(text)) {
        return Optional.of(value);
      }
    }
    String all =
        Stream.of(words.getEnumConstants())
            .map(FlagReader::word)
            .collect(Collectors.joining(" or "));
    problem(flag + " " + text, "no such value.", "Write " + all);
    return Optional.empty();
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** A revision; 0 is what served before the first release. */
  Optional<Integer> revision(String flag, @Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    try {
      int number = Integer.parseInt(text);
      if (number >= 0) {
        return Optional.of(number);
      }
    } catch (NumberFormatException e) {
      // Said below, like a number that is too small.
    }
    problem(flag + " " + text, "a revision is a whole number from 0.", "See: rollout history");
    return Optional.empty();
  }

  /** The name of a Service, a container or a namespace; a wrong one is collected, and returned. */
  String label(String place, String name) {
    // An empty one is missing, and that has been said.
    if (!name.isEmpty() && !LABEL.matcher(name).matches()) {
      problem(place, "'" + name + "' is no name in Kubernetes.", "Write for example shop-api");
    }
    return name;
  }

  /** The name of a Deployment; a wrong one is collected, and returned. */
  String objectName(String place, String name) {
    if (!OBJECT_NAME.matcher(name).matches()) {
      problem(place, "'" + name + "' is no name in Kubernetes.", "Write for example shop-api");
    }
    return name;
  }

  /** The name of a route, maybe with namespace and kind; a wrong one is collected, and returned. */
  String routeName(String place, String name) {
    if (!ROUTE_NAME.matcher(name).matches()) {
      problem(
          place,
          "'" + name + "' is no name of a route.",
          "Write for example shop, HTTPRoute/shop, or infra/shop");
    }
    return name;
  }

  /** The address of a Prometheus; a wrong one is collected, and returned. */
  String prometheus(String place, String url) {
    PrometheusAddress.wrong(url)
        .ifPresent(wrong -> problem(place, "this " + wrong + ".", PrometheusAddress.EXPECTED));
    return url;
  }

  /** What a reader of files gives; its problems are collected. */
  <T> Optional<T> read(Supplier<T> file) {
    try {
      return Optional.of(file.get());
    } catch (UserError e) {
      problems.addAll(e.problems());
      return Optional.empty();
    }
  }
}
