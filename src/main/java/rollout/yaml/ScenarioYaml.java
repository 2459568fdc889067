package rollout.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;
import rollout.model.UserError;
import rollout.strategy.Scenario;
import rollout.strategy.Scenario.Answer;
import rollout.strategy.Scenario.Happening;
import rollout.strategy.Scenario.Migration;
import rollout.strategy.Scenario.Shop;
import rollout.strategy.Scenario.Version;
import rollout.strategy.Scenario.What;

/** Reads scenario files. */
public final class ScenarioYaml {
  private static final SourceText.Limit LIMIT =
      new SourceText.Limit(1, 20_000, "A scenario file is a page of text; is it the right file?");

  private final Findings findings;

  private ScenarioYaml(Findings findings) {
    this.findings = findings;
  }

  /**
   * Reads a scenario file.
   *
   * @throws UserError with everything that is wrong, each with its place
   */
  public static Scenario read(Path file) {
    return read(SourceText.read(file, LIMIT));
  }

  /** Reads a scenario that comes with the program. */
  public static Scenario read(String name, InputStream text) {
    try {
      return read(new SourceText(name, new String(text.readAllBytes(), StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Scenario read(SourceText source) {
    List<Node> documents = YamlText.documents(source, LIMIT.events());
    if (documents.size() != 1) {
      throw UserError.of(
          source.name(),
          documents.isEmpty() ? "is empty." : "has several documents.",
          "A scenario is one, and begins with 'kind: " + ScenarioKeys.KIND + "'.");
    }
    Findings findings = new Findings(source);
    Fields fields =
        new ShapeReader(findings, "a scenario file", ScenarioKeys.ROOT).read(documents.getFirst());
    Scenario scenario = new ScenarioYaml(findings).scenario(fields);
    findings.orThrow();
    return scenario;
  }

  private Scenario scenario(Fields file) {
    Scenario good = Scenario.GOOD;
    return new Scenario(
        file.text("says").orElse(""),
        file.block("shop").map(block -> shop(block, good.shop())).orElse(good.shop()),
        file.block("candidate").map(this::version).orElse(good.candidate()),
        file.block("migration").map(this::migration).orElse(good.migration()),
        file.list("answers").stream().map(item -> answer((Fields) item.value())).toList(),
        file.list("happenings").stream()
            .map(item -> happening((Fields) item.value()))
            .flatMap(Optional::stream)
            .toList());
  }

  private static Shop shop(Fields block, Shop good) {
    return new Shop(
        block.text("image").orElse(good.image()),
        block.whole("replicas").map(Long::intValue).orElse(good.replicas()),
        block.whole("requestsPerSecond").map(Long::intValue).orElse(good.requestsPerSecond()));
  }

  private Version version(Fields block) {
    Version good = Version.GOOD;
    return new Version(
        block.span("startUp").orElse(good.startUp()),
        block.bound("errorRate").map(bound -> share(block, bound)).orElse(good.errorRate()),
        block.span("latency").orElse(good.latency()),
        block.span("crashesAfter"),
        !block.says("ready") || block.isTrue("ready"),
        !block.says("pulls") || block.isTrue("pulls"));
  }

  private double share(Fields block, Bound bound) {
    if (bound instanceof Bound.Percent(double percent) && percent <= 100) {
      return percent / 100;
    }
    findings.add(
        block.at("errorRate"),
        "errorRate must be a percentage from 0 % to 100 %.",
        "Write for example 'errorRate: 12%'.");
    return 0;
  }

  private Migration migration(Fields block) {
    return new Migration(
        block.whole("exitCode").map(Long::intValue).orElse(0),
        block.span("takes").orElse(Migration.GOOD.takes()),
        block.texts("log"),
        block.block("stable").map(this::version));
  }

  private Answer answer(Fields block) {
    double value =
        switch (block.bound("value").orElse(new Bound.Plain(0))) {
          case Bound.Plain(double number) -> number;
          case Bound.Percent(double percent) -> percent / 100;
          case Bound.Span(Duration span) -> span.toMillis() / 1000.0;
        };
    return new Answer(block.text("contains").orElse(""), value);
  }

  private static Optional<Happening> happening(Fields block) {
    Duration after = block.span("after").orElse(Duration.ZERO);
    return block
        .text("do")
        .flatMap(
            word -> Arrays.stream(What.values()).filter(one -> one.word().equals(word)).findFirst())
        .map(what -> new Happening(block.text("when"), after, what));
  }
}
