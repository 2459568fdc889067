package rollout.yaml;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import rollout.model.Durations;

/** An upper bound as people write it. */
sealed interface Bound {
  /** {@code 1%}, {@code 0.5 %}. */
  record Percent(double percent) implements Bound {}

  /** {@code 300ms}. */
  record Span(Duration duration) implements Bound {}

  /** A number without a unit. */
  record Plain(double number) implements Bound {}

  /** In letters. */
  int LONGEST = 40;

  Pattern PERCENT = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?) ?%");
  Pattern NUMBER = Pattern.compile("-?[0-9]{1,15}(?:\\.[0-9]{1,15})?(?:[eE][-+]?[0-9]{1,2})?");

  /** Reads one, or says that it is none. */
  static Optional<Bound> parse(String text) {
    if (text.length() > LONGEST) {
      return Optional.empty();
    }
    Matcher percent = PERCENT.matcher(text);
    if (percent.matches()) {
      return Optional.of(new Percent(Double.parseDouble(percent.group(1))));
    }
    if (NUMBER.matcher(text).matches()) {
      return Optional.of(new Plain(Double.parseDouble(text)));
    }
    return Durations.parse(text).map(Span::new);
  }

  /** Which bounds suit what is measured. */
  enum Rule {
    /** Of an error rate. */
    PERCENT("a percentage above 0 % and up to 100 %", "1%"),
    /** Of a latency. */
    LATENCY("a duration with a unit, above 0", "300ms"),
    /** Of a free expression. */
    ANY("a number, a percentage or a duration with a unit", "0.5"),
    /** There is nothing to bound. */
    NONE("left out", "");

    private final String expected;
    private final String example;

    Rule(String expected, String example) {
      this.expected = expected;
      this.example = example;
    }

    /** What a bound must be, for a message. */
    String expected() {
      return expected;
    }

    /** One that suits. */
    String example() {
      return example;
    }

    /** The bound as a check holds it (a share, seconds, a number), or nothing if it is unsuited. */
    Optional<Double> value(Bound bound) {
      Optional<Double> value =
          switch (bound) {
            case Percent percent when this != LATENCY -> Optional.of(percent.percent() / 100);
            case Span span when this != PERCENT -> Optional.of(span.duration().toMillis() / 1000.0);
            case Plain plain when this == ANY -> Optional.of(plain.number());
            default -> Optional.empty();
          };
      return this == ANY ? value : value.filter(v -> v > 0 && (this == LATENCY || v <= 1));
    }
  }
}
