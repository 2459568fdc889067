package rollout.migration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.document.Doc;
import rollout.strategy.JobFile;
import rollout.strategy.Migration;
import rollout.strategy.Preset;

/**
 * The Job that a preset stands for. Its pod meets the Pod Security Standard {@code restricted}, has
 * no token of the API server, and is not moved by autoscalers while it runs.
 *
 * @param image a reference, or {@value #CANDIDATE}
 * @param secret a Secret whose keys are the container's environment; the program never reads it
 * @param command instead of the preset's own; empty: that one
 */
public record PresetJob(
    Preset preset, String image, Optional<String> secret, Duration deadline, List<String> command) {
  /** The image of the candidate's first container, whatever it is. */
  public static final String CANDIDATE = "candidate";

  /** The variable that the Job's own name is put into, for {@code application_name}. */
  public static final String NAME_VARIABLE = "ROLLOUT_NAME";

  /** Annotations of a pod that autoscalers leave in peace. */
  public static final Map<String, String> UNDISTURBED =
      Map.of(
          "cluster-autoscaler.kubernetes.io/safe-to-evict", "false",
          "karpenter.sh/do-not-disrupt", "true");

  /** The name of the container. */
  public static final String CONTAINER = "migrate";

  /** A user that no image gives rights to; images of others often have root. */
  private static final int NOBODY = 65532;

  /**
   * Read by libpq and lib/pq: a statement that waits for a lock gives up before it stalls everybody
   * behind it, and the server ends what runs for a client that is gone (PostgreSQL 14 and newer).
   */
  private static final String LIBPQ = "-c lock_timeout=3s -c client_connection_check_interval=1s";

  /** Copies the list. */
  public PresetJob {
    command = List.copyOf(command);
  }

  /** What the tool is called with to bring the database to the newest schema. */
  public static List<String> migrating(Preset preset) {
    return switch (preset) {
      case FLYWAY -> List.of("flyway", "migrate");
      case ALEMBIC -> List.of("alembic", "upgrade", "head");
      case FLASK -> List.of("flask", "db", "upgrade");
      case GOLANG_MIGRATE ->
          List.of("migrate", "-path=/migrations", "-database=$(DATABASE_URL)", "up");
      case EF -> List.of("./efbundle", "--connection", "$(DATABASE_URL)");
      case LIQUIBASE -> List.of("liquibase", "update");
    };
  }

  /**
   * What it is called with to say where the database stands: by container, in order, one after the
   * other, since Liquibase's two make its tables in an empty database; none: it cannot say.
   */
  public static Map<String, List<String>> asking(Preset preset) {
    Map<String, List<String>> all = new LinkedHashMap<>();
    switch (preset) {
      case FLYWAY -> all.put("info", List.of("flyway", "info", "-outputType=json"));
      case ALEMBIC -> {
        all.put("history", List.of("alembic", "history"));
        all.put("current", List.of("alembic", "current"));
      }
      case FLASK -> {
        all.put("history", List.of("flask", "db", "history"));
        all.put("current", List.of("flask", "db", "current"));
      }
      case GOLANG_MIGRATE ->
          all.put(
              "version",
              List.of("migrate", "-path=/migrations", "-database=$(DATABASE_URL)", "version"));
      case EF -> {}
      case LIQUIBASE -> {
        all.put("locks", List.of("liquibase", "list-locks"));
        all.put("history", List.of("liquibase", "history"));
        all.put("unexpected", List.of("liquibase", "unexpected-changesets", "--verbose"));
        all.put("status", List.of("liquibase", "status", "--verbose"));
      }
    }
    return all;
  }

  /**
   * The migration that it stands for.
   *
   * @param files names of the migration's files, as far as somebody says which they are
   */
  public Migration migration(List<String> files) {
    String place = "migration.preset " + preset.word();
    return Migration.of(new JobFile(place, manifest()))
        .by(new Migration.Tool(preset, question().map(doc -> new JobFile(place, doc)), files));
  }

  /**
   * The same tool as in a Job that has migrated, asked where its database stands: by the same
   * image, with the same rights.
   *
   * @param job that this made, as the cluster has it
   */
  public static Migration.Tool again(Preset preset, Doc job) {
    Doc pod = job.doc("spec", "template", "spec");
    Doc migrating = pod.docs("containers").getFirst().without("args");
    List<Doc> containers = new ArrayList<>();
    asking(preset)
        .forEach(
            (name, words) -> containers.add(migrating.with(name, "name").with(words, "command")));
    Optional<JobFile> question =
        containers.isEmpty()
            ? Optional.empty()
            : Optional.of(new JobFile(job.textOrEmpty("metadata", "name"), job(pod, containers)));
    return new Migration.Tool(preset, question, List.of());
  }

  /** The manifest of the migration. */
  Doc manifest() {
    List<String> words = command.isEmpty() ? migrating(preset) : command;
    return job(pod(), List.of(container(CONTAINER, words)))
        .with(deadline.toSeconds(), "spec", "activeDeadlineSeconds");
  }

  /** The manifest of the question where the database stands; empty: the tool cannot say. */
  Optional<Doc> question() {
    List<Doc> containers = new ArrayList<>();
    asking(preset).forEach((name, words) -> containers.add(container(name, words)));
    return containers.isEmpty() ? Optional.empty() : Optional.of(job(pod(), containers));
  }

  private Doc container(String name, List<String> words) {
    Doc container =
        Doc.of(
            "name",
            name,
            "image",
            image,
            "command",
            words,
            "env",
            environment(),
            "resources",
            Doc.of(
                "requests", Doc.of("cpu", "100m", "memory", "256Mi"),
                "limits", Doc.of("memory", "1Gi")),
            "securityContext",
            Doc.of(
                "allowPrivilegeEscalation", false, "capabilities", Doc.of("drop", List.of("ALL"))),
            "terminationMessagePolicy",
            "FallbackToLogsOnError");
    return secret
        .map(
            one ->
                container.with(
                    List.of(Doc.of("secretRef", Doc.of("name", one)).members()), "envFrom"))
        .orElse(container);
  }

  /** Flyway and Liquibase go by JDBC, which reads neither: there the URL says it, or the role. */
  private List<Doc> environment() {
    return switch (preset) {
      case ALEMBIC, FLASK, GOLANG_MIGRATE, EF ->
          List.of(
              Doc.of("name", "PGOPTIONS", "value", LIBPQ),
              Doc.of("name", "PGAPPNAME", "value", "$(" + NAME_VARIABLE + ")"));
      case FLYWAY, LIQUIBASE -> List.of();
    };
  }

  private static Doc pod() {
    return Doc.of(
        "restartPolicy",
        "Never",
        "automountServiceAccountToken",
        false,
        "securityContext",
        Doc.of(
            "runAsNonRoot",
            true,
            "runAsUser",
            NOBODY,
            "seccompProfile",
            Doc.of("type", "RuntimeDefault")));
  }

  /** All but the last one come first, one after the other. */
  private static Doc job(Doc pod, List<Doc> containers) {
    List<Doc> first = containers.subList(0, containers.size() - 1);
    Doc whole = pod.with(List.of(containers.getLast()), "containers");
    Doc metadata = Doc.of("labels", Doc.of("sidecar.istio.io/inject", "false"));
    return Doc.of(
        "apiVersion",
        "batch/v1",
        "kind",
        "Job",
        "metadata",
        Doc.of("name", "migrate"),
        "spec",
        Doc.of(
            "template",
            Doc.of(
                "metadata",
                metadata,
                "spec",
                first.isEmpty()
                    ? whole.without("initContainers")
                    : whole.with(first, "initContainers"))));
  }
}
