package rollout;

import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import rollout.cli.Backend;
import rollout.cli.Console;
import rollout.cli.Exporting;
import rollout.cli.Telling;
import rollout.exporter.ApiRequests;
import rollout.kubernetes.Requests;
import rollout.notify.Notifications;
import rollout.port.Connect;
import rollout.port.Ports;
import rollout.port.Progress;
import rollout.progress.AllProgress;
import rollout.progress.EventProgress;
import rollout.progress.JsonProgress;
import rollout.progress.Target;
import rollout.progress.TextProgress;
import rollout.run.Rollouts;
import rollout.run.Verbs;

/** The commands' way to a real cluster. */
final class RealBackend implements Backend {
  private final Console console;
  private final Function<Requests, Connect> connect;
  private final InstantSource clock = InstantSource.system();

  /**
   * @param connect from who counts the requests to the way to a cluster
   */
  RealBackend(Console console, Function<Requests, Connect> connect) {
    this.console = console;
    this.connect = connect;
  }

  @Override
  public Progress progress(Telling telling) {
    return progress(telling, clock, ZoneId.systemDefault());
  }

  @Override
  public Progress progress(Telling telling, InstantSource other) {
    return progress(telling, other, ZoneOffset.UTC);
  }

  private Progress progress(Telling telling, InstantSource time, ZoneId zone) {
    if (!telling.json()) {
      return new TextProgress(console.out(), time, zone, telling.colour());
    }
    Target target = new Target(telling.service(), telling.namespace());
    return new AllProgress(
        List.of(
            new JsonProgress(target, time, console.out()),
            new TextProgress(console.err(), time, zone, false)));
  }

  @Override
  public Connection look(Connect.Where where, Telling telling) {
    Ports ports = ports(where, telling, (verb, code) -> {});
    Progress people = progress(telling.in(namespace(where, ports)));
    Verbs verbs = new Rollouts(ports.telling(people));
    return new Open(verbs, people, event -> {}, Optional.empty(), () -> {});
  }

  @Override
  public Connection drive(Connect.Where where, Telling telling, Exporting exporting) {
    // Before anything is asked of the cluster: a secret that is missing is a user's mistake.
    Notifications.check(telling.subscribers());
    ApiRequests requests = new ApiRequests();
    Ports ports = ports(where, telling, requests::ended);
    String namespace = namespace(where, ports);
    Progress people = progress(telling.in(namespace));
    Target target = new Target(telling.service(), namespace);
    EventProgress events = new EventProgress(ports.cluster(), target, clock);
    Notifications.About about =
        new Notifications.About(telling.service(), namespace, ports.nonce());
    Notifications subscribers = new Notifications(telling.subscribers(), about, clock, this::warn);
    Optional<OwnMetrics> own =
        exporting.isWanted()
            ? Optional.of(
                OwnMetrics.open(exporting, target, requests, clock, people, console.err()))
            : Optional.empty();
    List<Progress> away = new ArrayList<>(List.of(subscribers));
    own.ifPresent(metrics -> away.add(metrics.exporter()));
    List<Progress> all = new ArrayList<>();
    own.ifPresent(metrics -> all.add(metrics.notes()));
    all.addAll(List.of(people, events));
    all.addAll(away);
    Progress everybody = new AllProgress(all);
    Runnable end =
        () -> {
          own.ifPresent(metrics -> metrics.exporter().close());
          events.close();
          subscribers.close();
        };
    return new Open(
        new Rollouts(ports.telling(everybody)),
        everybody,
        new AllProgress(away),
        own.flatMap(metrics -> metrics.exporter().served()),
        end);
  }

  // On stderr in either form: it may come after the result, which ends the JSON.
  private void warn(String sentence) {
    console.err().print(sentence + "\n");
    console.err().flush();
  }

  private Ports ports(Connect.Where where, Telling telling, Requests requests) {
    return connect.apply(requests).to(where, progress(telling));
  }

  // Only when connected the namespace is known that the context names.
  private static String namespace(Connect.Where where, Ports ports) {
    return where.namespace().orElse(ports.namespace());
  }

  private record Open(
      Verbs verbs, Progress progress, Progress away, Optional<String> served, Runnable end)
      implements Connection {
    @Override
    public void close() {
      end.run();
    }
  }
}
