package rollout.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.core.Rehearsal;
import rollout.core.RolloutState;
import rollout.document.Doc;
import rollout.model.Deployment;
import rollout.model.HeldError;
import rollout.model.Kind;
import rollout.model.MetricNames;
import rollout.model.Problem;
import rollout.model.Ref;
import rollout.model.RefusedError;
import rollout.model.UserError;
import rollout.plan.Contracts;
import rollout.plan.Feature;
import rollout.plan.GivenRoute;
import rollout.plan.Preflight;
import rollout.plan.Prepared;
import rollout.plan.Survey;
import rollout.port.Cluster;
import rollout.port.ClusterException;
import rollout.port.Ports;
import rollout.strategy.Strategy;

/**
 * Row 0 as a whole: permissions, what is there, whether the checks can answer, and every write as a
 * dry run.
 */
final class Preparation {
  private static final int TRIES = 5;
  private final Ports ports;
  private final Strategy strategy;
  private final String namespace;
  private final Cluster cluster;
  private final boolean contract;

  /** Of a release. */
  Preparation(Ports ports, Strategy strategy) {
    this(ports, strategy, false);
  }

  /**
   * @param contract whether only the strategy's contract is meant
   */
  Preparation(Ports ports, Strategy strategy, boolean contract) {
    this.contract = contract;
    this.ports = ports;
    this.strategy = strategy;
    this.namespace = ports.namespace(strategy.namespace());
    this.cluster = new PatientCluster(ports.cluster(), ports.time());
  }

  /** What was prepared, and on which journal. */
  record Ready(Prepared prepared, Journal journal, Journal.Entry entry) {}

  Ready prepare() {
    List<Problem> wrong = GivenRoute.problems(strategy, namespace);
    if (!wrong.isEmpty()) {
      throw new UserError(wrong);
    }
    Preflight.version(cluster.version());
    AccessCheck.check(cluster, namespace, Feature.RELEASE.accesses());
    strategy
        .migration()
        .map(one -> one.sharing().in(namespace))
        .filter(place -> !place.isEmpty() && !place.startsWith(namespace + "/"))
        .ifPresent(
            place -> AccessCheck.check(cluster, placeOf(place), Feature.DATABASE.accesses()));
    strategy.prometheus().ifPresent(source -> AccessCheck.proxy(cluster, source.url()));
    for (int attempt = 1; true; attempt++) {
      try {
        return asItIsNow();
      } catch (ClusterException.Conflict e) {
        // A status that moved between the survey and the dry run, most often.
        if (attempt == TRIES) {
          throw RefusedError.of(
              "somebody keeps changing what would be released: " + e.getMessage(),
              "Wait until it is at rest, then run the same command again");
        }
      }
    }
  }

  private Ready asItIsNow() {
    Journal journal = new Journal(ports.cluster(), namespace, strategy.service());
    Journal.Entry entry = new Journal(cluster, namespace, strategy.service()).readToWrite();
    unfinished(entry);
    Survey survey = survey(entry);
    Prepared prepared = contract ? contract(survey) : release(survey);
    if (!prepared.unchanged()) {
      AccessCheck.check(cluster, namespace, Feature.besides(prepared.release()));
      Feature.elsewhere(prepared.release())
          .forEach((where, needed) -> AccessCheck.check(cluster, where, needed));
      RolloutState state =
          RolloutState.begin(prepared.release(), ports.time().now(), 1, ports.nonce());
      DryRuns.check(cluster, Rehearsal.writes(state, survey, prepared.materials()));
    }
    return new Ready(prepared, journal, entry);
  }

  private static String placeOf(String place) {
    return place.substring(0, place.indexOf('/'));
  }

  private Prepared release(Survey survey) {
    Optional<Deployment> stable = Preflight.stable(strategy, survey);
    Optional<MetricNames> names = new MetricsCheck(ports, strategy).names(survey, stable);
    return Preflight.prepare(strategy, survey, names);
  }

  private Prepared contract(Survey survey) {
    Contracts.of(strategy);
    Map<String, Doc> others = new LinkedHashMap<>();
    for (String user : strategy.migration().orElseThrow().sharing().users()) {
      others.put(user, workload(user));
    }
    return Contracts.prepare(strategy, survey, others);
  }

  /** Somebody else on the database, whatever kind it is of. */
  private Doc workload(String user) {
    int slash = user.indexOf('/');
    String where = slash < 0 ? namespace : user.substring(0, slash);
    String name = user.substring(slash + 1);
    AccessCheck.check(cluster, where, Feature.CONTRACT.accesses());
    return Contracts.kinds().stream()
        .flatMap(kind -> cluster.get(new Ref(kind, where, name)).stream())
        .findFirst()
        .orElseThrow(
            () ->
                RefusedError.of(
                    "sharedBy names "
                        + user
                        + ", but there is no "
                        + String.join(", ", Contracts.kinds().stream().map(Kind::kind).toList())
                        + " "
                        + name
                        + " in namespace "
                        + where,
                    "Correct the name, or take it out if it is gone for good."));
  }

  private Survey survey(Journal.Entry entry) {
    Survey survey = new Surveyor(cluster, namespace).survey(strategy, entry);
    boolean empty = survey.services().isEmpty() && survey.deployments().isEmpty();
    if (empty) {
      NamespaceCheck.check(cluster, namespace);
    }
    return survey;
  }

  /** A release that is not over holds the target, whether its driver lives or not. */
  private void unfinished(Journal.Entry entry) {
    if (entry.state().isEmpty() && entry.damage().isEmpty()) {
      return;
    }
    Doc lease =
        cluster.get(new LeaseKeeper(ports, namespace, strategy.service()).ref()).orElse(Doc.EMPTY);
    String holder = LeaseKeeper.holder(lease);
    boolean alive = LeaseKeeper.looksAlive(lease, ports.time().now());
    String revision = entry.state().map(one -> " revision " + one.release().revision()).orElse("");
    String who =
        alive
            ? "is being released by " + LeaseKeeper.name(holder) + ","
            : "has an unfinished release without a driver,";
    throw new HeldError(
        strategy.service()
            + " "
            + who
            + revision
            + ".  Watch it: rollout status "
            + strategy.service()
            + "   Roll it back: rollout rollback "
            + strategy.service()
            + (alive
                ? ""
                : ", or --replace   Go on with it: rollout resume " + strategy.service()));
  }
}
