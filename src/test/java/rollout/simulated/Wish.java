package rollout.simulated;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.document.Doc;
import rollout.migration.PresetJob;
import rollout.model.Check;
import rollout.model.ManifestDoc;
import rollout.model.Match;
import rollout.model.Measure;
import rollout.sim.Manifests;
import rollout.sim.World;
import rollout.strategy.Canary;
import rollout.strategy.Candidate;
import rollout.strategy.JobFile;
import rollout.strategy.Migration;
import rollout.strategy.Migration.Compatibility;
import rollout.strategy.Preset;
import rollout.strategy.RouteFile;
import rollout.strategy.Strategy;
import rollout.strategy.Strategy.Limits;
import rollout.strategy.Strategy.OnMissing;
import rollout.strategy.Strategy.Permissions;

/** A release of the shop, put together bit by bit; without more words: the new image, 30 s bake. */
public final class Wish {
  private Candidate candidate = new Candidate.Image(Map.of("", Scene.NEW));
  private final List<String> also = new ArrayList<>();
  private final List<String> ignored = new ArrayList<>();
  private Optional<Migration> migration = Optional.empty();
  private Optional<JobFile> smoke = Optional.empty();
  private Optional<String> preview = Optional.empty();
  private final List<Check> checks = new ArrayList<>();
  private boolean hold;
  private Duration bake = Duration.ofSeconds(30);
  private Limits limits =
      new Limits(
          Duration.ofMinutes(2),
          Duration.ofMinutes(5),
          Duration.ofMinutes(2),
          Duration.ofMinutes(2),
          Optional.empty(),
          Duration.ZERO);
  private OnMissing onNoData = OnMissing.HOLD;
  private OnMissing onUndecided = OnMissing.HOLD;
  private Permissions permissions = Permissions.NONE;
  private Optional<Canary> canary = Optional.empty();

  /** Another image of the same Deployment. */
  public Wish image(String image) {
    candidate = new Candidate.Image(Map.of("", image));
    return this;
  }

  /** A Deployment that exists. */
  public Wish to(String deployment) {
    candidate = new Candidate.Existing(deployment);
    return this;
  }

  /** Manifests, as from files. */
  public Wish manifests(Doc... documents) {
    List<ManifestDoc> all = new ArrayList<>();
    for (Doc document : documents) {
      all.add(new ManifestDoc("shop.yaml:" + (1 + 40 * all.size()), document));
    }
    candidate = new Candidate.Manifests(all);
    return this;
  }

  /** Another Service that moves too. */
  public Wish also(String service) {
    also.add(service);
    return this;
  }

  /** Another Service that is left alone. */
  public Wish ignoring(String service) {
    ignored.add(service);
    return this;
  }

  /** A migration Job of one container. */
  public Wish migration() {
    return migration(Manifests.job(World.NAMESPACE, "migrate", Scene.MIGRATION, false));
  }

  /** This migration Job. */
  public Wish migration(Doc job) {
    migration = Optional.of(Migration.of(new JobFile("migrate.yaml:1", job)));
    return this;
  }

  /** A migration by this tool, in the migration's image, with files of these names. */
  public Wish tool(Preset preset, String... files) {
    PresetJob job =
        new PresetJob(preset, Scene.MIGRATION, Optional.empty(), Duration.ofMinutes(10), List.of());
    migration = Optional.of(job.migration(List.of(files)));
    return this;
  }

  /** What follows when nothing needs the old schema any more. */
  public Wish contract(long floor, String... users) {
    migration =
        migration.map(
            one ->
                one.contracted(Optional.of(new Migration.Contract(List.of("contract"), floor)))
                    .sharing(new Migration.Sharing("", List.of(users))));
    return this;
  }

  /** On a database of this name. */
  public Wish database(String name) {
    migration = migration.map(one -> one.sharing(new Migration.Sharing(name, List.of())));
    return this;
  }

  /** A smoke test against a preview of our own making. */
  public Wish smoke() {
    smoke =
        Optional.of(
            new JobFile(
                "smoke.yaml:1", Manifests.job(World.NAMESPACE, "smoke", Scene.SMOKE, false)));
    return this;
  }

  /** A preview Service. */
  public Wish preview(String service) {
    preview = Optional.of(service);
    return this;
  }

