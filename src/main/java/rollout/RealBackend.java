package rollout;

import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import rollout.cli.Backend;
import rollout.cli.Console;
import rollout.cli.Telling;
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
  private final Connect connect;
  private final InstantSource clock = InstantSource.system();

  RealBackend(Console console, Connect connect) {
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
  public Connection connect(Connect.Where where, Telling telling, boolean driving) {
    if (driving) {
      // Before anything is asked of the cluster: a secret that is missing is a user's mistake.
      Notifications.check(telling.subscribers());
    }
    Ports ports = connect.to(where, progress(telling));
    // Only now the namespace is known that the context names.
    String namespace = where.namespace().orElse(ports.namespace());
    Progress people = progress(telling.in(namespace));
    if (!driving) {
      return new Open(new Rollouts(ports.telling(people)), people, event -> {}, () -> {});
    }
    Target target = new Target(telling.service(), namespace);
    EventProgress events = new EventProgress(ports.cluster(), target, clock);
    Notifications.About about =
        new Notifications.About(telling.service(), namespace, ports.nonce());
    Notifications away = new Notifications(telling.subscribers(), about, clock, this::warn);
    Progress all = new AllProgress(List.of(people, events, away));
    return new Open(
        new Rollouts(ports.telling(all)),
        all,
        away,
        () -> {
          events.close();
          away.close();
        });
  }

  // On stderr in either form: it may come after the result, which ends the JSON.
  private void warn(String sentence) {
    console.err().print(sentence + "\n");
    console.err().flush();
  }

  private record Open(Verbs verbs, Progress progress, Progress away, Runnable end)
      implements Connection {
    @Override
    public void close() {
      end.run();
    }
  }
}
