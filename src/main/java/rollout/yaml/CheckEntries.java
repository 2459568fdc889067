package rollout.yaml;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.model.Check;
import rollout.model.Check.OnFail;
import rollout.model.Measure;

/** Reads the list of checks: a built-in template or a query each, and a bound that suits it. */
final class CheckEntries {
  private final Findings findings;

  CheckEntries(Findings findings) {
    this.findings = findings;
  }

  /** The checks that are as they must be; the others are noted. */
  List<Check> read(List<Fields.Item> items) {
    List<Check> checks = new ArrayList<>();
    Map<String, String> names = new HashMap<>();
    for (Fields.Item item : items) {
      Fields entry = (Fields) item.value();
      entry.text("name").ifPresent(name -> unique(names, name, entry));
      check(entry).ifPresent(checks::add);
    }
    return checks;
  }

  private void unique(Map<String, String> names, String name, Fields entry) {
    String before = names.putIfAbsent(name, entry.path());
    if (before != null) {
      findings.add(
          entry.at("name"),
          "the name '" + name + "' is taken by " + before + ".",
          "Give each check a name of its own.");
    }
  }

  private Optional<Check> check(Fields entry) {
    if (entry.has("template") && entry.has("query")) {
      findings.add(entry.at("query"), entry.path() + " has both template and query.", "Keep one.");
      return Optional.empty();
    }
    Optional<CheckTemplate> template = entry.text("template").flatMap(CheckTemplate::of);
    if (template.isPresent()) {
      CheckTemplate known = template.get();
      refuse(entry, known.without(), known.word());
      return check(entry, known.measure(), known.rule(), known.word());
    }
    if (entry.has("query")) {
      refuse(entry, CheckTemplate.NOT_WITH_QUERY, "a query");
      Measure measure = new Measure.Expression(entry.text("query").orElse(""));
      return check(entry, measure, Bound.Rule.ANY, "a query");
    }
    if (!entry.says("template") && !entry.says("query")) {
      findings.add(
          entry.node(),
          entry.path() + " has neither template nor query.",
          "Add 'template: http-error-rate', or a query.");
    }
    return Optional.empty();
  }

  private void refuse(Fields entry, List<String> keys, String subject) {
    for (String key : keys) {
      if (entry.has(key)) {
        findings.add(
            entry.at(key),
            entry.path() + "." + key + " means nothing for " + subject + ".",
            "Drop it.");
      }
    }
  }

  private Optional<Check> check(Fields entry, Measure measure, Bound.Rule rule, String subject) {
    Optional<Bound> bound = entry.bound("max");
    Optional<Double> max = rule == Bound.Rule.NONE ? Optional.of(0.0) : bound.flatMap(rule::value);
    if (max.isEmpty() && bound.isPresent()) {
      findings.add(
          entry.at("max"),
          entry.path()
              + ".max of "
              + subject
              + " must be "
              + rule.expected()
              + ", but is "
              + Seen.say(entry.at("max"))
              + ".",
          "Write for example 'max: " + rule.example() + "'.");
    } else if (max.isEmpty() && !entry.says("max")) {
      findings.add(
          entry.node(),
          "'max' is missing in " + entry.path() + ".",
          "Add 'max: " + rule.example() + "'.");
    }
    Check usual = Check.of(entry.text("name").orElse(""), measure, max.orElse(0.0));
    Duration every = entry.span("every").orElse(usual.every());
    long consecutive = entry.whole("consecutive").orElse((long) usual.consecutive());
    return max.map(
        value ->
            new Check(
                usual.name(),
                measure,
                value,
                entry.whole("minRequests").orElse(usual.minRequests()),
                every,
                (int) consecutive,
                entry.text("onFail").map(CheckEntries::onFail).orElse(usual.onFail())));
  }

  private static OnFail onFail(String word) {
    return word.equals("hold") ? OnFail.HOLD : OnFail.ROLLBACK;
  }
}