  /** At most 1 % errors. */
  public Wish errorRate() {
    checks.add(Check.of("errors", new Measure.ErrorRate(), 0.01));
    return this;
  }

  /** 99 of 100 requests within 300 ms. */
  public Wish latency() {
    checks.add(Check.of("p99", new Measure.Latency(0.99), 0.3));
    return this;
  }

  /** Waits for a person before the switch. */
  public Wish hold() {
    hold = true;
    return this;
  }

  /** How long it bakes. */
  public Wish bake(Duration time) {
    bake = time;
    return this;
  }

  /** Without data: this. */
  public Wish onNoData(OnMissing what) {
    onNoData = what;
    return this;
  }

  /** With too few requests: this. */
  public Wish onUndecided(OnMissing what) {
    onUndecided = what;
    return this;
  }

  /** An end for all of it. */
  public Wish deadline(Duration time) {
    limits =
        new Limits(
            limits.ready(),
            limits.gate(),
            limits.settle(),
            limits.noData(),
            Optional.of(time),
            limits.keepFailed());
    return this;
  }

  /** Keeps what failed. */
  public Wish keepFailed(Duration time) {
    limits =
        new Limits(
            limits.ready(),
            limits.gate(),
            limits.settle(),
            limits.noData(),
            limits.overall(),
            time);
    return this;
  }

  /** Share by share, by the pods; each watched for so long. */
  public Wish shares(Duration time, int... percents) {
    List<Canary.Stage> stages = new ArrayList<>();
    for (int percent : percents) {
      stages.add(new Canary.Weight(percent, time, List.of()));
    }
    return stages(stages);
  }

  /** Share by share, by the pods. */
  public Wish stages(List<Canary.Stage> stages) {
    return canary(stages, Canary.REPLICAS, Optional.empty());
  }

  /** Divided by a router from now on, found or of this word. */
  public Wish router(String word) {
    return canary(canary.orElseThrow().stages(), word, canary.flatMap(Canary::match));
  }

  /** Such requests to the candidate first. */
  public Wish match(Match match) {
    return canary(canary.orElseThrow().stages(), canary.orElseThrow().router(), Optional.of(match));
  }

  private Wish canary(List<Canary.Stage> stages, String router, Optional<Match> match) {
    Optional<RouteFile> route = canary.flatMap(Canary::route);
    canary = Optional.of(new Canary(stages, router, List.of(), match, Optional.empty(), route));
    return this;
  }

  /** By these routes. */
  public Wish routes(String... names) {
    Canary plain = canary.orElseThrow();
    canary =
        Optional.of(
            new Canary(
                plain.stages(),
                Canary.AUTO,
                List.of(names),
                plain.match(),
                Optional.empty(),
                plain.route()));
    return this;
  }

  /** By a route of a file, found or made. */
  public Wish route(Doc object) {
    Canary plain = canary.orElseThrow();
    RouteFile file = new RouteFile("route.yaml:1:1", object, Map.of());
    canary =
        Optional.of(
            new Canary(
                plain.stages(),
                Canary.AUTO,
                List.of(),
                plain.match(),
                Optional.empty(),
                Optional.of(file)));
    return this;
  }

  /** Goes on though no stable pod is ready. */
  public Wish noWayBack() {
    permissions = new Permissions(false, false, true, false);
    return this;
  }

  /** What stable must prove on the new schema. */
  public Wish compatibility(Compatibility compatibility, String... undo) {
    migration = migration.map(one -> one.proven(compatibility, List.of(undo)));
    return this;
  }

  /** What the migration says of itself: the newest in it, and the floor. */
  public Wish schema(long newest, long floor) {
    migration = migration.map(one -> one.numbered(newest, floor));
    return this;
  }

  /** Whether a migration was asked for. */
  public boolean migrates() {
    return migration.isPresent();
  }

  /** As the engine wants it. */
  public Strategy asked() {
    return asked("shop");
  }

  /** For another Service. */
  public Strategy asked(String service) {
    return new Strategy(
        service,
        World.NAMESPACE,
        Optional.of(candidate),
        Optional.empty(),
        also,
        ignored,
        migration,
        Optional.empty(),
        Strategy.AUTO,
        checks,
        preview,
        smoke,
        hold,
        bake,
        Optional.empty(),
        limits,
        onNoData,
        onUndecided,
        permissions,
        canary,
        List.of());
  }
}
