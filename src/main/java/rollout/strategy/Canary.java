package rollout.strategy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import rollout.document.Doc;
import rollout.model.Match;

/**
 * How a canary release moves its traffic: step by step, while both versions serve.
 *
 * @param stages in order; the last weight is followed by all of it
 * @param router {@link #AUTO}, {@link #REPLICAS} or a router's word
 * @param routes names of the objects to steer; none: the one that names the Service
 * @param match requests that go to the candidate ahead of the weights
 * @param maxEffective the most that a step may really send to the candidate, in percent
 * @param route to be made where there is none
 */
public record Canary(
    List<Stage> stages,
    String router,
    List<String> routes,
    Optional<Match> match,
    Optional<Integer> maxEffective,
    Optional<Doc> route) {

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

  /** The weights of the stages, in order. */
  public List<Weight> weights() {
    return stages.stream().filter(Weight.class::isInstance).map(Weight.class::cast).toList();
  }
}
