package rollout.strategy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import rollout.model.Match;
import rollout.model.Problem;

/**
 * How a canary release moves its traffic: step by step, while both versions serve.
 *
 * @param stages in order; the last weight is followed by all of it
 * @param router {@link #AUTO}, {@link #REPLICAS} or a router's word
 * @param routes names of the objects to steer; none: the one that names the Service
 * @param match requests that go to the candidate ahead of the weights
 * @param maxEffective the most that a step may really send to the candidate, in percent
 * @param route an object that is made where there is none of its name
 */
public record Canary(
    List<Stage> stages,
    String router,
    List<String> routes,
    Optional<Match> match,
    Optional<Integer> maxEffective,
    Optional<RouteFile> route) {

  /** How a route object is named: {@code [KIND/][NAMESPACE/]NAME}. */
  public static final String ROUTE_NAME =
      "([A-Za-z]+/)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?/)?[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?";

  /** The router is found. */
  public static final String AUTO = "auto";

  /** No router: the share is that of the pods. */
  public static final String REPLICAS = "replicas";

  /** How long a weight lasts, unless the user says otherwise. */
  public static final Duration STEP = Duration.ofMinutes(2);

  /** Copies the lists. */
  public Canary {
    stages = List.copyOf(stages);
    routes = List.copyOf(routes);
  }

  /** One step. */
  public sealed interface Stage {}

  /**
   * A share of the requests for a while.
   *
   * @param percent 1 to 99
   * @param time how long the checks watch it
   * @param checks names of those that judge it; none: all
   */
  public record Weight(int percent, Duration time, List<String> checks) implements Stage {
    /** Copies the list. */
    public Weight {
      checks = List.copyOf(checks);
    }

    /** As in {@code --steps}: {@code 25@5m}. */
    @Override
    public String toString() {
      return percent + "@" + rollout.model.Durations.text(time);
    }
  }

  /** A person says that it may go on. */
  public record Gate() implements Stage {
    /** As in {@code --steps}. */
    @Override
    public String toString() {
      return "gate";
    }
  }

  /** Every value of {@code --router}. */
  public static final List<String> ROUTERS =
      List.of(AUTO, REPLICAS, "gateway-api", "traefik", "istio", "ingress-nginx");

  /**
   * What is wrong with a stage behind others.
   *
   * @param before those ahead of it, good or not
   * @return one sentence and what would be right; empty: it is good
   */
  public static Optional<Problem> wrong(List<Stage> before, Stage stage) {
    if (stage instanceof Weight weight) {
      int last = weights(before).stream().mapToInt(Weight::percent).max().orElse(0);
      return wrong(weight.percent(), last);
    }
    boolean twice = !before.isEmpty() && before.getLast() instanceof Gate;
    return twice
        ? Optional.of(Problem.of("a gate follows a gate.", "One is enough"))
        : Optional.empty();
  }

  private static Optional<Problem> wrong(int percent, int last) {
    if (percent == 100) {
      return Optional.of(
          Problem.of(
              "100 % is not a step: all of the traffic follows the last one.", "Leave it out"));
    }
    if (percent < 1 || percent > 100) {
      return Optional.of(
          Problem.of(percent + " % is no share.", "Write a whole number from 1 to 99"));
    }
    if (percent == last) {
      return Optional.of(
          Problem.of(percent + " % is there twice.", "Each step must be more than the one before"));
    }
    return percent < last
        ? Optional.of(
            Problem.of(
                percent + " % comes after " + last + " %, and weights do not fall.",
                "Order them: to go back there is rollout rollback"))
        : Optional.empty();
  }

  /** The weights, in order. */
  public List<Weight> weights() {
    return weights(stages);
  }

  /** The weights among some stages, in order. */
  public static List<Weight> weights(List<Stage> stages) {
    return stages.stream().filter(Weight.class::isInstance).map(Weight.class::cast).toList();
  }
}
