package rollout.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.document.Doc;
import rollout.model.Deployment;
import rollout.model.ManifestDoc;
import rollout.model.MetricNames;
import rollout.model.Near;
import rollout.model.RefusedError;
import rollout.model.ReplicaSet;
import rollout.model.Selector;
import rollout.model.Service;
import rollout.plan.Release.Contender;
import rollout.plan.Release.PreviewService;
import rollout.plan.Release.Shifting;
import rollout.plan.Release.Stable;
import rollout.plan.Release.Steered;
import rollout.plan.Release.Terms;
import rollout.strategy.Candidate;
import rollout.strategy.Migration;
import rollout.strategy.Strategy;

/**
 * Row 0, as far as reading can tell: whether a release could go through and back, and with which
 * names. Throws all reasons against it at once; nothing has been written.
 */
public final class Preflight {
  private final Strategy strategy;
  private final Survey survey;
  private final Optional<MetricNames> metricNames;
  private final Findings findings = new Findings();
  private Optional<Release.Scaler> scaler = Optional.empty();

  private Preflight(Strategy strategy, Survey survey, Optional<MetricNames> metricNames) {
    this.strategy = strategy;
    this.survey = survey;
    this.metricNames = metricNames;
  }

  /**
   * The release with real names.
   *
   * @throws RefusedError with every reason against it
   * @throws rollout.model.HeldError when another release holds the Deployment
   */
  public static Prepared prepare(
      Strategy strategy, Survey survey, Optional<MetricNames> metricNames) {
    version(survey.version());
    return new Preflight(strategy, survey, metricNames).prepare();
  }

  /**
   * To be asked before anything else: an older server may not even know the questions.
   *
   * @param version of the API server, {@code 1.35}
   * @throws RefusedError when the server is too old
   */
  public static void version(String version) {
    if (!Versions.atLeast(version, Versions.OLDEST_MINOR)) {
      throw RefusedError.of(
          "the API server is of version "
              + version
              + "; rollout needs Kubernetes 1."
              + Versions.OLDEST_MINOR
              + " or newer",
          "Upgrade the cluster, or check --context");
    }
  }

  /** Whether a document is a hook of Helm's or Argo CD's: made for a while, never compared. */
  public static boolean isHook(ManifestDoc document) {
    return Hooks.isHook(document);
  }

  /**
   * The Deployment that serves, for reading more about it before the rest is judged; empty: a first
   * release.
   */
  public static Optional<Deployment> stable(Strategy strategy, Survey survey) {
    return isInstall(strategy, survey)
        ? Optional.empty()
        : Optional.of(StableFinder.find(strategy, survey, ServiceRules.target(strategy, survey)));
  }

  private static boolean isInstall(Strategy strategy, Survey survey) {
    return strategy.candidate().orElse(null) instanceof Candidate.Manifests manifests
        && Templates.deployment(manifests)
            .filter(
                one -> survey.deployment(one.object().textOrEmpty("metadata", "name")).isEmpty())
            .isPresent()
        && survey
            .service(strategy.service())
            .map(
                service ->
                    survey.pods().stream()
                        .noneMatch(pod -> service.selector().selects(pod.labels())))
            .orElse(true);
  }

  private Prepared prepare() {
    Candidate candidate =
        strategy
            .candidate()
            .orElseThrow(
                () ->
                    RefusedError.of(
                        "nothing says what shall be released", "Give one of --image, -f, --to."));
    if (isInstall(strategy, survey)) {
      return Installs.prepare(strategy, survey, findings, terms());
    }
    Form.of(candidate).check(strategy.promotion(), findings);
    Service service = ServiceRules.target(strategy, survey);
    Deployment stable = StableFinder.find(strategy, survey, service);
    StableFinder.check(strategy, survey, stable, findings);
    boolean prepared = ServiceRules.prepared(service, stable);
    ServiceRules.sharing(strategy, survey, stable, findings);
    steered().forEach(one -> ServiceRules.gitOps(strategy, one, prepared, findings));
    steered().forEach(ServiceRules::free);
    CapacityRules.budgets(survey, stable, findings);
    CapacityRules.affinity(stable, findings);
    return switch (resolved(candidate)) {
      case Candidate.Existing existing -> swap(existing, service, stable);
      case Candidate other -> copy(other, service, stable, prepared);
    };
  }

