package rollout.real;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** PostgreSQL inside the lab's network, where pods reach it. */
final class Database implements AutoCloseable {
  private final String script;
  private final boolean ours;

  private Database(String script, boolean ours) {
    this.script = script;
    this.ours = ours;
  }

  /** The one that runs already, or a new one, which is then ended with these tests. */
  static Database start(FullLab lab) {
    String script = lab.script().resolveSibling("db").resolve("db").toString();
    boolean up =
        Command.run(Command.USUAL, "", List.of(script, "status", "--in-lab")).exitCode() == 0;
    if (!up) {
      // Installing the server, where it is not, takes most of it.
      Command.must(Duration.ofMinutes(5), "", List.of(script, "up", "--in-lab"));
    }
    return new Database(script, !up);
  }

  /** Makes an empty database and says its URL. */
  String fresh(String name) {
    return run("fresh", name);
  }

  /** What a query answers: columns separated by {@code |}, one row a line. */
  String query(String name, String sql) {
    return run("psql", name, "-At", "-c", sql);
  }

  private String run(String verb, String... words) {
    List<String> all = new ArrayList<>(List.of(script, verb, "--in-lab"));
    all.addAll(List.of(words));
    return Command.must(Command.USUAL, "", all);
  }

  @Override
  public void close() {
    if (ours) {
      run("down");
    }
  }
}
