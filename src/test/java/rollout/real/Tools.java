package rollout.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import rollout.document.Doc;
import rollout.migration.PresetJob;
import rollout.strategy.Preset;

/**
 * A migration tool in an image, as Jobs on the node. It has four sets of the same migrations: the
 * first two, three, and those three with one more that fails or takes 6 s.
 */
final class Tools {
  private static boolean made;

  private final Shop shop;
  private final Preset preset;
  private final Database server;
  private final String database;
  private int jobs;

  private Tools(Shop shop, Preset preset, Database server, String database) {
    this.shop = shop;
    this.preset = preset;
    this.server = server;
    this.database = database;
  }

  /** One with an empty database of its own, and a Secret for each of its sets. */
  static Tools of(Shop shop, Database server, Preset preset, String word) {
    images(shop.lab());
    String database = (shop.namespace() + "-" + word).replace('-', '_');
    Tools tools = new Tools(shop, preset, server, database);
    String url = server.fresh(database);
    for (String set : List.of("2", "3", "fail", "slow")) {
      List<String> words = new ArrayList<>(List.of("create", "secret", "generic"));
      words.add(tools.secret(set));
      tools
          .environment(url, set)
          .forEach((name, value) -> words.add("--from-literal=" + name + "=" + value));
      shop.kubectl(words.toArray(String[]::new));
    }
    return tools;
  }

  private static synchronized void images(FullLab lab) {
    if (made) {
      return;
    }
    Path out = Path.of("target", "real", "images").toAbsolutePath();
    Command.must(
        Duration.ofMinutes(6),
        "",
        List.of(
            Resources.path("tool-images.sh").toString(),
            lab.script().getParent().toString(),
            out.toString()));
    lab.image("tools-java:lab", out.resolve("java"));
    lab.image("tools-python:lab", out.resolve("python"));
    for (String set : List.of("2", "3", "fail", "slow")) {
      lab.image("tools-golang:" + set, out.resolve("golang-" + set));
    }
    made = true;
  }

  /** The image that has a set's files. */
  String image(String set) {
    return switch (preset) {
      case FLYWAY, LIQUIBASE -> "tools-java:lab";
      case ALEMBIC, FLASK -> "tools-python:lab";
      case GOLANG_MIGRATE -> "tools-golang:" + set;
      case EF -> throw new IllegalArgumentException("no such image");
    };
  }

  /** The Secret that the tool's variables for a set are in. */
  String secret(String set) {
    return "db-" + set + "-" + database.replace('_', '-');
  }

  private Map<String, String> environment(String url, String set) {
    String address = url.substring(url.indexOf("//") + 2);
    String host = address.substring(address.indexOf('@') + 1, address.indexOf('/'));
    String jdbc = "jdbc:postgresql://" + host + "/" + database;
    String files = "/sets/" + set;
    Map<String, String> all = new TreeMap<>();
    switch (preset) {
      case FLYWAY -> {
        all.put("FLYWAY_URL", jdbc);
        all.put("FLYWAY_USER", "shop");
        all.put("FLYWAY_LOCATIONS", "filesystem:" + files + "/sql");
      }
      case LIQUIBASE -> {
        all.put("LIQUIBASE_COMMAND_URL", jdbc);
        all.put("LIQUIBASE_COMMAND_USERNAME", "shop");
        all.put("LIQUIBASE_COMMAND_CHANGELOG_FILE", "changelog.yaml");
        all.put("LIQUIBASE_SEARCH_PATH", files);
        all.put("LIQUIBASE_SHOW_BANNER", "false");
      }
      case ALEMBIC -> {
        all.put("DATABASE_URL", "postgresql+psycopg2://shop@" + host + "/" + database);
        all.put("ALEMBIC_CONFIG", files + "/alembic/alembic.ini");
      }
      case FLASK -> {
        all.put("DATABASE_URL", "postgresql+psycopg2://shop@" + host + "/" + database);
        all.put("FLASK_APP", files + "/flask/app.py");
      }
      case GOLANG_MIGRATE -> all.put("DATABASE_URL", url);
      case EF -> throw new IllegalArgumentException("no such tool here");
    }
    return all;
  }

