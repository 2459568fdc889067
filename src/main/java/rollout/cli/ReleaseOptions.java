package rollout.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The words of a blue/green release; {@link ReleaseFlags} has their values. */
final class ReleaseOptions {
  static final String PROMETHEUS_VARIABLE = "ROLLOUT_PROMETHEUS";

  @Parameters(
      arity = "0..1",
      paramLabel = "SERVICE",
      description = "The Service whose traffic moves; may stand in the strategy file.")
  @Nullable String service;

  @Option(
      names = {"-s", "--strategy"},
      paramLabel = "FILE",
      description = "Strategy file; flags win over it.")
  @Nullable String strategy;

  @Option(
      names = "--image",
      paramLabel = "[CONTAINER=]IMAGE",
      description = "The candidate: the live Deployment with another image. May be repeated.")
  List<String> images = new ArrayList<>();

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      description = "The candidate: manifests; - is stdin. May be repeated.")
  List<String> files = new ArrayList<>();

  @Option(
      names = "--to",
      paramLabel = "DEPLOYMENT",
      description = "The candidate: a Deployment that exists.")
  @Nullable String to;

  @Option(
      names = "--from",
      paramLabel = "DEPLOYMENT",
      description = "The stable one, where the Service's selector does not tell.")
  @Nullable String from;

  @Option(
      names = "--also",
      paramLabel = "SERVICE",
      description = "Another Service on the same pods, to move too. May be repeated.")
  List<String> also = new ArrayList<>();

  @Option(
      names = "--ignore-service",
      paramLabel = "SERVICE",
      description = "Another Service on the same pods, to leave alone. May be repeated.")
  List<String> ignored = new ArrayList<>();

  @Option(
      names = "--migrate",
      paramLabel = "FILE",
      description = "Job manifest: the migration, run to the end before anything else changes.")
  @Nullable String migrate;

  @Option(
      names = "--prometheus",
      paramLabel = "URL",
      description =
          "http(s)://HOST:PORT, or svc:NAMESPACE/NAME:PORT through the API server;"
              + " ROLLOUT_PROMETHEUS unless said.")
  @Nullable String prometheus;

  @Option(
      names = "--check",
      paramLabel = "EXPR",
      description =
          "What a good candidate meets: 'error-rate < 1%%', 'p99 < 300ms' or"
              + " 'NAME: PROMQL < VALUE'. May be repeated.")
  List<String> checks = new ArrayList<>();

  @Option(
      names = "--metrics",
      paramLabel = "NAMES",
      completionCandidates = Choices.Metrics.class,
      description =
          "Whose metric names: auto, http, micrometer, istio; of the router of a canary traefik,"
              + " nginx; auto.")
  @Nullable String metrics;

  @Option(
      names = "--preview",
      paramLabel = "SERVICE",
      description = "Service that points at the candidate before it has production traffic.")
  @Nullable String preview;

  @Option(
      names = "--smoke",
      paramLabel = "FILE",
      description = "Job manifest, run against the preview; must succeed.")
  @Nullable String smoke;

  @Option(names = "--hold", description = "Wait for 'rollout promote' before the switch.")
  boolean hold;

  @Option(
      names = "--bake",
      paramLabel = "DURATION",
      description = "Watch the checks this long after the switch, stable kept warm; 5m.")
  @Nullable String bake;

  @Option(
      names = "--promotion",
      paramLabel = "copy|swap",
      completionCandidates = Choices.Promotion.class,
      description =
          "copy: the stable Deployment takes the new template; swap: the Service stays on the"
              + " candidate. copy for --image and -f, swap for --to.")
  @Nullable String promotion;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      description = "Until the candidate is ready; 10m.")
  @Nullable String timeout;

  @Option(
      names = "--gate-timeout",
      paramLabel = "DURATION",
      description = "A gate that waits for a person; 24h.")
  @Nullable String gateTimeout;

  @Option(
      names = "--settle-timeout",
      paramLabel = "DURATION",
      description = "The settling at the end; 10m.")
  @Nullable String settleTimeout;

  @Option(names = "--deadline", paramLabel = "DURATION", description = "All of it; none.")
  @Nullable String deadline;

  @Option(
      names = "--on-no-data",
      paramLabel = "hold|rollback|pass",
      completionCandidates = Choices.OnMissing.class,
      description = "When a check has no data; hold.")
  @Nullable String onNoData;

  @Option(
      names = "--on-undecided",
      paramLabel = "hold|rollback|pass",
      completionCandidates = Choices.OnMissing.class,
      description = "When a check has too few requests; hold.")
  @Nullable String onUndecided;

  @Option(
      names = "--no-data-timeout",
      paramLabel = "DURATION",
      description = "How long to hold for that, before going back; 10m.")
  @Nullable String noDataTimeout;

  @Option(
      names = "--keep-failed",
      paramLabel = "DURATION",
      description = "Keep a failed candidate for a look; 0s.")
  @Nullable String keepFailed;

  @Option(names = "--force", description = "Release again what a health verdict refused before.")
  boolean force;

  @Option(
      names = "--replace",
      description = "Roll an unfinished release of this target back first.")
  boolean replace;

  @Option(names = "--no-way-back", description = "Go on though no stable pod is ready.")
  boolean noWayBack;

  @Option(
      names = "--gitops-suspended",
      description =
          "Go on though the Service's selector or the autoscaler belongs to somebody's apply.")
  boolean gitopsSuspended;

  @Option(
      names = "--on-interrupt",
      paramLabel = "rollback|leave",
      completionCandidates = Choices.OnInterrupt.class,
      description = "Ctrl-C or SIGTERM: go back, or leave it as it is; rollback.")
  @Nullable String onInterrupt;

  @Option(
      names = "--no-wait",
      description = "Return at the first gate that waits for a person, with exit code 8.")
  boolean noWait;

  @Mixin ExportOptions export = new ExportOptions();
}
