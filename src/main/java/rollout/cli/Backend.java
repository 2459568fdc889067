package rollout.cli;

import java.time.InstantSource;
import java.util.Optional;
import rollout.port.Connect;
import rollout.port.Progress;
import rollout.run.Verbs;

/** What the commands need from the rest of the program. */
public interface Backend {
  /** A teller without a cluster: for what goes wrong before there is one. */
  Progress progress(Telling telling);

  /** The same by another clock, in UTC: for what happens in a simulated cluster. */
  Progress progress(Telling telling, InstantSource clock);

  /** Opens a cluster for a verb that only looks. */
  Connection look(Connect.Where where, Telling telling);

  /**
   * Opens a cluster for a verb that may move traffic: the cluster and the subscribers are told too.
   *
   * @throws rollout.model.UserError when there is no such cluster, or a subscriber cannot be told
   */
  Connection drive(Connect.Where where, Telling telling, Exporting exporting);

  /** A cluster and who is told. */
  interface Connection extends AutoCloseable {
    /** What can be done. */
    Verbs verbs();

    /** Who is told. */
    Progress progress();

    /** Those of them who see nothing of what is printed here. */
    Progress away();

    /** Where the run's own metrics are served; empty: nowhere. */
    Optional<String> served();

    /** Tells what has not been told yet, for a short time at most. */
    @Override
    void close();
  }
}
