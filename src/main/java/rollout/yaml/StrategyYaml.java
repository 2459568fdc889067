package rollout.yaml;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import rollout.migration.MigrationFiles;
import rollout.migration.PresetJob;
import rollout.model.Check;
import rollout.model.UserError;
import rollout.strategy.Canary;
import rollout.strategy.Migration;
import rollout.strategy.Migration.Compatibility;
import rollout.strategy.Migration.OnStableBroken;
import rollout.strategy.Preset;
import rollout.strategy.PrometheusSource;
import rollout.strategy.Strategy;
import rollout.strategy.Strategy.Limits;
import rollout.strategy.Strategy.OnMissing;
import rollout.strategy.Strategy.Promotion;

/** Reads strategy files. */
public final class StrategyYaml {
  private static final SourceText.Limit LIMIT =
      new SourceText.Limit(1, 20_000, "A strategy file is a page of text; is it the right file?");

  private static final Duration DEADLINE = Duration.ofHours(1);

  private final Findings findings;
  private final LinkedFiles files;
  private final SqlFloors floors;

  private StrategyYaml(Findings findings, Path file) {
    this.findings = findings;
    this.files = new LinkedFiles(file, findings);
    this.floors = new SqlFloors(file, findings);
  }

  /**
   * Reads a strategy file, and the manifests that it names, which are looked for from its folder.
   *
   * @throws UserError with everything that is wrong, each with its place
   */
  public static Strategy read(Path file) {
    SourceText source = SourceText.read(file, LIMIT);
    Node root = onlyDocument(source);
    Findings findings = new Findings(source);
    checkHeader(findings, root);
    findings.orThrow();
    Fields fields = new ShapeReader(findings, "a strategy file", StrategyKeys.ROOT).read(root);
    StrategyYaml reader = new StrategyYaml(findings, file);
    Strategy strategy = reader.strategy(fields);
    findings.orThrow();
    return strategy;
  }

  private static Node onlyDocument(SourceText source) {
    List<Node> documents = YamlText.documents(source, LIMIT.events());
    if (documents.isEmpty()) {
      throw UserError.of(
          source.name(), "is empty.", "Begin with 'apiVersion: " + StrategyKeys.API_VERSION + "'.");
    }
    if (documents.size() > 1) {
      throw UserError.of(
          source.place(documents.get(1)),
          "a second document begins here, but a strategy file has one.",
          "Put it into a file of its own.");
    }
    return documents.getFirst();
  }

  /**
   * What another version or kind allows is not known here, so nothing else would be worth saying.
   */
  private static void checkHeader(Findings findings, Node root) {
    if (!(root instanceof MappingNode map)) {
      return;
    }
    for (NodeTuple tuple : map.getValue()) {
      String key = Seen.key(tuple.getKeyNode());
      Node value = tuple.getValueNode();
      if (!(value instanceof ScalarNode scalar) || !(Scalars.core(scalar) instanceof String said)) {
        continue;
      }
      if (key.equals("apiVersion") && said.matches("rollout/v(?!1$)[0-9].*")) {
        findings.add(
            value,
            "this rollout does not know " + Seen.cut(said) + ".",
            "Write 'apiVersion: " + StrategyKeys.API_VERSION + "', or use a newer rollout.");
      }
    }
  }

  private Strategy strategy(Fields file) {
    Optional<Fields> target = file.block("target");
    String service = target.flatMap(t -> t.text("service")).orElse("");
    Strategy defaults = Strategy.of(service, target.flatMap(t -> t.text("namespace")).orElse(""));
    boolean stepwise = file.text("kind").filter(StrategyKeys.CANARY_KIND::equals).isPresent();
    String block = stepwise ? "canary" : "blueGreen";
    kindOf(file, stepwise);
    Optional<Fields> blueGreen = file.block(block);
    checkServices(file, service, block);
    CanarySteps steps = new CanarySteps(findings, files);
    List<Check> checks = new CheckEntries(findings).read(file.list("checks"));
    Optional<Canary> canary =
        stepwise ? file.block("canary").map(one -> steps.read(one, checks)) : Optional.empty();
    return new Strategy(
        defaults.service(),
        defaults.namespace(),
        file.block("candidate").flatMap(files::candidate),
        file.text("from"),
        file.texts("also"),
        file.texts("ignore"),
        file.block("migration").flatMap(this::migration),
        file.block("prometheus").flatMap(this::prometheus),
        file.text("metrics").orElse(defaults.metricNames()),
        checks,
        blueGreen.flatMap(b -> b.text("preview")),
        blueGreen.flatMap(b -> b.block("smoke")).flatMap(files::job),
        blueGreen.map(b -> b.isTrue("hold")).orElse(defaults.hold()),
        blueGreen.flatMap(b -> b.span("bake")).orElse(defaults.bake()),
        blueGreen.flatMap(b -> b.text("promotion")).map(StrategyYaml::promotion),
        file.block("limits").map(StrategyYaml::limits).orElse(defaults.limits()),
        file.text("onNoData").map(StrategyYaml::onMissing).orElse(defaults.onNoData()),
        file.text("onUndecided").map(StrategyYaml::onMissing).orElse(defaults.onUndecided()),
        defaults.permissions(),
        canary,
        new Subscribers(findings, files).read(file.list("notify")));
  }

