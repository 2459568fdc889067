package rollout.real;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A database of the shop and the Job that brings it to the newest schema. */
final class Migration {
  private final Database database;
  private final String name;
  private final String url;
  private final String job;

  private Migration(Database database, String name, String url, String job) {
    this.database = database;
    this.name = name;
    this.url = url;
    this.job = job;
  }

  /**
   * Makes an empty database, and the SQL files as a ConfigMap in the shop's namespace.
   *
   * @param more folders whose files come on top of the good ones
   */
  static Migration of(Shop shop, Database database, String... more) {
    String name = shop.namespace().replace('-', '_');
    String url = database.fresh(name);
    List<String> words = new ArrayList<>(List.of("create", "configmap", "shop-sql"));
    words.add("--from-file=" + Resources.path("sql"));
    for (String folder : more) {
      Path path = Resources.path(folder);
      words.add("--from-file=" + path);
    }
    shop.kubectl(words.toArray(String[]::new));
    return new Migration(
        database, name, url, Resources.text("migrate.yaml").replace("DATABASE_URL", url));
  }

  /** Where pods find the database. */
  String url() {
    return url;
  }

  /** The Job's manifest, for {@code --migrate}. */
  String job() {
    return job;
  }

  /** The newest version applied and whether it broke off midway: {@code 2|f}. */
  String applied() {
    return database.query(name, "select version, dirty from schema_migrations");
  }
}
