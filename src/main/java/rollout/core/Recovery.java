package rollout.core;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import rollout.document.Doc;
import rollout.model.Autoscaler;
import rollout.model.Deployment;
import rollout.model.Job;
import rollout.model.Marks;
import rollout.model.ReplicaSet;
import rollout.model.Selector;
import rollout.model.Service;
import rollout.model.Stamp;
import rollout.model.Way;
import rollout.plan.Form;
import rollout.plan.JobRole;
import rollout.plan.Release;
import rollout.plan.Release.Contender;
import rollout.plan.Release.Database;
import rollout.plan.Release.JobName;
import rollout.plan.Release.PreviewService;
import rollout.plan.Release.Proof;
import rollout.plan.Release.Scaler;
import rollout.plan.Release.Stable;
import rollout.plan.Release.Steered;
import rollout.plan.Release.Terms;
import rollout.plan.Step;
import rollout.plan.Steps;
import rollout.plan.Survey;
import rollout.plan.Templates;
import rollout.router.Route;
import rollout.router.Routers;
import rollout.strategy.Migration.OnStableBroken;
import rollout.strategy.Strategy;

/**
 * A release put together again from what the live objects say, for when no journal tells: the state
 * on the Services, the claims, the selectors, and what carries the target's label. What only the
 * journal knew (checks, times, a hold) is as if nobody had asked for it.
 */
public final class Recovery {
  private static final String PREVIEW = "preview";

  private final Survey survey;
  private final Service target;
  private final List<Service> steered;
  private final Doc state;
  private final Doc claim;
  private final List<Deployment> copies;
  private final Optional<Autoscaler> scaler;

  private Recovery(Survey survey, Service target) {
    this.survey = survey;
    this.target = target;
    this.steered = steered(survey, target);
    this.state = newest(steered.stream().map(Service::state).toList());
    this.scaler =
        survey.scalers().stream()
            .filter(one -> one.state().textOrEmpty("target").equals(target.name()))
            .findFirst();
    // What is left on a scaler tells as much as a claim.
    this.claim =
        newest(
            Stream.concat(
                    survey.deployments().stream().map(Deployment::claim),
                    scaler.map(Autoscaler::state).stream())
                .filter(one -> one.textOrEmpty("target").equals(target.name()))
                .toList());
    this.copies = survey.deployments().stream().filter(this::isCopy).toList();
  }

  /**
   * Where a release of this target stands, by its objects.
   *
   * @return empty when no object carries anything of one
   */
  public static Optional<RolloutState> of(Survey survey, String target, Instant now) {
    return survey
        .service(target)
        .map(service -> new Recovery(survey, service))
        .filter(Recovery::isThere)
        .map(recovery -> recovery.state(now));
  }

  private static List<Service> steered(Survey survey, Service target) {
    List<Service> all = new ArrayList<>(List.of(target));
    survey.services().stream()
        .filter(one -> !one.name().equals(target.name()))
        .filter(one -> one.state().textOrEmpty("target").equals(target.name()))
        .filter(one -> !one.state().textOrEmpty("phase").equals(PREVIEW))
        .forEach(all::add);
    return List.copyOf(all);
  }

  private static Doc newest(List<Doc> stamped) {
    return stamped.stream()
        .filter(one -> !one.isEmpty())
        .max(Comparator.comparingLong(one -> Stamp.in(one).epoch()))
        .orElse(Doc.EMPTY);
  }

  /** A first release carries the label too, but its pods go by the user's selector. */
  private boolean isCopy(Deployment live) {
    return Managers.madeBy(live.doc(), target.name())
        && live.doc().has("spec", "selector", "matchLabels", Marks.REVISION);
  }

  private boolean isThere() {
    return !state.isEmpty()
        || !claim.isEmpty()
        || !copies.isEmpty()
        || freshCopies().findAny().isPresent()
        || preview().isPresent()
        || !leftOver().isEmpty()
        || !stripped(target.selector()).equals(target.selector());
  }

