package rollout.run;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Hashes;
import rollout.model.HeldError;
import rollout.model.Kind;
import rollout.model.Marks;
import rollout.model.Ref;
import rollout.port.Cluster.Send;
import rollout.port.ClusterException;
import rollout.port.Ports;

/**
 * Who is alive. The Lease says only that; what keeps two drivers apart is the epoch on the objects.
 *
 * <p>Another holder counts as dead when this process has seen its Lease unchanged for the Lease's
 * duration, by its own stopwatch: no two machines need the same time of day.
 */
final class LeaseKeeper {
  /** How long a Lease is good without renewal. */
  static final Duration DURATION = Duration.ofSeconds(15);

  /** How often it is renewed: two renewals may be lost. */
  static final Duration RENEWAL = Duration.ofSeconds(5);

  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
  private static final int NAME_LIMIT = 63;

  private final Ports ports;
  private final Ref ref;
  private final String holder;

  /** What its holder is doing, for a target: {@code shop is being released by }. */
  private final UnaryOperator<String> busy;

  private Doc lease = Doc.EMPTY;
  private Instant renewed = Instant.EPOCH;

  /** Of a target. */
  LeaseKeeper(Ports ports, String namespace, String target) {
    this(
        ports,
        new Ref(Kind.LEASE, namespace, Hashes.name("rollout-" + target, NAME_LIMIT)),
        of -> of + " is being released by ");
  }

  /**
   * Of a database that several targets migrate; no Service's name has a dot.
   *
   * @param place as {@code NAMESPACE/NAME}
   */
  static LeaseKeeper ofDatabase(Ports ports, String place) {
    int slash = place.indexOf('/');
    String database = place.substring(slash + 1);
    String name = Hashes.name("rollout-db." + database, NAME_LIMIT);
    return new LeaseKeeper(
        ports,
        new Ref(Kind.LEASE, place.substring(0, slash), name),
        of -> "the database " + database + " is being migrated for " + of + " by ");
  }

  private LeaseKeeper(Ports ports, Ref ref, UnaryOperator<String> busy) {
    this.ports = ports;
    this.ref = ref;
    this.busy = busy;
    this.holder = ports.identity() + " " + ports.nonce();
  }

  Ref ref() {
    return ref;
  }

  /** The Lease as it stands. */
  Doc read() {
    lease = ports.cluster().get(ref).orElse(Doc.EMPTY);
    return lease;
  }

