package rollout.yaml;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import rollout.model.Check;
import rollout.model.Measure;
import rollout.model.Problem;
import rollout.model.UserError;

/**
 * Reads what stands behind {@code --check}: {@code error-rate < 1%}, {@code p99 < 300ms}, {@code
 * pod-health}, or {@code NAME: PROMQL < VALUE}.
 */
public final class CheckExpressions {
  private static final String POD_HEALTH = "pod-health";
  private static final Pattern NAMED =
      Pattern.compile("([^:{}()\\[\\]\"'`]+):\\s+(.*)", Pattern.DOTALL);
  private static final Pattern WORD = Pattern.compile("[A-Za-z][A-Za-z0-9_-]*");
  private static final Map<String, Measure> BUILT_IN = new LinkedHashMap<>();

  static {
    BUILT_IN.put("error-rate", new Measure.ErrorRate());
    BUILT_IN.put("p50", new Measure.Latency(0.5));
    BUILT_IN.put("p90", new Measure.Latency(0.9));
    BUILT_IN.put("p95", new Measure.Latency(0.95));
    BUILT_IN.put("p99", new Measure.Latency(0.99));
    BUILT_IN.put("p999", new Measure.Latency(0.999));
    BUILT_IN.put(POD_HEALTH, new Measure.PodHealth());
  }

  private final String place;

  private CheckExpressions(String expression) {
    this.place = "--check '" + Seen.cut(expression) + "'";
  }

  /**
   * Reads one.
   *
   * @throws UserError when it is none
   */
  public static Check parse(String expression) {
    return new CheckExpressions(expression).read(expression.strip());
  }

  /**
   * Reads all of them.
   *
   * @throws UserError with everything that is wrong with any of them, a name given twice too
   */
  public static List<Check> parseAll(List<String> expressions) {
    List<Check> checks = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    for (String expression : expressions) {
      try {
        checks.add(parse(expression));
      } catch (UserError e) {
        problems.addAll(e.problems());
      }
    }
    problems.addAll(sameNames(checks));
    if (!problems.isEmpty()) {
      throw new UserError(problems);
    }
    return checks;
  }

  /** What is wrong with the names of checks from flags and file together: one is there twice. */
  public static List<Problem> sameNames(List<Check> checks) {
    Set<String> names = new HashSet<>();
    Set<String> said = new HashSet<>();
    List<Problem> problems = new ArrayList<>();
    for (Check check : checks) {
      if (!names.add(check.name()) && said.add(check.name())) {
        problems.add(
            new Problem(
                "--check",
                "more than one check is called '" + check.name() + "'.",
                "Give each a name of its own."));
      }
    }
    return problems;
  }

  private Check read(String text) {
    if (text.isEmpty()) {
      throw wrong("an empty check.", "Write for example 'error-rate < 1%'.");
    }
    Matcher named = NAMED.matcher(text);
    @Nullable Comparison comparison =
        Comparison.last(named.matches() ? named.group(2) : text).orElse(null);
    return named.matches()
        ? query(named.group(1), named.group(2), comparison)
        : builtIn(text, comparison);
  }

  private Check builtIn(String text, @Nullable Comparison comparison) {
    String word = comparison == null ? text : comparison.left();
    Measure measure = BUILT_IN.get(word);
    if (measure == null) {
      throw unknown(word, comparison);
    }
    if (word.equals(POD_HEALTH)) {
      if (comparison != null) {
        throw wrong("pod-health has no bound.", "Write 'pod-health'.");
      }
      return Check.of(word, measure, 0);
    }
    Bound.Rule rule =
        measure instanceof Measure.ErrorRate ? Bound.Rule.PERCENT : Bound.Rule.LATENCY;
    String right = "Write '" + word + " < " + rule.example() + "'.";
    if (comparison == null) {
      throw wrong("no bound.", right);
    }
    return Check.of(word, measure, bound(comparison, rule, word, right));
  }

  private Check query(String name, String promql, @Nullable Comparison comparison) {
    if (!name.matches(StrategyKeys.CHECK_NAME.pattern())) {
      throw wrong(
          "'" + Seen.cut(name) + "' is no name for a check.",
          "A name is " + StrategyKeys.CHECK_NAME.expected() + ".");
    }
    if (comparison == null) {
      throw wrong(
          "no bound.", "Write '" + name + ": " + Seen.cut(promql) + " < VALUE', VALUE a number.");
    }
    if (comparison.left().isEmpty()) {
      throw wrong("no PromQL before the bound.", "Write 'NAME: PROMQL < VALUE'.");
    }
    String right =
        "Write '"
            + name
            + ": "
            + Seen.cut(comparison.left())
            + " < "
            + Bound.Rule.ANY.example()
            + "'.";
    return Check.of(
        name,
        new Measure.Expression(comparison.left()),
        bound(comparison, Bound.Rule.ANY, name, right));
  }

  private double bound(Comparison comparison, Bound.Rule rule, String subject, String right) {
    Optional<Bound> bound = Bound.parse(comparison.right());
    Optional<Double> value = bound.flatMap(rule::value);
    if (!comparison.operator().equals("<")) {
      // The user's own value, if it is one, in the way to write it.
      String example = value.isPresent() ? comparison.right() : rule.example();
      throw wrong(
          "a check says what is good, with '<', not '" + comparison.operator() + "'.",
          right.replace("< " + rule.example(), "< " + example));
    }
    return value.orElseThrow(
        () ->
            wrong(
                "the bound of "
                    + subject
                    + " must be "
                    + rule.expected()
                    + ", but is "
                    + (comparison.right().isEmpty()
                        ? "empty"
                        : "'" + Seen.cut(comparison.right()) + "'")
                    + ".",
                right));
  }

  private UserError unknown(String word, @Nullable Comparison comparison) {
    if (WORD.matcher(word).matches()) {
      return wrong("unknown check '" + Seen.cut(word) + "'.", Seen.hint(word, BUILT_IN.keySet()));
    }
    String value =
        comparison == null || comparison.right().isEmpty() ? "VALUE" : comparison.right();
    return wrong(
        "PromQL needs a name.",
        "Write 'NAME: "
            + Seen.cut(word)
            + " < "
            + Seen.cut(value)
            + "', or use "
            + String.join(", ", BUILT_IN.keySet())
            + ".");
  }

  private UserError wrong(String wrong, String right) {
    return UserError.of(place, wrong, right);
  }
}
