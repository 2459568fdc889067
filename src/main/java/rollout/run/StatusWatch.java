package rollout.run;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import rollout.core.Status;
import rollout.document.Doc;
import rollout.model.Query;
import rollout.model.Ref;
import rollout.port.Cluster.Follow;
import rollout.port.Ports;

/** Where a target stands, told again at each change. Asks the server once, then listens. */
final class StatusWatch {
  /** A driver that dies says nothing: its Lease is looked at, as last heard, this often. */
  private static final Duration LEASE_CHECK = Duration.ofSeconds(5);

  /** How long the watches may be cut off before the server is asked why. */
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(60);

  private final Ports ports;
  private final String service;

  StatusWatch(Ports ports, String service) {
    this.ports = ports;
    this.service = service;
  }

  /**
   * Returns when it was told to stop, or when there is no such Service.
   *
   * @param more is told each status that is new; false ends the watch
   */
  void run(Predicate<Status> more) throws InterruptedException {
    Optional<Status> told = new StatusReader(ports).status(service);
    if (told.isEmpty() || !more.test(told.get())) {
      return;
    }
    StatusReader asking = new StatusReader(ports);
    try (Follow kept = ports.cluster().follow(asking.queries(service), ports.time().signal())) {
      StatusReader listening = new StatusReader(ports, new Heard(kept));
      Instant live = ports.time().now();
      while (true) {
        Instant now = ports.time().now();
        live = kept.live() ? now : live;
        boolean silent = now.isAfter(live.plus(LONGEST_SILENCE));
        Optional<Status> seen = (silent ? asking : listening).status(service);
        boolean news = seen.isPresent() && !told.map(seen.get()::says).orElse(false);
        if (seen.isEmpty() || (news && !more.test(seen.get()))) {
          return;
        }
        told = seen;
        ports.time().await(now.plus(LEASE_CHECK));
      }
    }
  }

  /** What the watches have heard. */
  private record Heard(Follow kept) implements StatusReader.Sight {
    @Override
    public Optional<Doc> get(Ref ref) {
      return list(Query.named(ref)).stream().findFirst();
    }

    @Override
    public List<Doc> list(Query query) {
      return kept.list(query);
    }
  }
}
