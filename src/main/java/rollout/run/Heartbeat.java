package rollout.run;

import java.time.Instant;
import java.util.List;
import rollout.document.Doc;
import rollout.model.Query;
import rollout.port.Cluster.Follow;
import rollout.port.Ports;

/** Listens to a target's Lease and journal. */
final class Heartbeat implements AutoCloseable {
  private final Ports ports;
  private final Query lease;
  private final Query journal;
  private final Follow kept;
  private final SignsOfLife signs = new SignsOfLife();

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
    if (kept.live()) {
      signs.look(last, now);
    } else {
      signs.sign(last, now);
    }
    Journal.Entry entry =
        kept.list(journal).stream().findFirst().map(Journal::entry).orElse(Journal.Entry.NONE);
    return new Beat(last, entry, signs.silent(now), signs.last());
  }

  /** Waits for news, or until silence would mean death, or until {@code latest}. */
  void await(Instant latest) throws InterruptedException {
    Instant death = signs.death();
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