  /** A selector without what only a release puts into it. */
  private static Selector stripped(Selector selector) {
    Map<String, String> labels = new java.util.TreeMap<>(selector.labels());
    labels.remove(Selector.TEMPLATE_HASH);
    labels.remove(Marks.REVISION);
    return new Selector(labels);
  }

  private RolloutState state(Instant now) {
    Release release = release();
    Stamp stamp = Stamp.in(state.isEmpty() ? claim : state);
    RolloutState begun =
        RolloutState.begin(
            release, now, stamp.epoch(), stamp.by().isEmpty() ? "nobody" : stamp.by());
    Optional<Deployment> candidate = survey.deployment(release.candidate().name());
    RolloutState made =
        candidate.map(live -> begun.made("Deployment/" + live.name(), live.uid())).orElse(begun);
    RolloutState scaled =
        scaler
            .flatMap(live -> live.state().text("raised"))
            .filter(raised -> !raised.equals(ScalerWrites.ABSENT))
            .map(raised -> made.noting(ScalerSteps.FLOOR, raised))
            .orElse(made);
    return placed(scaled, release, now);
  }

  /** The step and the way that the state on the Services tells. */
  private RolloutState placed(RolloutState made, Release release, Instant now) {
    Set<String> phases = new HashSet<>();
    steered.forEach(one -> phases.add(one.state().textOrEmpty("phase")));
    boolean back =
        Stream.of(state, claim)
            .filter(one -> !one.isEmpty())
            .anyMatch(one -> Stamp.in(one).way() == Way.BACK);
    if (back && phases.contains("settle")) {
      return goingBack(made, Step.SettleStable.class, now);
    }
    if (back) {
      boolean touched = steered.stream().anyMatch(this::moved);
      return goingBack(made, touched ? Step.Bake.class : Step.Claim.class, now);
    }
    RolloutState settling = made.noting(SettleSteps.EPOCH_RAISED, "yes");
    if (phases.contains("settled")) {
      return release.form() == Form.SWAP
          ? at(settling, Step.Drain.class)
          : at(settling.noting(SettleSteps.NEW_HASH, settledHash()), Step.SwitchToStable.class);
    }
    if (phases.contains("settle")) {
      return at(settling, Step.SettleStable.class);
    }
    // Without the journal nobody knows the shares that were asked for; only the way back matters.
    if (phases.contains("switched") || phases.contains(CanarySteps.BOTH)) {
      return at(made, Step.Bake.class);
    }
    return phases.contains("pinned") ? at(made, Step.Verify.class) : at(made, Step.Claim.class);
  }

  /** Whether its selector is, or was when it was stamped, another than before the release. */
  private boolean moved(Service live) {
    return !live.selector().equals(stripped(live.selector()))
        || !new Selector(live.state().texts("now"))
            .equals(new Selector(live.state().texts("original")));
  }

  private String settledHash() {
    return target.selector().labels().getOrDefault(Selector.TEMPLATE_HASH, "");
  }

  private static RolloutState at(RolloutState state, Class<? extends Step> kind) {
    List<Step> steps = Steps.forward(state.release());
    for (int i = 0; i < steps.size(); i++) {
      if (kind.isInstance(steps.get(i))) {
        return state.at(i);
      }
    }
    throw new IllegalArgumentException("no step " + kind.getSimpleName());
  }

  private static RolloutState goingBack(
      RolloutState made, Class<? extends Step> leftIn, Instant now) {
    Sight left = new Sight(at(made, leftIn), Observation.nothing(now));
    return Turning.back(left, Cause.PERSON, Turning.BEFORE).next();
  }

  // ---- the release

  private Release release() {
    int revision = (int) (state.isEmpty() ? claim : state).number(revisionOfCopies(), "revision");
    Form form = form((state.isEmpty() ? claim : state).textOrEmpty("promotion"));
    Stable stable = stable(form);
    return new Release(
        survey.namespace(),
        revision,
        form,
        Optional.empty(),
        stable,
        candidate(stable, form, revision),
        steered.stream().map(one -> steered(one, stable, revision)).toList(),
        preview(),
        database(revision),
        Optional.empty(),
        Release.Configs.NONE,
        shifting(),
        scaler.map(Recovery::scaler),
        terms());
  }

