package rollout.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.core.HistoryEntry;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Deployment;
import rollout.model.Job;
import rollout.model.Kind;
import rollout.model.ManifestDoc;
import rollout.model.Marks;
import rollout.model.Pod;
import rollout.model.Query;
import rollout.model.Ref;
import rollout.model.RefusedError;
import rollout.model.ReplicaSet;
import rollout.model.Schema;
import rollout.model.Service;
import rollout.plan.Feature;
import rollout.plan.GivenRoute;
import rollout.plan.Preflight;
import rollout.plan.Survey;
import rollout.port.Cluster;
import rollout.port.Cluster.Send;
import rollout.port.ClusterException;
import rollout.router.Landscape;
import rollout.strategy.Canary;
import rollout.strategy.Candidate;
import rollout.strategy.RouteFile;
import rollout.strategy.Strategy;

/** Reads what the preflight judges. Writes nothing. */
final class Surveyor {
  private final Cluster cluster;
  private final String namespace;

  Surveyor(Cluster cluster, String namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  Survey survey(Strategy strategy, Journal.Entry journal) {
    Survey survey =
        new Survey(
            namespace,
            cluster.version(),
            all(Kind.SERVICE).stream().map(Service::new).toList(),
            all(Kind.DEPLOYMENT).stream().map(Deployment::new).toList(),
            all(Kind.REPLICA_SET).stream().map(ReplicaSet::new).toList(),
            all(Kind.POD).stream().map(Pod::new).toList(),
            all(Kind.AUTOSCALER),
            all(Kind.SCALED_OBJECT),
            all(Kind.DISRUPTION_BUDGET),
            all(Kind.RESOURCE_QUOTA),
            cluster
                .list(Query.labelled(Kind.JOB, namespace, Map.of(Marks.TARGET, strategy.service())))
                .stream()
                .map(Job::new)
                .toList(),
            live(strategy),
            Optional.empty(),
            journal.lastRevision() + 1,
            refused(journal.history()),
            revisions(journal.history()),
            journal.history().stream()
                .map(HistoryEntry::schema)
                .reduce(Schema.UNKNOWN, (one, other) -> one.after(other.head(), other.floor())),
            strategy
                .canary()
                .filter(canary -> !canary.router().equals(Canary.REPLICAS))
                .map(
                    canary ->
                        new LandscapeReader(cluster, namespace, canary).read(strategy.service())),
            Optional.empty());
    return given(strategy, defaulted(strategy, survey));
  }

  /** The route of the file as the server completes it; among the others, where it is to be made. */
  private Survey given(Strategy strategy, Survey survey) {
    if (survey.landscape().isEmpty() || GivenRoute.file(strategy).isEmpty()) {
      return survey;
    }
    RouteFile file = GivenRoute.file(strategy).get();
    Ref ref = GivenRoute.ref(file, namespace);
    Landscape landscape = survey.landscape().get();
    if (!landscape.serves(ref.kind())) {
      throw RefusedError.of(
          "the cluster does not know %s (%s) of %s"
              .formatted(ref.kind(), ref.kind().apiVersion(), file.place()),
          "Install its router first, or give a route of one that is there.");
    }
    Optional<Doc> live = GivenRoute.in(landscape, ref);
    if (live.isPresent()) {
      return asInFile(file, ref, live.get()).map(survey::withGiven).orElse(survey);
    }
    AccessCheck.check(cluster, namespace, Feature.making(ref.kind()));
    try {
      Doc completed = cluster.create(ref.kind(), GivenRoute.object(file, namespace), Send.DRY_RUN);
      Doc route = GivenRoute.unstored(completed);
      return survey.withGiven(route).with(GivenRoute.with(landscape, ref.kind(), route));
    } catch (ClusterException.Invalid | ClusterException.Forbidden e) {
      throw RefusedError.of(
          "the cluster would refuse " + ref + " of " + file.place() + ": " + e.getMessage(), "");
    }
  }

  /** What is there with the spec of the file; empty: the server would not have it. */
  private Optional<Doc> asInFile(RouteFile file, Ref ref, Doc live) {
    Patch patch =
        Patch.at(live.textOrEmpty("metadata", "resourceVersion"))
            .put(file.object().doc("spec"), "spec");
    try {
      return Optional.of(cluster.patch(ref, patch, Send.DRY_RUN));
    } catch (ClusterException.Invalid | ClusterException.Forbidden e) {
      return Optional.empty();
    }
  }

  private List<Doc> all(Kind kind) {
    return cluster.list(Query.all(kind, namespace));
  }

  private Map<String, Doc> live(Strategy strategy) {
    Map<String, Doc> found = new LinkedHashMap<>();
    if (strategy.candidate().orElse(null) instanceof Candidate.Manifests manifests) {
      for (ManifestDoc document : manifests.documents()) {
        if (!Preflight.isHook(document)) {
          live(document).ifPresent(live -> found.put(key(document), live));
        }
      }
    }
    return found;
  }

  private Optional<Doc> live(ManifestDoc document) {
    String kind = document.object().textOrEmpty("kind");
    String name = document.object().textOrEmpty("metadata", "name");
    try {
      return cluster
          .kind(document.object().textOrEmpty("apiVersion"), kind)
          .flatMap(known -> cluster.get(new Ref(known, namespace, name)));
    } catch (ClusterException.Forbidden e) {
      throw RefusedError.of(
          document.place()
              + ": no permission to read "
              + key(document)
              + ", so nobody can tell whether it is in the cluster as it stands there",
          "Leave it out of what is given with -f, or grant get on it.");
    }
  }

  private static String key(ManifestDoc document) {
    return document.object().textOrEmpty("kind")
        + "/"
        + document.object().textOrEmpty("metadata", "name");
  }

  /** The manifests' template as the server would complete it: only then "equal" means something. */
  private Survey defaulted(Strategy strategy, Survey survey) {
    if (!(strategy.candidate().orElse(null) instanceof Candidate.Manifests manifests)) {
      return survey;
    }
    Optional<Deployment> stable = Preflight.stable(strategy, survey);
    Optional<Doc> template =
        manifests.documents().stream()
            .filter(document -> document.object().textOrEmpty("kind").equals("Deployment"))
            .findFirst()
            .map(document -> document.object().doc("spec", "template"));
    if (stable.isEmpty() || template.isEmpty()) {
      return survey;
    }
    try {
      Patch patch = Patch.at(stable.get().version()).put(template.get(), "spec", "template");
      return survey.withDefaulted(
          new Deployment(cluster.patch(stable.get().ref(), patch, Send.DRY_RUN)).template());
    } catch (ClusterException.Invalid e) {
      throw RefusedError.of("the cluster would refuse the new template: " + e.getMessage(), "");
    }
  }

  private static Map<String, String> refused(List<HistoryEntry> history) {
    Map<String, String> refused = new LinkedHashMap<>();
    for (HistoryEntry entry : history) {
      if (entry.healthVerdict()) {
        refused.put(
            entry.templateHash(), "in revision " + entry.revision() + ": " + entry.reason());
      } else if (Journal.good(entry)) {
        refused.remove(entry.templateHash());
      }
    }
    return refused;
  }

  private static Map<Integer, Survey.Past> revisions(List<HistoryEntry> history) {
    Map<Integer, Survey.Past> past = new LinkedHashMap<>();
    history.stream()
        .filter(Journal::good)
        .forEach(
            entry ->
                past.put(
                    entry.revision(),
                    new Survey.Past(
                        entry.replicaSet(),
                        entry.kind().equals("swap"),
                        entry.outcome(),
                        entry.built())));
    return past;
  }
}
