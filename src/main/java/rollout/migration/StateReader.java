package rollout.migration;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import rollout.document.Doc;
import rollout.strategy.Preset;

/**
 * Reads where a database stands from what a tool answers to {@link PresetJob#asking}. Pod logs mix
 * standard output and standard error, so everything is looked for line by line.
 */
public final class StateReader {
  private static final Pattern GOLANG = Pattern.compile("(?:.*\\s)?(\\d+)( \\(dirty\\))?\\s*");
  private static final Pattern ALEMBIC_CURRENT =
      Pattern.compile(
          "([0-9A-Za-z_]+)(?: \\((?:head|mergepoint|branchpoint|effective)[^)]*\\))*\\s*");
  private static final Pattern ALEMBIC_HISTORY =
      Pattern.compile("(\\S+(?:, \\S+)*) -> ([0-9A-Za-z_]+)\\b.*");
  private static final Pattern ALEMBIC_UNKNOWN =
      Pattern.compile(".*Can't locate revision identified by '([^']*)'.*");
  private static final Pattern LIQUIBASE_LOCK = Pattern.compile("\\s*-\\s+(.+\\S)\\s*");
  private static final Pattern LIQUIBASE_CHANGE = Pattern.compile("\\s+(\\S.*::.+::.+\\S)\\s*");

  /** A row of its history: deployment, date, path, author, id, tag. */
  private static final Pattern LIQUIBASE_APPLIED =
      Pattern.compile("\\| \\d+ +\\|[^|]+\\| ([^|]*\\S) +\\| [^|]+\\| [^|]+\\|[^|]*\\|\\s*");

  private static final Answer NONE = new Answer(List.of(), -1);
  private static final int SHOWN = 20;

  private StateReader() {}

  /**
   * One container's answer.
   *
   * @param log its lines, standard output and standard error mixed
   */
  public record Answer(List<String> log, int exitCode) {
    /** Copies the lines. */
    public Answer {
      log = List.copyOf(log);
    }
  }

  /**
   * The state that the answers tell.
   *
   * @param answers by container
   * @param files names of the migration's files, as far as somebody said which; golang-migrate
   *     itself tells nothing of what it has
   */
  public static MigrationState read(
      Preset preset, Map<String, Answer> answers, List<String> files) {
    return switch (preset) {
      case FLYWAY -> flyway(answer(answers, "info"));
      case ALEMBIC, FLASK -> alembic(answer(answers, "current"), answer(answers, "history"));
      case GOLANG_MIGRATE -> compared(golang(answer(answers, "version")), files);
      case EF -> MigrationState.unknown("an Entity Framework bundle cannot say where it stands");
      case LIQUIBASE -> liquibase(answers);
    };
  }

  private static Answer answer(Map<String, Answer> answers, String container) {
    return answers.getOrDefault(container, NONE);
  }

  private static MigrationState unreadable(Answer answer) {
    String last =
        answer.log().stream()
            .filter(line -> !line.isBlank())
            .reduce((first, second) -> second)
            .orElse("no answer");
    return MigrationState.unknown(last.strip());
  }

  // ---- Flyway

  private static MigrationState flyway(Answer info) {
    Optional<Doc> json = json(info.log());
    if (json.isEmpty() || info.exitCode() != 0) {
      return unreadable(info);
    }
    List<String> applied = new ArrayList<>();
    List<String> pending = new ArrayList<>();
    List<String> failed = new ArrayList<>();
    List<String> future = new ArrayList<>();
    for (Doc migration : json.get().docs("migrations")) {
      String version =
          migration
              .text("version")
              .filter(text -> !text.isEmpty())
              .orElse(migration.textOrEmpty("description"));
      switch (migration.textOrEmpty("state")) {
        case "Pending", "Outdated", "Above Target" -> pending.add(version);
        case "Failed" -> failed.add(version);
        case "Future" -> future.add(version);
        case "Failed (Future)" -> failed.add(version);
        case "Ignored", "Below Baseline" -> {}
        default -> applied.add(version);
      }
    }
    List<String> all = Stream.concat(applied.stream(), future.stream()).toList();
    MigrationState state =
        MigrationState.none()
            .at(all.isEmpty() ? "" : all.getLast(), all.size())
            .pending(pending)
            .failed(failed);
    return future.isEmpty() ? state : state.ahead(String.join(", ", future));
  }

