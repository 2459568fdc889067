package rollout.migration;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import rollout.strategy.Preset;

/** What the names of migration files say, where a tool numbers its migrations by them. */
public final class MigrationFiles {
  private static final Pattern GOLANG = Pattern.compile("(\\d+)_.*\\.up\\..+");
  private static final Pattern FLYWAY = Pattern.compile("V(\\d+(?:[._]\\d+)*)__.+");

  private MigrationFiles() {}

  /** The number of one of golang-migrate's; empty: it is none, or leads down. */
  static Optional<Long> number(String name) {
    Matcher matcher = GOLANG.matcher(name);
    return matcher.matches() ? Optional.of(Long.valueOf(matcher.group(1))) : Optional.empty();
  }

  /**
   * Two files of one version, which the tool would refuse; empty: there are none, as far as seen.
   */
  public static Optional<String> twice(Preset preset, List<String> names) {
    Map<String, String> seen = new HashMap<>();
    for (String name : names) {
      Optional<String> version = version(preset, name);
      String other = version.map(one -> seen.put(one, name)).orElse(null);
      if (other != null) {
        return Optional.of(other + " and " + name);
      }
    }
    return Optional.empty();
  }

  private static Optional<String> version(Preset preset, String name) {
    return switch (preset) {
      case GOLANG_MIGRATE -> number(name).map(String::valueOf);
      case FLYWAY -> {
        Matcher matcher = FLYWAY.matcher(name);
        yield matcher.matches()
            ? Optional.of(matcher.group(1).replace('_', '.').replaceFirst("^0+(?=\\d)", ""))
            : Optional.empty();
      }
      // Their names say nothing: the files themselves do.
      case ALEMBIC, FLASK, EF, LIQUIBASE -> Optional.empty();
    };
  }
}
