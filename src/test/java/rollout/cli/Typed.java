package rollout.cli;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import rollout.model.Event;
import rollout.port.Connect;
import rollout.port.Progress;

/** A command line that is typed in a test: what it said, and how it ended. */
final class Typed implements Backend {
  final RecordedVerbs verbs = new RecordedVerbs();
  final List<Event> told = new ArrayList<>();
  final List<Connect.Where> connected = new ArrayList<>();
  final List<Exporting> exported = new ArrayList<>();
  final List<Event> measured = new ArrayList<>();
  final List<Telling> tellings = new ArrayList<>();
  final Map<String, String> environment = new HashMap<>();
  final List<Integer> halted = new CopyOnWriteArrayList<>();
  Runnable onHalt = () -> {};
  boolean serves;
  String stdin = "";
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  int run(String... words) {
    return shell().run(List.of(words)).number();
  }

  Shell shell() {
    return new Shell(console(), this);
  }

  Console console() {
    return new Console(
        new PrintWriter(out),
        new PrintWriter(err),
        new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)),
        environment,
        false,
        code -> {
          halted.add(code);
          onHalt.run();
        });
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }

  @Override
  public Progress progress(Telling telling) {
    tellings.add(telling);
    return told::add;
  }

  @Override
  public Progress progress(Telling telling, java.time.InstantSource clock) {
    return progress(telling);
  }

  @Override
  public Connection look(Connect.Where where, Telling telling) {
    return drive(where, telling, Exporting.NONE);
  }

  @Override
  public Connection drive(Connect.Where where, Telling telling, Exporting exporting) {
    connected.add(where);
    exported.add(exporting);
    Progress progress = progress(telling);
    return new Connection() {
      @Override
      public RecordedVerbs verbs() {
        return verbs;
      }

      @Override
      public Progress progress() {
        return progress;
      }

      @Override
      public Progress away() {
        return measured::add;
      }

      @Override
      public Optional<String> served() {
        return exporting
            .serve()
            .filter(place -> serves)
            .map(place -> "http://" + place.host() + "/metrics");
      }

      @Override
      public void close() {}
    };
  }
}