  /** Each kind has its own block. */
  private void kindOf(Fields file, boolean stepwise) {
    String other = stepwise ? "blueGreen" : "canary";
    if (file.says("kind") && file.says(other)) {
      findings.add(
          file.at(other),
          other + " is not for kind " + file.text("kind").orElse("?") + ".",
          stepwise
              ? "Write its keys into 'canary', or 'kind: " + StrategyKeys.KIND + "'."
              : "Write 'kind: " + StrategyKeys.CANARY_KIND + "'.");
    }
    if (stepwise && !file.says("canary")) {
      findings.add(
          file.node(),
          "'canary' is missing.",
          "Add 'canary: {steps: [{weight: 5, for: 2m}, {weight: 50, for: 5m}]}'.");
    }
  }

  private Optional<Migration> migration(Fields block) {
    Compatibility compatibility =
        block.block("compatibility").map(StrategyYaml::compatibility).orElse(Compatibility.DEFAULT);
    List<String> undo = block.block("undo").map(one -> one.texts("command")).orElse(List.of());
    if (compatibility.onStableBroken() == OnStableBroken.UNDO && undo.isEmpty()) {
      findings.add(
          block.block("compatibility").map(one -> one.at("onStableBroken")).orElse(block.node()),
          "onStableBroken: undo, but the migration has no undo.",
          "Add 'undo: {command: [\"migrate\", \"down\"]}', or write 'onStableBroken: hold'.");
    }
    return source(block)
        .map(
            one ->
                one.proven(compatibility, undo)
                    .numbered(block.whole("schema").orElse(0L), floor(block))
                    .contracted(block.block("contract").map(this::contract))
                    .sharing(
                        new Migration.Sharing(
                            block.text("database").orElse(""), block.texts("sharedBy"))));
  }

  private Migration.Contract contract(Fields block) {
    long floor = Math.max(floors.floor(block.list("files")), block.whole("floor").orElse(0L));
    if (floor == 0) {
      findings.add(
          block.node(),
          "the contract has no floor, so nobody knows which versions can outlive it.",
          "Add 'floor: 42', or '-- rollout: contract floor=42' to one of its files.");
    }
    return new Migration.Contract(block.texts("command"), floor);
  }

  /** A Job of the user's, or a tool that the program knows: exactly one. */
  private Optional<Migration> source(Fields block) {
    boolean hooks = block.isTrue("helmHook");
    List<String> sources =
        Stream.of("job", "preset", "helmHook")
            .filter(key -> key.equals("helmHook") ? hooks : block.says(key))
            .toList();
    if (sources.size() != 1) {
      boolean none = sources.isEmpty();
      findings.add(
          none ? block.node() : block.at(sources.get(1)),
          none
              ? "migration needs a job, a preset or helmHook."
              : "migration has " + String.join(" and ", sources) + ", which would be two.",
          none ? "Add 'job: {file: migrate.yaml}', or 'preset: flyway'." : "Keep one.");
      return Optional.empty();
    }
    if (!block.says("preset")) {
      for (String other : StrategyKeys.PRESET_ONLY) {
        if (block.says(other)) {
          findings.add(
              block.at(other),
              "migration." + other + " is for a preset; a Job says it itself.",
              "Write it into the Job's manifest.");
        }
      }
      return hooks
          ? Optional.of(Migration.ofHooks())
          : block.block("job").flatMap(files::job).map(Migration::of);
    }
    return block.text("preset").flatMap(Preset::of).flatMap(preset -> preset(block, preset));
  }

