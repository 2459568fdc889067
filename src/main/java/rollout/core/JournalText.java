package rollout.core;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import rollout.core.RolloutState.Course;
import rollout.core.RolloutState.GoingBack;
import rollout.document.Doc;

/**
 * A state as the journal holds it, and back. Tallies are not in it. No template and no environment
 * value is in a state, so none can get here.
 */
public final class JournalText {
  /** Rises when an older program could not read the text any more. */
  public static final int FORMAT = 1;

  private JournalText() {}

  /** The state as a document. */
  public static Doc write(RolloutState state) {
    Doc doc =
        Doc.of(
            "format", FORMAT,
            "epoch", state.epoch(),
            "by", state.by(),
            "course", state.course().name(),
            "step", state.step(),
            "stepId", state.current().map(step -> step.id()).orElse("end"),
            "stepStarted", state.stepStarted().toString(),
            "started", state.started().toString(),
            "uids", state.uids(),
            "facts", state.facts(),
            "release", ReleaseText.release(state.release()));
    return state.going().map(going -> doc.with(going(going), "going")).orElse(doc);
  }

  /**
   * Reads it back.
   *
   * @throws IllegalArgumentException when it is damaged, or of a newer program
   */
  public static RolloutState read(Doc doc) {
    if (doc.number(0, "format") != FORMAT) {
      throw new IllegalArgumentException(
          "journal of format " + doc.number(0, "format") + "; this program reads " + FORMAT);
    }
    try {
      return checked(
          new RolloutState(
              ReleaseText.readRelease(doc.doc("release")),
              Course.valueOf(doc.textOrEmpty("course")),
              (int) doc.number(0, "step"),
              Instant.parse(doc.textOrEmpty("stepStarted")),
              Instant.parse(doc.textOrEmpty("started")),
              doc.number(0, "epoch"),
              doc.textOrEmpty("by"),
              doc.texts("uids"),
              doc.texts("facts"),
              doc.has("going") ? Optional.of(readGoing(doc.doc("going"))) : Optional.empty(),
              Tallies.NONE));
    } catch (java.time.DateTimeException e) {
      throw new IllegalArgumentException("damaged journal: " + e.getMessage(), e);
    }
  }

  /** A step that is none would look like the end, and the end like success. */
  private static RolloutState checked(RolloutState state) {
    if (state.step() < 0 || state.step() > state.steps().size()) {
      throw new IllegalArgumentException("damaged journal: there is no step " + state.step());
    }
    if (state.by().isEmpty() || (state.course() != Course.FORWARD && state.going().isEmpty())) {
      throw new IllegalArgumentException("damaged journal: the driver or the reason is missing");
    }
    return state;
  }

  private static Doc going(GoingBack going) {
    Doc doc =
        Doc.of(
            "cause", going.cause().word(),
            "reason", going.reason(),
            "leftAt", going.leftAt(),
            "shifted", going.shifted(),
            "detected", going.detected().toString(),
            "decided", going.decided().toString());
    Doc written = going.written().map(at -> doc.with(at.toString(), "written")).orElse(doc);
    return going.observed().map(at -> written.with(at.toString(), "observed")).orElse(written);
  }

  private static GoingBack readGoing(Doc doc) {
    return new GoingBack(
        Cause.of(doc.textOrEmpty("cause")),
        doc.textOrEmpty("reason"),
        (int) doc.number(0, "leftAt"),
        doc.isTrue("shifted"),
        Instant.parse(doc.textOrEmpty("detected")),
        Instant.parse(doc.textOrEmpty("decided")),
        doc.text("written").map(Instant::parse),
        doc.text("observed").map(Instant::parse));
  }

  /** One entry of the history as a document. */
  public static Doc history(HistoryEntry entry) {
    Doc doc =
        Doc.of(
            "revision", entry.revision(),
            "kind", entry.kind(),
            "outcome", entry.outcome(),
            "started", entry.started().toString(),
            "images", entry.images(),
            "replicaSet", entry.replicaSet(),
            "templateHash", entry.templateHash(),
            "reason", entry.reason(),
            "healthVerdict", entry.healthVerdict(),
            "times", entry.times().stream().map(Instant::toString).toList(),
            "job", entry.job(),
            "built", entry.built(),
            "schema", ReleaseText.schema(entry.schema()));
    return entry.ended().map(at -> doc.with(at.toString(), "ended")).orElse(doc);
  }

  /** Reads an entry of the history. */
  public static HistoryEntry readHistory(Doc doc) {
    List<Instant> times = doc.textList("times").stream().map(Instant::parse).toList();
    return new HistoryEntry(
        (int) doc.number(0, "revision"),
        doc.textOrEmpty("kind"),
        doc.textOrEmpty("outcome"),
        Instant.parse(doc.textOrEmpty("started")),
        doc.text("ended").map(Instant::parse),
        doc.textList("images"),
        doc.textOrEmpty("replicaSet"),
        doc.textOrEmpty("templateHash"),
        doc.textOrEmpty("reason"),
        doc.isTrue("healthVerdict"),
        times,
        doc.textOrEmpty("job"),
        doc.number(0, "built"),
        ReleaseText.readSchema(doc.doc("schema")));
  }
}
