package rollout.plan;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import rollout.model.Check;
import rollout.model.Kind;
import rollout.model.Marks;
import rollout.model.Match;
import rollout.model.MetricNames;
import rollout.model.Ref;
import rollout.model.Schema;
import rollout.model.Selector;
import rollout.router.Route;
import rollout.strategy.Canary;
import rollout.strategy.Canary.Stage;
import rollout.strategy.Migration.OnStableBroken;
import rollout.strategy.Preset;
import rollout.strategy.Strategy.Limits;
import rollout.strategy.Strategy.OnMissing;

/**
 * A release with real names: what is fixed before the first write and never changes until its end.
 * The journal holds it whole; no template and no environment value is in it.
 *
 * @param returnsTo the earlier revision that it brings back ({@code rollback} with nothing
 *     running); empty: it brings a new version
 * @param services the target first, then those that move with it
 * @param configs what both versions read beside their image
 * @param shifting how traffic moves step by step; empty: all at once
 * @param scaler what sizes one of the versions by load, if anything does
 */
public record Release(
    String namespace,
    int revision,
    Form form,
    Optional<Integer> returnsTo,
    Stable stable,
    Contender candidate,
    List<Steered> services,
    Optional<PreviewService> preview,
    Database database,
    Optional<JobName> smoke,
    Configs configs,
    Optional<Shifting> shifting,
    Optional<Scaler> scaler,
    Terms terms) {

  /** Copies the lists. */
  public Release {
    services = List.copyOf(services);
    if (services.isEmpty()) {
      throw new IllegalArgumentException("a release has a target");
    }
  }

  /** Whether it brings an earlier revision back. */
  public boolean returning() {
    return returnsTo.isPresent();
  }

  /** What divides its requests; none: all move at once, or the share is that of the pods. */
  public List<Route> routes() {
    return shifting.map(Shifting::routes).orElse(List.of());
  }

  /** The requests that go to the candidate ahead of the weights. */
  public Optional<Match> match() {
    return shifting.flatMap(Shifting::match);
  }

  /** The route of the user's file that it makes, since there was none of its name; it stays. */
  public Optional<Ref> given() {
    return shifting.flatMap(Shifting::given);
  }

  /** Whether it makes this object for its own time, and deletes it at the end. */
  public boolean makes(Route route) {
    return route.uid().isEmpty() && given().filter(route.ref()::equals).isEmpty();
  }

  /** Whether routes divide its requests. */
  public boolean routed() {
    return !routes().isEmpty();
  }

  /** The Service whose traffic moves. */
  public Steered target() {
    return services.getFirst();
  }

  /** The Job for a role, if there is one. */
  public Optional<JobName> job(JobRole role) {
    return switch (role) {
      case MIGRATE -> migration();
      case SELF_TEST -> database.proof().flatMap(Proof::selfTest);
      case UNDO -> database.undo();
      case SMOKE -> smoke;
    };
  }

  /** The Job that migrates the database, if there is one. */
  public Optional<JobName> migration() {
    return database.migration();
  }

  /** The Deployment that one fresh pod of stable proves itself in, if there is one. */
  public Optional<String> freshCopy() {
    return database.proof().flatMap(Proof::freshCopy);
  }

  /**
   * What both versions read: names of ConfigMaps and Secrets.
   *
   * @param secrets followed where the driver may, by their metadata alone
   */
  public record Configs(List<String> maps, List<String> secrets) {
    /** Nothing is read by both. */
    public static final Configs NONE = new Configs(List.of(), List.of());

    /** Copies the lists. */
    public Configs {
      maps = List.copyOf(maps);
      secrets = List.copyOf(secrets);
    }
  }

  /**
   * The Deployment that serves now.
   *
   * @param uid empty in a first release
   * @param replicas its size at the start
   * @param hash pod-template-hash of the ReplicaSet that serves
   * @param replicaSet its name
   * @param replicaSetUid its uid
   * @param templateHash of the template at the start
   * @param serving whether any of its pods is ready at the start
   * @param pinned whether the Services must keep to its pods, since a candidate's pods would match
   * @param images {@code CONTAINER=IMAGE} of the template at the start
   */
  public record Stable(
      String name,
      String uid,
      int replicas,
      String hash,
      String replicaSet,
      String replicaSetUid,
      String templateHash,
      boolean serving,
      boolean pinned,
      List<String> images) {
    /** Copies the list. */
    public Stable {
      images = List.copyOf(images);
    }
  }

  /**
   * The Deployment that shall serve.
   *
   * @param uid known beforehand only when the user made it; else empty
   * @param formerReplicas its size before the release; 0 for a copy
   * @param templateHash of its template as a Deployment without our label would have it
   * @param images as {@code container=image}
   */
  public record Contender(
      String name, String uid, int formerReplicas, String templateHash, List<String> images) {
    /** Copies the list. */
    public Contender {
      images = List.copyOf(images);
    }
  }

  /**
   * A Service whose traffic moves.
   *
   * @param uid empty when a first release makes it
   * @param original as before and after
   * @param stable while a candidate exists: only the pods that served before
   * @param candidate after the switch
   */
  public record Steered(
      String name, String uid, Selector original, Selector stable, Selector candidate) {
    /** The pods of one template alone, by the hash that they carry. */
    public Selector keptTo(String hash) {
      return original.and(Selector.TEMPLATE_HASH, hash);
    }

    /** Pods of both versions: as it was, but for the label that tells them apart. */
    public Selector both() {
      boolean apart =
          original.labels().containsKey(Marks.TRACK)
              && !original
                  .labels()
                  .get(Marks.TRACK)
                  .equals(candidate.labels().getOrDefault(Marks.TRACK, ""));
      return apart ? original.without(Marks.TRACK) : original;
    }
  }

  /**
   * The Service for a look at the candidate.
   *
   * @param uid empty: made by us, and deleted at the end
   * @param original its selector before
   */
  public record PreviewService(String name, String uid, Selector original) {
    /** Whether the program makes and deletes it. */
    public boolean made() {
      return uid.isEmpty();
    }
  }

  /**
   * What the release does to the database.
   *
   * @param helpers names of the ConfigMaps that exist for the migration
   * @param proof that stable can live with it; empty: nothing is proven
   * @param undo takes the migration back
   * @param tool that migrates, where the program knows it
   * @param name that all know who migrate it, as {@code NAMESPACE/NAME}; empty: nobody else does
   * @param built the newest migration that the candidate was built with; 0: nobody said
   * @param before the database at the start
   * @param after the database when the migration is done
   */
  public record Database(
      Optional<JobName> migration,
      List<String> helpers,
      Optional<Proof> proof,
      Optional<JobName> undo,
      Optional<Preset> tool,
      String name,
      long built,
      Schema before,
      Schema after) {
    /** Copies the list. */
    public Database {
      helpers = List.copyOf(helpers);
    }

    /** It is left alone, and nobody says anything of it. */
    public static final Database NONE =
        new Database(
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "",
            0,
            Schema.UNKNOWN,
            Schema.UNKNOWN);
  }

  /**
   * How a canary moves its traffic.
   *
   * @param stages in order
   * @param routes whose weights divide the requests; none: the share is that of the pods
   * @param match requests that go to the candidate ahead of the weights
   * @param given the route of the user's file that is made first; empty: there is one
   */
  public record Shifting(
      List<Stage> stages, List<Route> routes, Optional<Match> match, Optional<Ref> given) {
    /** Copies the lists. */
    public Shifting {
      stages = List.copyOf(stages);
      routes = List.copyOf(routes);
    }

    /** The shares, in order. */
    public List<Canary.Weight> weights() {
      return Canary.weights(stages);
    }

    /**
     * Pods of the candidate for a share.
     *
     * @param stable pods of stable
     * @param percent 1 to 100
     */
    public int pods(int stable, int percent) {
      if (percent == 100) {
        return stable;
      }
      return byReplicas() ? Shares.beside(stable, percent) : Shares.bearing(stable, percent);
    }

    /** Pods of the candidate before it has any traffic. */
    public int firstPods(int stable) {
      return weights().stream()
          .findFirst()
          .map(weight -> pods(stable, weight.percent()))
          .orElse(stable);
    }

    /** The most pods that the candidate will ever have. */
    public int mostPods(int stable) {
      return weights().stream()
          .mapToInt(weight -> pods(stable, weight.percent()))
          .reduce(stable, Math::max);
    }

    /** Whether the share of the pods is the share of the requests. */
    public boolean byReplicas() {
      return routes.isEmpty();
    }
  }

  /**
   * What sizes a version by load: an autoscaler or a ScaledObject.
   *
   * @param floor what kept idle pods from leaving before the release, as it stands there; empty:
   *     nothing
   */
  public record Scaler(Kind kind, String name, String uid, Optional<String> floor, Sizes sizes) {
    /** Which version it sizes. */
    public enum Sizes {
      /** Whichever serves: its target moves with the traffic. */
      SERVING,
      /** Stable alone: the candidate, which the user made, has one of its own. */
      STABLE,
      /** The candidate alone, which the user made; stable has none, and this one is left alone. */
      CANDIDATE
    }
  }

  /** What sizes stable by load, and is steered with it. */
  public Optional<Scaler> stableScaler() {
    return scaler.filter(one -> one.sizes() != Scaler.Sizes.CANDIDATE);
  }

  /** Whether something of the user's sizes the candidate, also while it does not serve. */
  public boolean candidateSizesItself() {
    return scaler.filter(one -> one.sizes() != Scaler.Sizes.SERVING).isPresent();
  }

  /**
   * How stable proves itself on the new schema.
   *
   * @param freshCopy name of the Deployment with one fresh pod of stable's template
   * @param selfTest a Job with stable's image
   * @param watchStable how long stable is watched in production
   */
  public record Proof(
      Optional<String> freshCopy,
      Optional<JobName> selfTest,
      Duration watchStable,
      OnStableBroken onStableBroken) {}

  /**
   * A Job of this revision.
   *
   * @param specHash of its spec as given: a Job of this name with another hash is not ours
   */
  public record JobName(String name, String specHash) {}

  /** What the user asked for in times and checks. */
  public record Terms(
      boolean hold,
      Duration bake,
      List<Check> checks,
      Optional<MetricNames> metricNames,
      Limits limits,
      OnMissing onNoData,
      OnMissing onUndecided,
      boolean noWayBack) {
    /** Copies the list. */
    public Terms {
      checks = List.copyOf(checks);
    }
  }
}