  /** A revision that a swap brought is the user's own Deployment, not a template. */
  private Candidate resolved(Candidate candidate) {
    return candidate instanceof Candidate.Revision(int number)
            && survey.revisions().get(number) instanceof Survey.Past past
            && past.swapped()
        ? new Candidate.Existing(past.workload())
        : candidate;
  }

  private List<Service> steered() {
    List<Service> all = new ArrayList<>();
    survey.service(strategy.service()).ifPresent(all::add);
    strategy.also().forEach(name -> survey.service(name).ifPresent(all::add));
    return all;
  }

  private Prepared copy(Candidate candidate, Service service, Deployment stable, boolean prepared) {
    Hooks hooks = hooks(candidate, stable);
    Optional<Migration> migration = hooks.or(strategy.migration(), findings);
    Doc template =
        Templates.built(
            Templates.of(candidate, survey, stable),
            candidate instanceof Candidate.Image ? migration.map(Migration::schema).orElse(0L) : 0);
    int revision = survey.nextRevision();
    refusedBefore(template);
    CapacityRules.quotas(
        survey, template, ShiftingRules.most(strategy.canary(), stable.replicas()), findings);
    Doc copy = Made.copy(stable, template, service.name(), revision, prepared);
    scaler = ScalerRules.of(strategy, survey, stable, Optional.empty(), findings);
    Optional<ReplicaSet> serving = serving(stable);
    Proving proving =
        Proving.of(
            migration, hooks, strategy, survey, template, stable, serving, prepared, findings);
    String hash = serving.map(ReplicaSet::hash).orElse("");
    List<Steered> steered =
        steered().stream().map(one -> Selectors.copy(one, hash, revision, prepared)).toList();
    Map<String, String> labels = new Deployment(copy).podLabels();
    ServiceRules.candidate(strategy, survey, steered, stable, labels, findings);
    Optional<Shifting> shifting =
        ShiftingRules.shifting(strategy, survey, findings, stable, steered, new Deployment(copy));
    Release release =
        release(
            Form.COPY,
            StableFinder.described(survey, stable, serving, true),
            new Contender(
                copy.textOrEmpty("metadata", "name"),
                "",
                0,
                hashOf(template),
                Templates.images(template)),
            steered,
            proving,
            ConfigNames.shared(template, stable.template()),
            shifting);
    boolean unchanged =
        serves(stable, serving, hashOf(template))
            && (!proving.jobs().migrates() || proving.jobs().hasMigrated())
            && !strategy.permissions().force();
    findings.check();
    return new Prepared(
        release,
        materials(Optional.of(copy), service, release, proving, template),
        findings.warnings(),
        unchanged);
  }

  /** Stable may be stuck on a newest template that does not serve at all. */
  private boolean serves(Deployment stable, Optional<ReplicaSet> serving, String template) {
    return template.equals(stable.templateHash())
        && serving
            .filter(set -> set.templateHash().equals(template))
            .filter(set -> !survey.readyOf(set).isEmpty())
            .isPresent();
  }

  private static String hashOf(Doc template) {
    return new Deployment(Doc.of("spec", Doc.of("template", template))).templateHash();
  }