  /** The JSON object among lines of other things. */
  private static Optional<Doc> json(List<String> log) {
    int from = 0;
    while (from < log.size() && !log.get(from).stripLeading().startsWith("{")) {
      from++;
    }
    int to = log.size();
    while (to > from && !log.get(to - 1).stripTrailing().endsWith("}")) {
      to--;
    }
    try {
      return from == to
          ? Optional.empty()
          : Optional.of(Doc.parse(String.join("\n", log.subList(from, to))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  // ---- Alembic

  private static MigrationState alembic(Answer current, Answer history) {
    Optional<String> unknown = found(current.log(), ALEMBIC_UNKNOWN);
    if (unknown.isPresent()) {
      return MigrationState.none().at(unknown.get(), -1).ahead(unknown.get());
    }
    if (current.exitCode() != 0 || history.exitCode() != 0) {
      return unreadable(current.exitCode() != 0 ? current : history);
    }
    List<String> heads = all(current.log(), ALEMBIC_CURRENT);
    Map<String, String> parents = new LinkedHashMap<>();
    for (String line : history.log()) {
      Matcher one = ALEMBIC_HISTORY.matcher(line);
      if (one.matches()) {
        parents.put(one.group(2), one.group(1));
      }
    }
    List<String> applied = new ArrayList<>();
    heads.forEach(head -> ancestors(head, parents, applied));
    List<String> pending =
        new ArrayList<>(parents.keySet().stream().filter(one -> !applied.contains(one)).toList());
    // The history is told from the newest on.
    java.util.Collections.reverse(pending);
    return MigrationState.none().at(String.join(", ", heads), applied.size()).pending(pending);
  }

  private static void ancestors(String of, Map<String, String> parents, List<String> into) {
    if (!parents.containsKey(of) || into.contains(of)) {
      return;
    }
    into.add(of);
    for (String parent : parents.get(of).split(", ")) {
      ancestors(parent, parents, into);
    }
  }

  // ---- golang-migrate

  private static MigrationState golang(Answer version) {
    if (version.log().stream().anyMatch(line -> line.contains("no migration"))) {
      return MigrationState.none();
    }
    for (String line : version.log().reversed()) {
      Matcher one = GOLANG.matcher(line);
      if (one.matches() && version.exitCode() == 0) {
        MigrationState state = MigrationState.none().at(one.group(1), -1);
        return one.group(2) == null ? state : state.halfDone();
      }
    }
    return unreadable(version);
  }

  private static MigrationState compared(MigrationState state, List<String> files) {
    List<Long> known =
        files.stream().map(MigrationFiles::number).flatMap(Optional::stream).sorted().toList();
    if (known.isEmpty() || state.unreadable().isPresent()) {
      return state;
    }
    long current = state.current().isEmpty() ? -1 : Long.parseLong(state.current());
    MigrationState told =
        state.pending(known.stream().filter(one -> one > current).map(String::valueOf).toList());
    return known.getLast() < current ? told.ahead(state.current()) : told;
  }

  // ---- Liquibase

  private static MigrationState liquibase(Map<String, Answer> answers) {
    Optional<Answer> refused =
        answers.values().stream().filter(answer -> answer.exitCode() != 0).findFirst();
    if (refused.isPresent() || answers.isEmpty()) {
      return unreadable(refused.orElse(NONE));
    }
    List<String> applied = all(answer(answers, "history").log(), LIQUIBASE_APPLIED);
    MigrationState state =
        MigrationState.none()
            .at(applied.isEmpty() ? "" : applied.getLast(), applied.size())
            .pending(all(answer(answers, "status").log(), LIQUIBASE_CHANGE));
    List<String> unknown = all(answer(answers, "unexpected").log(), LIQUIBASE_CHANGE);
    MigrationState compared = unknown.isEmpty() ? state : state.ahead(String.join(", ", unknown));
    return found(answer(answers, "locks").log(), LIQUIBASE_LOCK)
        .filter(line -> !line.equalsIgnoreCase("No locks"))
        .map(compared::lockedBy)
        .orElse(compared);
  }

  private static Optional<String> found(List<String> log, Pattern pattern) {
    return all(log, pattern).stream().findFirst();
  }

  private static List<String> all(List<String> log, Pattern pattern) {
    return log.stream()
        .map(pattern::matcher)
        .filter(Matcher::matches)
        .map(matcher -> matcher.group(1))
        .toList();
  }

  /** At most so many names, for a table. */
  static String some(List<String> names) {
    return names.size() <= SHOWN
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, SHOWN)) + " and " + (names.size() - SHOWN) + " more";
  }
}
