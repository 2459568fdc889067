package rollout.run;

import java.util.Optional;
import rollout.core.Observation;
import rollout.core.RolloutState;
import rollout.core.RolloutState.Course;
import rollout.document.Doc;
import rollout.migration.MigrationState;
import rollout.migration.MigrationText;
import rollout.model.Event;
import rollout.model.Phase;
import rollout.plan.JobRole;
import rollout.plan.Materials.Question;
import rollout.plan.Release;
import rollout.plan.Step;
import rollout.port.ClusterException;
import rollout.port.Ports;

/**
 * Tells where the database stands once its migration has ended well: a Job that exits with 0 and
 * has done nothing had the wrong image, or looked in the wrong folder. A finding, no verdict; the
 * release does not wait for it.
 */
final class AfterMigration implements AutoCloseable {
  private static final Step MIGRATE = new Step.RunJob(JobRole.MIGRATE);

  private final MigrationQuestion asking;
  private final Optional<Question> question;
  private final Telling telling;
  private Optional<MigrationQuestion.Asked> asked = Optional.empty();

  AfterMigration(Ports ports, Release release, Optional<Question> question, Telling telling) {
    this.asking = new MigrationQuestion(ports, release.namespace(), release.target().name());
    this.question = question;
    this.telling = telling;
  }

  /** When the migration's step is over, the question is put. */
  void advanced(RolloutState from, RolloutState to) {
    boolean done =
        from.current().filter(MIGRATE::equals).isPresent()
            && to.course() == Course.FORWARD
            && from.step() != to.step();
    if (!done) {
      return;
    }
    try {
      asked = question.flatMap(asking::begin);
    } catch (ClusterException e) {
      tell(MigrationState.unknown(String.valueOf(e.getMessage())));
    }
  }

  /** Tells the answer, when it is there. */
  void look(Observation seen) {
    if (asked.isEmpty()) {
      return;
    }
    Optional<MigrationState> answer;
    try {
      answer = asking.answer(asked.get(), seen.pods());
    } catch (ClusterException e) {
      // What is only told must not end a release.
      answer = Optional.of(MigrationState.unknown(String.valueOf(e.getMessage())));
    }
    answer.ifPresent(
        state -> {
          tell(state);
          close();
        });
  }

  private void tell(MigrationState state) {
    String left =
        state.pending().isEmpty() ? "" : ". The migration has not done all: is it the right image?";
    boolean warning =
        state.unreadable().isPresent() || state.obstacle().isPresent() || !left.isEmpty();
    telling.tell(
        new Event(
            Event.NOTE,
            Phase.MIGRATE,
            "database: "
                + MigrationText.line(state)
                + state.obstacle().map(why -> "; " + why).orElse(left),
            Doc.of("warning", warning)));
  }

  @Override
  public void close() {
    asked.ifPresent(asking::forget);
    asked = Optional.empty();
  }
}