  /** A word that nobody knows is no reason to leave the traffic where it is. */
  private static Form form(String word) {
    return Stream.of(Form.values())
        .filter(one -> one.word().equals(word))
        .findFirst()
        .orElse(Form.COPY);
  }

  /**
   * The routes that the target's state or the claim names; else what a router was given of ours.
   */
  private Optional<Release.Shifting> shifting() {
    Optional<Doc> told =
        Stream.of(target.state(), claim)
            .map(one -> one.doc("shifting"))
            .filter(one -> !one.isEmpty())
            .findFirst();
    if (told.isPresent()) {
      return told.map(ShiftingText::readShifting);
    }
    List<Route> left = leftOver();
    return left.isEmpty()
        ? Optional.empty()
        : Optional.of(new Release.Shifting(List.of(), left, Optional.empty(), Optional.empty()));
  }

  /** Made for this target by whoever was late; nothing else tells of it. */
  private List<Route> leftOver() {
    return survey.landscape().stream()
        .flatMap(landscape -> landscape.objects().entrySet().stream())
        .flatMap(
            kind ->
                kind.getValue().stream()
                    .filter(doc -> Managers.madeBy(doc, target.name()))
                    .flatMap(doc -> Routers.made(kind.getKey(), doc, target.name()).stream()))
        .toList();
  }

  private static Scaler scaler(Autoscaler live) {
    Doc state = live.state();
    return new Scaler(
        live.kind(),
        live.name(),
        live.uid(),
        state.text("floor").filter(floor -> !floor.equals(ScalerWrites.ABSENT)),
        state.textOrEmpty("sizes").equals(Scaler.Sizes.STABLE.name())
            ? Scaler.Sizes.STABLE
            : Scaler.Sizes.SERVING);
  }

  private int revisionOfCopies() {
    return copies.stream()
        .map(one -> one.doc().texts("metadata", "labels").getOrDefault(Marks.REVISION, "0"))
        .filter(text -> text.matches("\\d{1,9}"))
        .mapToInt(Integer::parseInt)
        .max()
        .orElse(Math.max(1, survey.nextRevision() - 1));
  }

  private Stable stable(Form form) {
    String name =
        state
            .text("stable", "name")
            .or(() -> claim.text("stable"))
            .or(() -> behind().map(Deployment::name))
            .orElse(target.name());
    Optional<Deployment> live = survey.deployment(name);
    Optional<ReplicaSet> set = live.flatMap(this::setThatServed);
    Selector original = original(target);
    boolean pinned = form != Form.SWAP || !new Selector(state.texts("pinned")).equals(original);
    return new Stable(
        name,
        live.map(Deployment::uid).orElse(state.textOrEmpty("stable", "uid")),
        (int) state.number(live.map(Deployment::replicas).orElse(1), "stable", "replicas"),
        set.map(ReplicaSet::hash).orElse(""),
        set.map(ReplicaSet::name).orElse(""),
        set.map(ReplicaSet::uid).orElse(""),
        set.map(ReplicaSet::templateHash).orElse(""),
        true,
        pinned,
        set.map(one -> Templates.images(one.template())).orElse(List.of()));
  }

  /** The Deployment that the Service means when nothing else tells: no copy of ours. */
  private Optional<Deployment> behind() {
    Selector original = original(target);
    return survey.deployments().stream()
        .filter(one -> !isCopy(one) && original.selects(one.podLabels()))
        .max(Comparator.comparingInt(one -> survey.podsOf(one).size()));
  }

  private Optional<ReplicaSet> setThatServed(Deployment live) {
    List<ReplicaSet> sets = survey.setsOf(live);
    String named = state.textOrEmpty("stable", "replicaSet");
    String hash = target.selector().labels().getOrDefault(Selector.TEMPLATE_HASH, "");
    return first(sets, set -> set.name().equals(named))
        .or(() -> first(sets, set -> set.hash().equals(hash)))
        .or(
            () ->
                sets.stream()
                    .filter(set -> !survey.readyOf(set).isEmpty())
                    .max(Comparator.comparingInt(set -> survey.readyOf(set).size())))
        .or(() -> first(sets, set -> set.runs(live)));
  }