  private Prepared swap(Candidate.Existing existing, Service service, Deployment stable) {
    Deployment other =
        survey
            .deployment(existing.deployment())
            .orElseThrow(
                () ->
                    RefusedError.of(
                        "there is no Deployment "
                            + existing.deployment()
                            + " in namespace "
                            + survey.namespace(),
                        Near.hint(
                            existing.deployment(),
                            survey.deployments().stream().map(Deployment::name).toList(),
                            "See: kubectl get deployments")));
    if (other.uid().equals(stable.uid())) {
      return Swaps.unchanged(survey, service, stable, terms());
    }
    boolean within = service.selector().selects(other.podLabels());
    Swaps.check(strategy, survey, service, other, within, findings);
    scaler = ScalerRules.of(strategy, survey, stable, Optional.of(other), findings);
    refusedBefore(other.template());
    CapacityRules.quotas(
        survey, other.template(), Math.max(0, stable.replicas() - other.replicas()), findings);
    Optional<ReplicaSet> serving = serving(stable);
    Proving proving =
        Proving.of(
            Hooks.NONE.or(strategy.migration(), findings),
            Hooks.NONE,
            strategy,
            survey,
            other.template(),
            stable,
            serving,
            false,
            findings);
    // Stable's fresh pod carries its labels, so it would be let in too.
    boolean pinned = within || proving.freshCopy().isPresent();
    String hash = serving.map(ReplicaSet::hash).orElse("");
    List<Steered> steered = new ArrayList<>();
    for (Service one : steered()) {
      Selectors.swap(one, survey, other, hash, pinned)
          .ifPresentOrElse(
              steered::add,
              () ->
                  findings.refuse(
                      "no labels tell the pods of " + other.name() + " from all others",
                      "Give its template a label of its own, such as version: blue."));
    }
    Optional<Shifting> shifting =
        ShiftingRules.shifting(strategy, survey, findings, stable, steered, other);
    findings.check();
    Release release =
        release(
            Form.SWAP,
            StableFinder.described(survey, stable, serving, pinned),
            new Contender(
                other.name(),
                other.uid(),
                other.replicas(),
                other.templateHash(),
                Templates.images(other.template())),
            steered,
            proving,
            ConfigNames.shared(other.template(), stable.template()),
            shifting);
    return new Prepared(
        release,
        materials(Optional.empty(), service, release, proving, other.template()),
        findings.warnings(),
        false);
  }

  private Hooks hooks(Candidate candidate, Deployment stable) {
    if (!(candidate instanceof Candidate.Manifests manifests)) {
      return Hooks.NONE;
    }
    ManifestRules.check(manifests, survey, stable, findings);
    return Hooks.of(manifests, false, findings);
  }

  private Optional<ReplicaSet> serving(Deployment stable) {
    // The findings about it are in already.
    return StableFinder.serving(strategy, survey, stable, new Findings());
  }

  private void refusedBefore(Doc template) {
    String why = survey.refused().get(hashOf(template));
    if (why != null && !strategy.permissions().force()) {
      findings.refuse(
          "the same version went back before, " + why, "To release it again all the same: --force");
    }
  }

  private Release release(
      Form form,
      Stable stable,
      Contender candidate,
      List<Steered> services,
      Proving proving,
      Release.Configs configs,
      Optional<Shifting> shifting) {
    proving.jobs().check(findings);
    return new Release(
        survey.namespace(),
        survey.nextRevision(),
        form,
        strategy
            .candidate()
            .filter(Candidate.Revision.class::isInstance)
            .map(one -> ((Candidate.Revision) one).number()),
        stable,
        candidate,
        services,
        preview(),
        proving.database(),
        proving.jobs().name(JobRole.SMOKE),
        configs,
        shifting,
        scaler,
        terms());
  }

  private Optional<PreviewService> preview() {
    Optional<String> name = strategy.preview();
    if (name.isEmpty() && strategy.smoke().isPresent()) {
      name = Optional.of(Made.copyName(strategy.service(), survey.nextRevision()));
    }
    return name.map(
        one ->
            survey
                .service(one)
                .map(live -> new PreviewService(one, live.uid(), live.selector()))
                .orElseGet(() -> new PreviewService(one, "", new Selector(Map.of()))));
  }

  private Materials materials(
      Optional<Doc> deployment, Service service, Release release, Proving proving, Doc template) {
    int revision = release.revision();
    Optional<Doc> preview =
        release
            .preview()
            .filter(PreviewService::made)
            .map(one -> Made.preview(service, one.name(), revision, release.target().candidate()));
    return new Materials(
        deployment,
        proving.freshCopy(),
        proving.jobs().made(),
        Optional.empty(),
        preview,
        proving.jobs().helpers(),
        Beside.of(release, service, survey),
        release
            .given()
            .flatMap(ref -> GivenRoute.file(strategy))
            .map(file -> GivenRoute.object(file, survey.namespace())),
        Materials.Question.of(strategy, template));
  }

  private Terms terms() {
    return new Terms(
        strategy.hold(),
        strategy.bake(),
        strategy.checks(),
        metricNames,
        strategy.limits(),
        strategy.onNoData(),
        strategy.onUndecided(),
        strategy.permissions().noWayBack());
  }
}