  /** The epoch that the Lease's last holder had. */
  static long epoch(Doc lease) {
    try {
      return Long.parseLong(lease.texts("metadata", "annotations").getOrDefault(Marks.EPOCH, "0"));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  static String holder(Doc lease) {
    return lease.textOrEmpty("spec", "holderIdentity");
  }

  /**
   * Whether somebody else holds it and has renewed it not long ago, by that machine's word and our
   * clock. A renewal in our future says as little as one long ago: the clocks differ, and only who
   * watches it can tell.
   */
  static boolean looksAlive(Doc lease, Instant now) {
    return !holder(lease).isEmpty() && lately(lease, now).isPresent();
  }

  private static Optional<Duration> lately(Doc lease, Instant now) {
    return age(lease, now).filter(age -> age.abs().compareTo(DURATION) < 0);
  }

  /** Whether a driver of this target has given a sign of life not long ago. */
  static boolean drives(Ports ports, String service) {
    LeaseKeeper lease = new LeaseKeeper(ports, ports.namespace(), service);
    return looksAlive(lease.read(), ports.time().now());
  }

  static Optional<Duration> age(Doc lease, Instant now) {
    try {
      return lease
          .text("spec", "renewTime")
          .map(text -> Duration.between(Instant.parse(text), now));
    } catch (java.time.format.DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /**
   * Waits until a foreign Lease is proven dead.
   *
   * @throws HeldError when it is alive
   */
  void awaitFree() throws InterruptedException {
    awaitFree("");
  }

  /**
   * The same for one who has listened already.
   *
   * @param silent the version of a Lease that nobody has renewed for its duration; empty: none
   */
  void awaitFree(String silent) throws InterruptedException {
    Doc first = read();
    boolean known =
        !silent.isEmpty() && first.textOrEmpty("metadata", "resourceVersion").equals(silent);
    if (known || holder(first).isEmpty() || holder(first).equals(holder)) {
      return;
    }
    Instant now = ports.time().now();
    if (looksAlive(first, now)) {
      throw held(first, now);
    }
    Instant end = now.plus(DURATION);
    while (ports.time().now().isBefore(end)) {
      ports.time().await(end);
      Doc again = read();
      boolean changed =
          !again.textOrEmpty("spec", "renewTime").equals(first.textOrEmpty("spec", "renewTime"));
      if (changed && !holder(again).isEmpty()) {
        throw held(again, ports.time().now());
      }
    }
  }

  /**
   * Looks once at the Lease as it was read last.
   *
   * @throws HeldError when somebody else's looks alive
   */
  void checkFree() {
    Instant now = ports.time().now();
    if (!holder(lease).equals(holder) && looksAlive(lease, now)) {
      throw held(lease, now);
    }
  }

  private HeldError held(Doc other, Instant now) {
    String target = other.texts("metadata", "labels").getOrDefault(Marks.TARGET, ref.name());
    String age =
        lately(other, now)
            .map(one -> Math.max(0, one.toSeconds()) + " s ago")
            .orElse("just now, by a clock unlike this one's");
    return new HeldError(
        busy.apply(target)
            + name(holder(other))
            + ", which gave a sign of life "
            + age
            + ".  Watch it: rollout status "
            + target
            + "   Stop it: rollout rollback "
            + target);
  }

  /** The part of a holder's identity that people can use. */
  static String name(String identity) {
    int space = identity.lastIndexOf(' ');
    return space < 0 ? identity : identity.substring(0, space);
  }

  /** Takes the Lease, whoever holds it, at the version that was read last. */
  void take(long epoch, String target) {
    Doc body = body(epoch, target);
    try {
      lease = lease.isEmpty() ? ports.cluster().create(Kind.LEASE, body, Send.REAL) : taken(body);
    } catch (ClusterException.AlreadyExists e) {
      throw held(read(), ports.time().now());
    } catch (ClusterException.Unknown e) {
      // Nobody knows whether it was done; only reading back can tell.
      if (!isOurs()) {
        throw e;
      }
    }
    renewed = ports.time().now();
  }

  private Doc taken(Doc body) {
    Patch patch =
        Patch.at(lease.textOrEmpty("metadata", "resourceVersion"))
            .put(body.doc("spec"), "spec")
            .put(body.doc("metadata", "labels"), "metadata", "labels")
            .put(body.doc("metadata", "annotations"), "metadata", "annotations");
    return ports.cluster().patch(ref, patch, Send.REAL);
  }

  private Doc body(long epoch, String target) {
    String now = MICROS.format(ports.time().now());
    return Doc.of(
        "apiVersion",
        "coordination.k8s.io/v1",
        "kind",
        "Lease",
        "metadata",
        Doc.of(
            "name", ref.name(),
            "namespace", ref.namespace(),
            "labels", Map.of(Marks.MANAGED_BY, Marks.MANAGER, Marks.TARGET, target),
            "annotations", annotations(epoch)),
        "spec",
        Doc.of(
            "holderIdentity", holder,
            "leaseDurationSeconds", (int) DURATION.toSeconds(),
            "acquireTime", now,
            "renewTime", now));
  }

  private Map<String, String> annotations(long epoch) {
    String number = String.valueOf(epoch);
    return ports.job().isEmpty()
        ? Map.of(Marks.EPOCH, number)
        : Map.of(Marks.EPOCH, number, Marks.JOB, ports.job());
  }

  /** When the next renewal is due. */
  Instant due() {
    return renewed.plus(RENEWAL);
  }

  /**
   * Renews it when that is due.
   *
   * @return false when somebody else has it now
   */
  boolean renew() {
    Instant now = ports.time().now();
    if (lease.isEmpty() || now.isBefore(due())) {
      return true;
    }
    try {
      Patch patch =
          Patch.at(lease.textOrEmpty("metadata", "resourceVersion"))
              .put(MICROS.format(now), "spec", "renewTime");
      lease = ports.cluster().patch(ref, patch, Send.REAL);
      renewed = now;
      return true;
    } catch (ClusterException.Conflict | ClusterException.NotFound e) {
      return isOurs();
    } catch (ClusterException e) {
      // Not renewed is not lost: the stamps on the objects decide who may act. Tried again a little
      // later.
      renewed = now.minus(RENEWAL).plusSeconds(1);
      return true;
    }
  }

  /** Reads it anew: whether it is still ours. */
  boolean isOurs() {
    return holder(read()).equals(holder);
  }

  /** Lets go, if it is still ours. Best effort: a Lease that stays runs out by itself. */
  void release() {
    if (!holder(lease).equals(holder)) {
      return;
    }
    try {
      Patch patch =
          Patch.at(lease.textOrEmpty("metadata", "resourceVersion"))
              .put("", "spec", "holderIdentity");
      lease = ports.cluster().patch(ref, patch, Send.REAL);
    } catch (ClusterException e) {
      lease = Doc.EMPTY;
    }
  }
}
