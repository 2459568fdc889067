package rollout.run;

import java.time.Instant;
import java.util.List;
import rollout.document.Doc;
import rollout.model.Query;
import rollout.port.Cluster.Follow;
import rollout.port.Ports;

/**
 * Listens to a target's Lease and journal. Whether a driver lives is judged by what this process
 * saw change: no two machines need the same time of day.
 */
final class Heartbeat implements AutoCloseable {
  private final Ports ports;
  private final Query lease;
  private final Query journal;
  private final Follow kept;
  private String beat = "";
  private Instant beaten = Instant.EPOCH;

  private Heartbeat(Ports ports, Query lease, Query journal) {
    this.ports = ports;
    this.lease = lease;
    this.journal = journal;
    this.kept = ports.cluster().follow(List.of(lease, journal), ports.time().signal());
  }

  static Heartbeat of(Ports ports, Journal journal, LeaseKeeper lease) {
    return new Heartbeat(ports, Query.named(lease.ref()), Query.named(journal.ref()));
  }

  /** What was heard last. While the watches are down nobody counts as silent. */
  Beat now() {
    Instant now = ports.time().now();
    Doc last = kept.list(lease).stream().findFirst().orElse(Doc.EMPTY);
    String version = last.textOrEmpty("metadata", "resourceVersion");
    if (!kept.live() || !version.equals(beat)) {
      beat = version;
      beaten = now;
    }
    Journal.Entry entry =
        kept.list(journal).stream().findFirst().map(Journal::entry).orElse(Journal.Entry.NONE);
    boolean silent = !now.isBefore(beaten.plus(LeaseKeeper.DURATION));
    return new Beat(last, entry, silent, beaten);
  }

  /** Waits for news, or until silence would mean death, or until {@code latest}. */
  void await(Instant latest) throws InterruptedException {
    Instant death = beaten.plus(LeaseKeeper.DURATION);
    Instant now = ports.time().now();
    ports.time().await(death.isAfter(now) && death.isBefore(latest) ? death : latest);
  }

  @Override
  public void close() {
    kept.close();
  }

  /**
   * One hearing.
   *
   * @param silent whether the Lease was not renewed for its duration
   * @param since when it was last heard to change
   */
  record Beat(Doc lease, Journal.Entry journal, boolean silent, Instant since) {
    /** Whether somebody holds the Lease, and renews it. */
    boolean driven() {
      return !LeaseKeeper.holder(lease).isEmpty() && !silent;
    }

    /** The version of a Lease whose holder is silent; empty when nobody holds it. */
    String silentVersion() {
      return silent ? lease.textOrEmpty("metadata", "resourceVersion") : "";
    }
  }
}
