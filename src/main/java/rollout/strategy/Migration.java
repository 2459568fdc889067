package rollout.strategy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import rollout.document.Doc;

/**
 * What a release does to the database, and how it proves that the version still serving can live
 * with it.
 *
 * @param job runs to its end before anything else changes
 * @param tool that the job runs, where it is one that the program knows
 * @param undo command that takes the migration back, in the same container; empty: there is none
 * @param schema number of the newest migration in it, which a candidate given as an image is built
 *     with; 0: nobody says
 * @param floor versions built with an older migration cannot run afterwards; 0: all can
 * @param contract what follows when nothing needs the old schema any more; empty: nothing
 * @param sharing who else has to do with the database
 */
public record Migration(
    JobFile job,
    Optional<Tool> tool,
    Compatibility compatibility,
    List<String> undo,
    long schema,
    long floor,
    Optional<Contract> contract,
    Sharing sharing) {
  /** Copies the list. */
  public Migration {
    undo = List.copyOf(undo);
  }

  /** Stands for the hooks that the candidate's manifests bring. */
  private static final JobFile HOOKS = new JobFile("migration.helmHook", Doc.EMPTY);

  /** The hooks of the candidate's manifests, whatever they will be. */
  public static Migration ofHooks() {
    return of(HOOKS);
  }

  /** Whether the candidate's manifests say what runs. */
  public boolean isOfHooks() {
    return job.equals(HOOKS);
  }

  /** A migration with everything else at its default. */
  public static Migration of(JobFile job) {
    return new Migration(
        job,
        Optional.empty(),
        Compatibility.DEFAULT,
        List.of(),
        0,
        0,
        Optional.empty(),
        Sharing.NONE);
  }

  /** The same, by another Job. */
  public Migration by(JobFile other) {
    return new Migration(
        other, Optional.empty(), compatibility, undo, schema, floor, contract, sharing);
  }

  /** The same, by this tool. */
  public Migration by(Tool one) {
    return new Migration(
        job, Optional.of(one), compatibility, undo, schema, floor, contract, sharing);
  }

  /** The same, with another proof and another undo. */
  public Migration proven(Compatibility other, List<String> back) {
    return new Migration(job, tool, other, back, schema, floor, contract, sharing);
  }

  /** The same, saying of itself what is in it. */
  public Migration numbered(long newest, long least) {
    return new Migration(job, tool, compatibility, undo, newest, least, contract, sharing);
  }

  /** The same, with what follows later. */
  public Migration contracted(Optional<Contract> later) {
    return new Migration(job, tool, compatibility, undo, schema, floor, later, sharing);
  }

  /** The same, on a database that others use. */
  public Migration sharing(Sharing others) {
    return new Migration(job, tool, compatibility, undo, schema, floor, contract, others);
  }

  /**
   * Takes away what only older versions used.
   *
   * @param command in the migration's container
   * @param floor versions built with an older migration cannot run afterwards; at least 1
   */
  public record Contract(List<String> command, long floor) {
    /** Copies the list. */
    public Contract {
      command = List.copyOf(command);
    }
  }

  /**
   * A database that is not the target's alone.
   *
   * @param database a name that all who migrate it know, as {@code NAME} or {@code NAMESPACE/NAME}:
   *     one of them at a time; empty: nobody else does
   * @param users workloads of others that use it, as {@code NAME} or {@code NAMESPACE/NAME}
   */
  public record Sharing(String database, List<String> users) {
    /** Nobody else. */
    public static final Sharing NONE = new Sharing("", List.of());

    /** The database as {@code NAMESPACE/NAME}; empty: it has no name. */
    public String in(String namespace) {
      return database.isEmpty() || database.contains("/") ? database : namespace + "/" + database;
    }

    /** Copies the list. */
    public Sharing {
      users = List.copyOf(users);
    }
  }

  /**
   * A tool that the program knows.
   *
   * @param question a Job that makes it say where the database stands; empty: it cannot
   * @param files names of the migration's files, as far as the strategy says which they are
   */
  public record Tool(Preset preset, Optional<JobFile> question, List<String> files) {
    /** Copies the list. */
    public Tool {
      files = List.copyOf(files);
    }
  }

  /**
   * How stable proves itself on the new schema, before any pod of the candidate is made.
   *
   * @param freshPod one new pod of stable must start and stay ready
   * @param command a test of its own that stable's image has; empty: none
   * @param watchStable how long stable's errors, latency and restarts are watched after the
   *     migration; zero: not at all
   * @param onStableBroken what follows when it is hurt
   */
  public record Compatibility(
      boolean freshPod, List<String> command, Duration watchStable, OnStableBroken onStableBroken) {
    /** A fresh pod, and a minute of production. */
    public static final Compatibility DEFAULT =
        new Compatibility(true, List.of(), Duration.ofMinutes(1), OnStableBroken.HOLD);

    /** Copies the list. */
    public Compatibility {
      command = List.copyOf(command);
    }
  }

  /** What follows when stable cannot live with the new schema. */
  public enum OnStableBroken {
    /** Wait for a person, who goes forward or back. */
    HOLD,
    /** Take the migration back, and end. */
    UNDO,
    /** Go on: the candidate is made for this schema. */
    FORWARD
  }
}
