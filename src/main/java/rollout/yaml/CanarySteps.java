package rollout.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import rollout.model.Check;
import rollout.model.Match;
import rollout.model.Near;
import rollout.strategy.Canary;

/** Reads how a canary moves its traffic. */
final class CanarySteps {
  private final Findings findings;
  private final LinkedFiles files;

  CanarySteps(Findings findings, LinkedFiles files) {
    this.findings = findings;
    this.files = files;
  }

  Canary read(Fields block, List<Check> checks) {
    List<Canary.Stage> stages = new ArrayList<>();
    for (Fields.Item item : block.list("steps")) {
      Fields entry = (Fields) item.value();
      stage(entry, checks)
          .ifPresent(
              stage -> {
                Canary.wrong(stages, stage)
                    .ifPresent(
                        problem ->
                            findings.add(
                                entry.has("weight") ? entry.at("weight") : entry.node(),
                                entry.path() + ": " + problem.wrong(),
                                problem.right() + "."));
                stages.add(stage);
              });
    }
    if (!stages.isEmpty() && Canary.weights(stages).isEmpty()) {
      findings.add(
          block.at("steps"), "canary.steps has no weight.", "Add for example 'weight: 5'.");
    }
    return new Canary(
        stages,
        block.text("router").orElse(Canary.AUTO),
        block.texts("routes"),
        block.block("match").flatMap(this::match),
        block.whole("maxEffectiveWeight").map(Long::intValue),
        block.block("route").flatMap(files::route));
  }

  private Optional<Canary.Stage> stage(Fields entry, List<Check> checks) {
    boolean gate = entry.says("gate");
    if (gate == entry.says("weight")) {
      findings.add(
          entry.node(),
          entry.path() + (gate ? " has both weight and gate." : " has neither weight nor gate."),
          gate ? "Make two steps of it." : "Add 'weight: 5', or 'gate: manual'.");
      return Optional.empty();
    }
    if (gate) {
      Stream.of("for", "checks")
          .filter(entry::says)
          .forEach(
              key ->
                  findings.add(
                      entry.at(key),
                      entry.path() + ": a gate has no " + key + ".",
                      "Write it at the step before."));
      return Optional.of(new Canary.Gate());
    }
    List<String> names = checks.stream().map(Check::name).toList();
    for (Fields.Item item : entry.list("checks")) {
      String name = (String) item.value();
      if (!names.contains(name)) {
        findings.add(
            item.node(),
            entry.path() + " names check '" + name + "', which is not among the checks.",
            Near.hint(name, names, "Add it to 'checks' first") + ".");
      }
    }
    return entry
        .whole("weight")
        .map(
            percent ->
                new Canary.Weight(
                    (int) (long) percent,
                    entry.span("for").orElse(Canary.STEP),
                    entry.texts("checks")));
  }

  private Optional<Match> match(Fields block) {
    boolean header = block.says("header");
    if (header == block.says("cookie")) {
      findings.add(
          block.node(),
          "canary.match needs exactly one of header, cookie.",
          header ? "Keep one." : "Add 'header: x-canary'.");
      return Optional.empty();
    }
    return block
        .text(header ? "header" : "cookie")
        .flatMap(
            name ->
                block
                    .text("value")
                    .map(
                        value ->
                            new Match(
                                header ? Match.Part.HEADER : Match.Part.COOKIE, name, value)));
  }
}