  private Optional<Migration> preset(Fields block, Preset preset) {
    if (!block.says("image")) {
      findings.add(
          block.at("preset"),
          "preset " + preset.word() + " has no image.",
          "Add 'image: candidate' for the candidate's own, or a reference.");
    }
    PresetJob job =
        new PresetJob(
            preset,
            block.text("image").orElse(PresetJob.CANDIDATE),
            block.block("env").flatMap(env -> env.text("secret")),
            block.span("deadline").orElse(DEADLINE),
            block.texts("command"));
    List<String> names =
        block.block("lint").map(lint -> floors.names(lint.list("files"))).orElse(List.of());
    MigrationFiles.twice(preset, names)
        .ifPresent(
            two ->
                findings.add(
                    block.block("lint").map(lint -> lint.at("files")).orElse(block.node()),
                    "two migrations of one version: " + two + ".",
                    "Give one of them the next number."));
    return Optional.of(job.migration(names));
  }

  private long floor(Fields block) {
    block
        .whole("floor")
        .filter(floor -> floor > block.whole("schema").orElse(Long.MAX_VALUE))
        .ifPresent(
            floor ->
                findings.add(
                    block.at("floor"),
                    "the floor "
                        + floor
                        + " is above the newest migration, "
                        + block.whole("schema").orElseThrow()
                        + ".",
                    "A floor is the oldest migration that a version must have been built with."));
    long files = block.block("lint").map(lint -> floors.floor(lint.list("files"))).orElse(0L);
    return Math.max(files, block.whole("floor").orElse(0L));
  }

  private static Compatibility compatibility(Fields block) {
    Compatibility defaults = Compatibility.DEFAULT;
    return new Compatibility(
        block.has("freshPod") ? block.isTrue("freshPod") : defaults.freshPod(),
        block.texts("command"),
        block.span("watchStable").orElse(defaults.watchStable()),
        block
            .text("onStableBroken")
            .map(word -> OnStableBroken.valueOf(word.toUpperCase(Locale.ROOT)))
            .orElse(defaults.onStableBroken()));
  }

  /** Each Service has one role. */
  private void checkServices(Fields file, String service, String block) {
    Map<String, String> roles = new HashMap<>();
    roles.put(service, "target.service");
    file.block(block)
        .flatMap(b -> b.text("preview").map(p -> new Fields.Item(p, b.at("preview"))))
        .ifPresent(preview -> role(roles, preview, block + ".preview"));
    file.list("also").forEach(item -> role(roles, item, "also"));
    file.list("ignore").forEach(item -> role(roles, item, "ignore"));
  }

  private void role(Map<String, String> roles, Fields.Item service, String role) {
    String before = roles.putIfAbsent((String) service.value(), role);
    if (before != null) {
      findings.add(
          service.node(),
          "Service '"
              + service.value()
              + (before.equals(role)
                  ? "' is twice in " + role + "."
                  : "' is in " + role + " and in " + before + "."),
          "Keep one.");
    }
  }

  private Optional<PrometheusSource> prometheus(Fields block) {
    Duration timeout = block.span("timeout").orElse(PrometheusSource.TIMEOUT);
    Optional<String> url = block.text("url");
    url.flatMap(PrometheusAddress::wrong)
        .ifPresent(
            wrong ->
                findings.add(
                    block.at("url"),
                    "prometheus.url '" + Seen.cut(url.get()) + "' " + wrong + ".",
                    PrometheusAddress.EXPECTED));
    return url.map(address -> new PrometheusSource(address, timeout));
  }

  private static Limits limits(Fields block) {
    Limits defaults = Limits.DEFAULT;
    return new Limits(
        block.span("timeout").orElse(defaults.ready()),
        block.span("gateTimeout").orElse(defaults.gate()),
        block.span("settleTimeout").orElse(defaults.settle()),
        block.span("noDataTimeout").orElse(defaults.noData()),
        block.span("deadline").or(defaults::overall),
        block.span("keepFailed").orElse(defaults.keepFailed()));
  }

  private static Promotion promotion(String word) {
    return word.equals("copy") ? Promotion.COPY : Promotion.SWAP;
  }

  private static OnMissing onMissing(String word) {
    return switch (word) {
      case "rollback" -> OnMissing.ROLLBACK;
      case "pass" -> OnMissing.PASS;
      default -> OnMissing.HOLD;
    };
  }
}
