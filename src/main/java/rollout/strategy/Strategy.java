package rollout.strategy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import rollout.model.Check;

/**
 * A release as the user wants it: strategy file and flags, already joined.
 *
 * @param service name of the Service whose traffic moves
 * @param namespace empty: the one of the context
 * @param from the stable Deployment, where the selector does not tell
 * @param also other Services that move with it
 * @param ignored other Services that select the same pods and are left alone
 * @param migration run to the end before anything else
 * @param preview a Service that points at the candidate before it has production traffic
 * @param smoke run against the preview
 * @param hold wait for a person before the switch
 * @param bake how long the checks go on after the switch
 * @param promotion empty: copy for an image or manifests, swap for a Deployment
 * @param canary how traffic moves step by step; empty: all at once
 * @param subscribers who is told besides those who watch
 */
public record Strategy(
    String service,
    String namespace,
    Optional<Candidate> candidate,
    Optional<String> from,
    List<String> also,
    List<String> ignored,
    Optional<Migration> migration,
    Optional<PrometheusSource> prometheus,
    String metricNames,
    List<Check> checks,
    Optional<String> preview,
    Optional<JobFile> smoke,
    boolean hold,
    Duration bake,
    Optional<Promotion> promotion,
    Limits limits,
    OnMissing onNoData,
    OnMissing onUndecided,
    Permissions permissions,
    Optional<Canary> canary,
    List<Subscriber> subscribers) {

  /** How long the checks go on after the switch, unless the user says otherwise. */
  public static final Duration BAKE = Duration.ofMinutes(5);

  /** The value of {@code --metrics} that tries all known names. */
  public static final String AUTO = "auto";

  /** The values of {@code --metrics} that count by pod. */
  public static final List<String> POD_METRIC_NAMES = List.of("http", "micrometer", "istio");

  /** Routers' own metrics, which count by Service: only for a canary by one of them. */
  public static final List<String> ROUTER_METRIC_NAMES = List.of("traefik", "nginx");

  /** Every value of {@code --metrics}. */
  public static final List<String> METRIC_NAMES =
      Stream.of(List.of(AUTO), POD_METRIC_NAMES, ROUTER_METRIC_NAMES)
          .flatMap(List::stream)
          .toList();

  /** Copies the lists. */
  public Strategy {
    also = List.copyOf(also);
    ignored = List.copyOf(ignored);
    checks = List.copyOf(checks);
    subscribers = List.copyOf(subscribers);
  }

  /** A release of a Service with everything at its default. */
  public static Strategy of(String service, String namespace) {
    return new Strategy(
        service,
        namespace,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        AUTO,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        false,
        BAKE,
        Optional.empty(),
        Limits.DEFAULT,
        OnMissing.HOLD,
        OnMissing.HOLD,
        Permissions.NONE,
        Optional.empty(),
        List.of());
  }

  /** The same for another Service. */
  public Strategy named(String other) {
    return like(other, namespace, canary);
  }

  /** The same in another namespace. */
  public Strategy in(String other) {
    return like(service, other, canary);
  }

  private Strategy like(String otherService, String otherNamespace, Optional<Canary> otherCanary) {
    return new Strategy(
        otherService,
        otherNamespace,
        candidate,
        from,
        also,
        ignored,
        migration,
        prometheus,
        metricNames,
        checks,
        preview,
        smoke,
        hold,
        bake,
        promotion,
        limits,
        onNoData,
        onUndecided,
        permissions,
        otherCanary,
        subscribers);
  }

  /** The same share by share. */
  public Strategy by(Canary stepwise) {
    return like(service, namespace, Optional.of(stepwise));
  }

  /** How a good candidate becomes the stable one. */
  public enum Promotion {
    /** The stable Deployment takes the candidate's template; the copy goes. */
    COPY,
    /** The Service stays on the candidate; the stable Deployment is scaled to zero. */
    SWAP
  }

  /** What a check that has no answer leads to. */
  public enum OnMissing {
    /** Hold, and go back after the no-data timeout. */
    HOLD,
    /** Go back at once. */
    ROLLBACK,
    /** Count it as good. */
    PASS
  }

  /**
   * How long things may take. Past it, traffic goes back.
   *
   * @param ready until the candidate is ready; also for the stable version when it has to be raised
   * @param gate a gate that waits for a person
   * @param settle the settling; past it exit 10
   * @param noData a check without data, or a metrics backend that is away
   * @param overall all of it; empty: none
   * @param keepFailed how long a failed candidate stays for a look
   */
  public record Limits(
      Duration ready,
      Duration gate,
      Duration settle,
      Duration noData,
      Optional<Duration> overall,
      Duration keepFailed) {
    /** The defaults of the command line. */
    public static final Limits DEFAULT =
        new Limits(
            Duration.ofMinutes(10),
            Duration.ofHours(24),
            Duration.ofMinutes(10),
            Duration.ofMinutes(10),
            Optional.empty(),
            Duration.ZERO);
  }

  /**
   * What the user has said yes to.
   *
   * @param force release again what a health verdict refused before
   * @param replace roll an unfinished release of this target back first
   * @param noWayBack go on though no stable pod is ready
   * @param gitopsSuspended go on though the Service's selector or the autoscaler belongs to
   *     somebody's apply
   */
  public record Permissions(
      boolean force, boolean replace, boolean noWayBack, boolean gitopsSuspended) {
    /** Nothing. */
    public static final Permissions NONE = new Permissions(false, false, false, false);
  }
}