  /** Starts the Job of the preset on a set, and names it. */
  String start(String set, String... command) {
    String name = preset.word() + "-" + ++jobs + "-" + database.replace('_', '-');
    PresetJob job =
        new PresetJob(
            preset, image(set), Optional.of(secret(set)), Duration.ofMinutes(3), List.of(command));
    Doc manifest =
        job.migration(List.of())
            .job()
            .manifest()
            .with(name, "metadata", "name")
            .with(0, "spec", "backoffLimit");
    shop.lab().apply(shop.namespace(), manifest.json());
    return name;
  }

  /** Waits for a Job's end and says the exit code of its container. */
  int exitCode(String job) {
    shop.kubectl(
        "wait", "job/" + job, "--for=jsonpath={.status.conditions[0].type}", "--timeout=170s");
    String code =
        shop.kubectl(
            "get",
            "pods",
            "-l",
            "job-name=" + job,
            "-o",
            "jsonpath={.items[0].status.containerStatuses[0].state.terminated.exitCode}");
    return Integer.parseInt(code);
  }

  /** Runs the preset's Job on a set and says its exit code. */
  int migrate(String set, String... command) {
    return exitCode(start(set, command));
  }

  /** Kills a Job's container in the midst of a statement that takes 6 s. */
  void killMidway(String job) {
    server.query(
        database,
        "do $$ begin for i in 1..600 loop perform pg_stat_clear_snapshot(); exit when exists("
            + "select from pg_stat_activity where datname = current_database()"
            + " and pid <> pg_backend_pid() and wait_event = 'PgSleep');"
            + " perform pg_sleep(0.1); end loop; end $$");
    // The kubelet tells a while later which container it is.
    shop.kubectl(
        "wait",
        "pods",
        "-l",
        "job-name=" + job,
        "--for=jsonpath={.status.containerStatuses[0].containerID}",
        "--timeout=60s");
    String id =
        shop.kubectl(
            "get",
            "pods",
            "-l",
            "job-name=" + job,
            "-o",
            "jsonpath={.items[0].status.containerStatuses[0].containerID}");
    Command.must(
        Command.USUAL,
        "",
        List.of(
            shop.lab().script().toString(),
            "ctr",
            "tasks",
            "kill",
            "-s",
            "SIGKILL",
            id.substring("containerd://".length())));
  }

  /**
   * Waits until nobody is connected any more: the server may go on without its client. Where the
   * pod's network went before its last packet, the server never hears that the client is dead, and
   * keeps its locks; a person then ends it there.
   */
  void awaitQuiet() {
    server.query(
        database,
        """
        do $$
        declare others int;
        begin
          for i in 1..300 loop
            perform pg_stat_clear_snapshot();
            select count(*) into others from pg_stat_activity
              where datname = current_database() and pid <> pg_backend_pid()
                and backend_type = 'client backend';
            if others = 0 then return; end if;
            if i = 150 then
              perform pg_terminate_backend(pid) from pg_stat_activity
                where datname = current_database() and pid <> pg_backend_pid()
                  and backend_type = 'client backend';
            end if;
            perform pg_sleep(0.1);
          end loop;
          raise exception 'still connected: % others', others;
        end $$\
        """);
  }

  /** A strategy with the preset on a set; golang-migrate's files are told by their names. */
  Path strategy(String set, String... more) {
    int files = set.equals("2") ? 2 : set.equals("3") ? 3 : 4;
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= files; i++) {
      String name = "%06d_step.up.sql".formatted(i);
      shop.file(name, "select 1;\n");
      names.add('"' + name + '"');
    }
    String yaml =
        """
        apiVersion: rollout/v1
        kind: BlueGreen
        target: {service: shop}
        migration:
          preset: %s
          image: %s
          env: {secret: %s}
          lint: {files: %s}
        """
            .formatted(preset.word(), image(set), secret(set), names);
    return shop.file("strategy-" + set + ".yaml", yaml + String.join("\n", more));
  }

  /** No pod may run in the shop's namespace but what the strictest standard allows. */
  static void restricted(Shop shop) {
    shop.lab()
        .kubectl(
            "label",
            "namespace",
            shop.namespace(),
            "pod-security.kubernetes.io/enforce=restricted");
  }

  /** What a status said as JSON, which ended with this code. */
  static Doc asserted(Program.Ended status, int exitCode) {
    assertThat(status.exitCode()).as(status.transcript()).isEqualTo(exitCode);
    return Doc.parse(status.out().getLast());
  }

  /** Where the program says that the database stands, by the files of a set. */
  Program.Ended status(String set) {
    return shop.rollout("migration", "status", "-s", strategy(set).toString()).end();
  }
}