  private static Optional<ReplicaSet> first(
      List<ReplicaSet> sets, java.util.function.Predicate<ReplicaSet> fits) {
    return sets.stream().filter(fits).findFirst();
  }

  private Contender candidate(Stable stable, Form form, int revision) {
    String name =
        state
            .text("candidate", "name")
            .or(() -> claim.text("candidate"))
            .or(() -> copies.stream().map(Deployment::name).findFirst())
            .orElse(stable.name() + "-r" + revision);
    Optional<Deployment> live = survey.deployment(name);
    Doc template =
        live.map(Deployment::template)
            .orElse(Doc.EMPTY)
            .without("metadata", "labels", Marks.REVISION);
    return new Contender(
        name,
        form == Form.SWAP
            ? live.map(Deployment::uid).orElse(state.textOrEmpty("candidate", "uid"))
            : "",
        (int) state.number(live.map(Deployment::replicas).orElse(0), "candidate", "replicas"),
        new Deployment(Doc.of("spec", Doc.of("template", template))).templateHash(),
        Templates.images(template));
  }

  private static Selector original(Service live) {
    return live.state().isEmpty()
        ? stripped(live.selector())
        : new Selector(live.state().texts("original"));
  }

  private Steered steered(Service live, Stable stable, int revision) {
    Selector original = original(live);
    if (!live.state().isEmpty()) {
      return new Steered(
          live.name(),
          live.uid(),
          original,
          new Selector(live.state().texts("pinned")),
          new Selector(live.state().texts("switched")));
    }
    return new Steered(
        live.name(),
        live.uid(),
        original,
        stable.pinned() && !stable.hash().isEmpty()
            ? original.and(Selector.TEMPLATE_HASH, stable.hash())
            : original,
        original.and(Marks.REVISION, String.valueOf(revision)));
  }

  /** One that we made goes; one of the user's has its selector from its state. */
  private Optional<PreviewService> preview() {
    return survey.services().stream()
        .filter(one -> !one.name().equals(target.name()))
        .filter(
            one ->
                Managers.madeBy(one.doc(), target.name())
                    || (one.state().textOrEmpty("target").equals(target.name())
                        && one.state().textOrEmpty("phase").equals(PREVIEW)))
        .findFirst()
        .map(
            one ->
                new PreviewService(
                    one.name(),
                    Managers.madeBy(one.doc(), target.name()) ? "" : one.uid(),
                    new Selector(one.state().texts("original"))));
  }

  private Database database(int revision) {
    Optional<Proof> proof =
        freshCopies()
            .findFirst()
            .map(
                live ->
                    new Proof(
                        Optional.of(live.name()),
                        Optional.empty(),
                        Duration.ZERO,
                        OnStableBroken.HOLD));
    return new Database(
        migration(revision),
        List.of(),
        proof,
        Optional.empty(),
        Optional.empty(),
        "",
        0,
        survey.schema(),
        survey.schema());
  }

  /** What a fresh pod of stable proved itself in. */
  private Stream<Deployment> freshCopies() {
    return survey.deployments().stream().filter(one -> FreshCopy.isOne(one, target.name()));
  }

  private Optional<JobName> migration(int revision) {
    String tail = "-r" + revision + "-" + JobRole.MIGRATE.word();
    return survey.jobs().stream()
        .filter(job -> job.name().endsWith(tail))
        .findFirst()
        .map((Job job) -> new JobName(job.name(), job.specHash()));
  }

  private Terms terms() {
    Strategy plain = Strategy.of(target.name(), survey.namespace());
    return new Terms(
        false,
        Duration.ZERO,
        List.of(),
        Optional.empty(),
        plain.limits(),
        plain.onNoData(),
        plain.onUndecided(),
        false);
  }
}
