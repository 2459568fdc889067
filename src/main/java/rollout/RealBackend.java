package rollout;

import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import rollout.cli.Backend;
import rollout.cli.Console;
import rollout.cli.Exporting;
import rollout.cli.Telling;
import rollout.exporter.ApiRequests;
import rollout.kubernetes.Requests;
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
  private final InstantSource clock = InstantSource.system();

  RealBackend(Console console) {
    this.console = console;
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
    return new Open(with(ports, people), people, event -> {}, Optional.empty(), () -> {});
  }

  @Override
  public Connection drive(Connect.Where where, Telling telling, Exporting exporting) {
    ApiRequests requests = new ApiRequests();
    Ports ports = ports(where, telling, requests::ended);
    String namespace = namespace(where, ports);
    Progress people = progress(telling.in(namespace));
    Target target = new Target(telling.service(), namespace);
    EventProgress events = new EventProgress(ports.cluster(), target, clock);
    if (!exporting.isWanted()) {
      Progress all = new AllProgress(List.of(people, events));
      return new Open(with(ports, all), all, event -> {}, Optional.empty(), events::close);
    }
    OwnMetrics own = OwnMetrics.open(exporting, target, requests, clock, people, console.err());
    Progress all = new AllProgress(List.of(own.notes(), people, events, own.exporter()));
    Runnable end =
        () -> {
          own.exporter().close();
          events.close();
        };
    return new Open(with(ports, all), all, own.exporter(), own.exporter().served(), end);
  }

  private Ports ports(Connect.Where where, Telling telling, Requests requests) {
    return new RealConnect(console.environment(), requests).to(where, progress(telling));
  }

  // Only when connected the namespace is known that the context names.
  private static String namespace(Connect.Where where, Ports ports) {
    return where.namespace().orElse(ports.namespace());
  }

  private static Verbs with(Ports ports, Progress progress) {
    return new Rollouts(
        new Ports(
            ports.cluster(),
            ports.metrics(),
            ports.time(),
            progress,
            ports.namespace(),
            ports.identity(),
            ports.nonce(),
            ports.metricNames()));
  }

  private record Open(
      Verbs verbs, Progress progress, Progress metrics, Optional<String> served, Runnable end)
      implements Connection {
    @Override
    public void close() {
      end.run();
    }
  }
}
