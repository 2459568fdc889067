package rollout.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import rollout.model.Check;
import rollout.plan.ToolJob;
import rollout.run.Rollouts.Driving;
import rollout.strategy.Candidate;
import rollout.strategy.JobFile;
import rollout.strategy.Migration;
import rollout.strategy.Strategy;
import rollout.strategy.Strategy.Limits;
import rollout.strategy.Strategy.OnMissing;
import rollout.strategy.Strategy.Permissions;
import rollout.strategy.Strategy.Promotion;

/**
 * The flags of a release as values. Empty: not said, so the strategy file or the default counts.
 */
record ReleaseFlags(
    Optional<String> service,
    Optional<Strategy> file,
    Optional<Candidate> candidate,
    Optional<String> from,
    List<String> also,
    List<String> ignored,
    Optional<JobFile> migration,
    Optional<String> prometheus,
    Optional<String> metricNames,
    List<Check> checks,
    Optional<String> preview,
    Optional<JobFile> smoke,
    boolean hold,
    Optional<Duration> bake,
    Optional<Promotion> promotion,
    LimitFlags limits,
    Optional<OnMissing> onNoData,
    Optional<OnMissing> onUndecided,
    Permissions permissions,
    Driving driving,
    CanaryFlags canary) {

  /** The flags that say how long things may take. */
  record LimitFlags(
      Optional<Duration> ready,
      Optional<Duration> gate,
      Optional<Duration> settle,
      Optional<Duration> noData,
      Optional<Duration> overall,
      Optional<Duration> keepFailed) {
    private static LimitFlags read(ReleaseOptions words, FlagReader reader) {
      return new LimitFlags(
          reader.limit("--timeout", words.timeout),
          reader.limit("--gate-timeout", words.gateTimeout),
          reader.limit("--settle-timeout", words.settleTimeout),
          reader.duration("--no-data-timeout", words.noDataTimeout),
          reader.limit("--deadline", words.deadline),
          reader.duration("--keep-failed", words.keepFailed));
    }

    Limits over(Limits file) {
      return new Limits(
          ready.orElse(file.ready()),
          gate.orElse(file.gate()),
          settle.orElse(file.settle()),
          noData.orElse(file.noData()),
          overall.or(file::overall),
          keepFailed.orElse(file.keepFailed()));
    }
  }

  private enum OnInterrupt {
    ROLLBACK,
    LEAVE
  }

  /** Reads the words and the files that they name; what is wrong is in the reader. */
  static ReleaseFlags read(
      ReleaseOptions words, CanaryFlags canary, Console console, FlagReader reader) {
    InputFiles files = new InputFiles(console.in(), reader);
    return new ReleaseFlags(
        Optional.ofNullable(words.service).map(name -> reader.label("SERVICE", name)),
        files.strategy(words.strategy),
        candidate(words, files, reader),
        name(words.from, "--from", reader),
        labels(words.also, "--also", reader),
        labels(words.ignored, "--ignore-service", reader),
        files.job("--migrate", words.migrate),
        Optional.ofNullable(words.prometheus).map(url -> reader.prometheus("--prometheus", url)),
        Optional.ofNullable(words.metrics),
        files.checks(words.checks),
        Optional.ofNullable(words.preview).map(name -> reader.label("--preview", name)),
        files.job("--smoke", words.smoke),
        words.hold,
        reader.duration("--bake", words.bake),
        reader.word("--promotion", words.promotion, Promotion.class),
        LimitFlags.read(words, reader),
        reader.word("--on-no-data", words.onNoData, OnMissing.class),
        reader.word("--on-undecided", words.onUndecided, OnMissing.class),
        new Permissions(words.force, words.replace, words.noWayBack, words.gitopsSuspended),
        driving(words, console, reader),
        canary);
  }

  private static Driving driving(ReleaseOptions words, Console console, FlagReader reader) {
    // A Job's pod that must end has a next one, which goes on.
    boolean job = console.environment().containsKey(ToolJob.JOB_VARIABLE);
    OnInterrupt onInterrupt =
        reader
            .word("--on-interrupt", words.onInterrupt, OnInterrupt.class)
            .orElse(job ? OnInterrupt.LEAVE : OnInterrupt.ROLLBACK);
    return new Driving(onInterrupt == OnInterrupt.LEAVE, words.noWait);
  }

  private static Optional<Candidate> candidate(
      ReleaseOptions words, InputFiles files, FlagReader reader) {
    Optional<Candidate> image = Images.read(words.images, reader);
    Optional<Candidate> manifests = files.manifests(words.files);
    Optional<Candidate> existing = name(words.to, "--to", reader).map(Candidate.Existing::new);
    int kinds = words.images.isEmpty() ? 0 : 1;
    kinds += words.files.isEmpty() ? 0 : 1;
    kinds += words.to == null ? 0 : 1;
    if (kinds > 1) {
      reader.problem("--image, -f and --to are three ways to name one candidate.", "Give only one");
    }
    return image.or(() -> manifests).or(() -> existing);
  }

  private static Optional<String> name(@Nullable String word, String flag, FlagReader reader) {
    return Optional.ofNullable(word).map(name -> reader.objectName(flag, name));
  }

  private static List<String> labels(List<String> words, String flag, FlagReader reader) {
    return words.stream().map(word -> reader.label(flag, word)).distinct().toList();
  }

  /** The release: these flags over the strategy file over the defaults. */
  Strategy over(String namespace, Optional<String> defaultPrometheus) {
    Strategy base = file.orElseGet(() -> Strategy.of(service.orElse(""), namespace));
    return new Strategy(
        service.orElse(base.service()),
        namespace.isEmpty() ? base.namespace() : namespace,
        candidate.or(base::candidate),
        from.or(base::from),
        also.isEmpty() ? base.also() : also,
        ignored.isEmpty() ? base.ignored() : ignored,
        migration
            .map(job -> base.migration().map(one -> one.by(job)).orElse(Migration.of(job)))
            .or(base::migration),
        InputFiles.source(prometheus, base.prometheus(), defaultPrometheus),
        metricNames.orElse(base.metricNames()),
        joined(base.checks(), checks),
        preview.or(base::preview),
        smoke.or(base::smoke),
        hold || base.hold(),
        bake.orElse(base.bake()),
        promotion.or(base::promotion),
        limits.over(base.limits()),
        onNoData.orElse(base.onNoData()),
        onUndecided.orElse(base.onUndecided()),
        joined(base.permissions(), permissions),
        canary.over(base.canary()),
        base.subscribers());
  }

  // A check of a flag takes the place of the file's check of the same name.
  private static List<Check> joined(List<Check> file, List<Check> flags) {
    List<String> said = flags.stream().map(Check::name).toList();
    List<Check> kept = new ArrayList<>(file);
    kept.removeIf(check -> said.contains(check.name()));
    return Stream.concat(kept.stream(), flags.stream()).toList();
  }

  private static Permissions joined(Permissions file, Permissions flags) {
    return new Permissions(
        file.force() || flags.force(),
        file.replace() || flags.replace(),
        file.noWayBack() || flags.noWayBack(),
        file.gitopsSuspended() || flags.gitopsSuspended());
  }
}
