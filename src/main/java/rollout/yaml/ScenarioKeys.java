package rollout.yaml;

import java.util.Arrays;
import java.util.List;
import rollout.strategy.Scenario;
import rollout.yaml.Shape.Block;
import rollout.yaml.Shape.Key;
import rollout.yaml.Shape.Limit;
import rollout.yaml.Shape.Many;
import rollout.yaml.Shape.Span;
import rollout.yaml.Shape.Text;
import rollout.yaml.Shape.Whole;
import rollout.yaml.Shape.Word;
import rollout.yaml.Shape.YesNo;

/** Every key of a scenario file {@code rollout/v1}, kind Scenario: the one table of them. */
final class ScenarioKeys {
  static final String KIND = "Scenario";

  private static final Text ANY = new Text("text", "[\\s\\S]*\\S[\\s\\S]*");

  private static final Block SHOP =
      block(
          may("image", new Text("an image reference", "\\S+"), "registry.example/shop:1.0"),
          may("replicas", new Whole(1, 100), "3"),
          may("requestsPerSecond", new Whole(0, 1000), "40"));

  private static final Block VERSION =
      block(
          may("startUp", new Span(true), "2s"),
          may("errorRate", new Limit(), "12%"),
          may("latency", new Span(false), "900ms"),
          may("crashesAfter", new Span(false), "20s"),
          may("ready", new YesNo(), "false"),
          may("pulls", new YesNo(), "false"));

  private static final Block MIGRATION =
      block(
          may("exitCode", new Whole(0, 255), "1"),
          may("takes", new Span(false), "5s"),
          may("log", new Many(ANY, 0), "[\"applied 3\"]"),
          may("stable", VERSION, "{crashesAfter: 1s}"));

  private static final Block ANSWER =
      block(must("contains", ANY, "orders_failed_total"), must("value", new Limit(), "0.2"));

  private static final Block HAPPENING =
      block(
          may(
              "when",
              new Word(List.of("pinned", "switched", "settle", "settled", Scenario.DONE)),
              "switched"),
          may("after", new Span(true), "5s"),
          must(
              "do",
              new Word(Arrays.stream(Scenario.What.values()).map(Scenario.What::word).toList()),
              "prometheus-down"));

  static final Block ROOT =
      block(
          must("apiVersion", new Word(List.of(StrategyKeys.API_VERSION)), StrategyKeys.API_VERSION),
          must("kind", new Word(List.of(KIND)), KIND),
          may("says", ANY, "a version with 12 % errors"),
          may("shop", SHOP, "{replicas: 3}"),
          may("candidate", VERSION, "{errorRate: 12%}"),
          may("migration", MIGRATION, "{exitCode: 1}"),
          may("answers", new Many(ANSWER, 0), "[{contains: orders, value: 0.2}]"),
          may("happenings", new Many(HAPPENING, 0), "[{when: switched, after: 5s, do: rollback}]"));

  private ScenarioKeys() {}

  private static Block block(Key... keys) {
    return new Block(List.of(keys), false);
  }

  private static Key must(String name, Shape shape, String example) {
    return new Key(name, shape, true, "", name + ": " + example);
  }

  private static Key may(String name, Shape shape, String example) {
    return new Key(name, shape, false, "", name + ": " + example);
  }
}
