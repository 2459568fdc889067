package rollout.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.document.Doc;
import rollout.strategy.Migration;
import rollout.strategy.Migration.Tool;
import rollout.strategy.Strategy;

/**
 * The objects that a release makes, whole. Only the process that began the release has them;
 * whoever takes over finds them in the cluster.
 *
 * @param deployment the copy, or the first Deployment of an install; with {@code replicas: 0}
 * @param freshCopy of stable, for one pod; with {@code replicas: 0}
 * @param jobs suspended
 * @param service of a first release; the last thing to be made
 * @param preview when the program makes it
 * @param helpers ConfigMaps that exist for the migration, by name
 * @param beside the candidate's own Service, and what a router needs of its own
 * @param route of the user's file, where there is none of its name; it stays
 * @param question where the database stands, once it is migrated
 */
public record Materials(
    Optional<Doc> deployment,
    Optional<Doc> freshCopy,
    Map<JobRole, Doc> jobs,
    Optional<Doc> service,
    Optional<Doc> preview,
    Map<String, Doc> helpers,
    List<Doc> beside,
    Optional<Doc> route,
    Optional<Question> question) {
  /** Copies the map. */
  public Materials {
    jobs = Map.copyOf(jobs);
    helpers = Map.copyOf(helpers);
    beside = List.copyOf(beside);
  }

  /** Nothing at hand. */
  public static final Materials NONE =
      new Materials(
          Optional.empty(),
          Optional.empty(),
          Map.of(),
          Optional.empty(),
          Optional.empty(),
          Map.of(),
          List.of(),
          Optional.empty(),
          Optional.empty());

  /**
   * Where a database stands.
   *
   * @param version pod template of the version whose image is asked, where the tool has no own
   */
  public record Question(Tool tool, Doc version) {
    /** Of a release's migration; empty: it is not by a tool that the program knows. */
    static Optional<Question> of(Strategy strategy, Doc candidate) {
      return strategy
          .migration()
          .flatMap(Migration::tool)
          .map(tool -> new Question(tool, candidate));
    }
  }
}
