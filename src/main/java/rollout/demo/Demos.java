package rollout.demo;

import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.document.Doc;
import rollout.model.Check;
import rollout.model.Measure;
import rollout.sim.Manifests;
import rollout.sim.World;
import rollout.strategy.Canary;
import rollout.strategy.Candidate;
import rollout.strategy.JobFile;
import rollout.strategy.Migration;
import rollout.strategy.Migration.Compatibility;
import rollout.strategy.Migration.OnStableBroken;
import rollout.strategy.Strategy;

/** What comes with the program to be shown: one release, and what may happen to it. */
public final class Demos {
  private static final String CONTRACT_WALL = "contract-wall";

  /** The migration that the new version is built with, where that matters. */
  private static final long SCHEMA = 41;

  /** The scenarios, by name, in the order of the help. */
  public static final List<String> NAMES =
      List.of(
          "good",
          "bad-version",
          "slow-version",
          "crash-loop",
          "failed-migration",
          "old-version-broken",
          CONTRACT_WALL,
          "prometheus-down",
          "person-rolls-back",
          "gitops-fights",
          "driver-dies");

  /** The command that each of them plays. */
  public static final String COMMAND =
      "rollout bluegreen shop --image registry.example/shop:2.0 --migrate migrate.yaml"
          + " --check 'error-rate < 1%' --check 'p99 < 300ms' --bake 20s";

  /** The same share by share. */
  public static final String CANARY_COMMAND =
      "rollout canary shop --steps 5@20s,25@20s,50@20s --router gateway-api"
          + " --image registry.example/shop:2.0 --migrate migrate.yaml"
          + " --check 'error-rate < 1%' --check 'p99 < 300ms' --bake 20s";

  private Demos() {}

  /** The text of a scenario. */
  public static InputStream open(String name) {
    InputStream found = Demos.class.getResourceAsStream(name + ".yaml");
    if (found == null) {
      throw new IllegalArgumentException("no scenario " + name);
    }
    return found;
  }

  /** As short as the fresh pod needs: nobody likes to watch a demonstration wait. */
  private static final Compatibility PROOF =
      new Compatibility(true, List.of(), Duration.ofSeconds(30), OnStableBroken.HOLD);

  /** The command that a scenario plays. */
  public static String command(String name) {
    return name.equals(CONTRACT_WALL)
        ? "rollout bluegreen -s shop.yaml   # migration: {schema: 41, contract: {floor: 41, …}}"
        : COMMAND;
  }

  /** What the command of a scenario asks for, share by share. */
  public static Strategy canary(String name) {
    Duration time = Duration.ofSeconds(20);
    return strategy(name)
        .by(
            new Canary(
                List.of(
                    new Canary.Weight(5, time, List.of()),
                    new Canary.Weight(25, time, List.of()),
                    new Canary.Weight(50, time, List.of())),
                "gateway-api",
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
  }

  /** What the command of a scenario asks for. */
  public static Strategy strategy(String name) {
    Strategy plain = Strategy.of("shop", World.NAMESPACE);
    boolean numbered = name.equals(CONTRACT_WALL);
    Doc job = Manifests.job(World.NAMESPACE, "migrate", "registry.example/shop-db:2.0", false);
    return new Strategy(
        plain.service(),
        plain.namespace(),
        Optional.of(new Candidate.Image(Map.of("", "registry.example/shop:2.0"))),
        plain.from(),
        plain.also(),
        plain.ignored(),
        Optional.of(
            Migration.of(new JobFile("migrate.yaml", job))
                .proven(PROOF, List.of())
                .numbered(numbered ? SCHEMA : 0, 0)
                .contracted(
                    Optional.of(new Migration.Contract(List.of("migrate", "contract"), SCHEMA))
                        .filter(contract -> numbered))),
        plain.prometheus(),
        plain.metricNames(),
        List.of(
            Check.of("error-rate", new Measure.ErrorRate(), 0.01),
            Check.of("p99", new Measure.Latency(0.99), 0.3)),
        plain.preview(),
        plain.smoke(),
        plain.hold(),
        Duration.ofSeconds(20),
        plain.promotion(),
        plain.limits(),
        plain.onNoData(),
        plain.onUndecided(),
        plain.permissions(),
        plain.canary(),
        plain.subscribers());
  }
}
