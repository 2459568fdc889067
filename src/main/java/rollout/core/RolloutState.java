package rollout.core;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.model.Schema;
import rollout.model.Stamp;
import rollout.model.Way;
import rollout.plan.Form;
import rollout.plan.JobRole;
import rollout.plan.Release;
import rollout.plan.Step;
import rollout.plan.Steps;

/**
 * Where a release stands. Everything but {@link #tallies} is in the journal; the tallies begin anew
 * in a new driver, which at worst makes it look once more before it judges.
 *
 * @param course which list of steps it follows
 * @param step index in that list; its length when all are done
 * @param stepStarted when the step was entered
 * @param started when the release began
 * @param uids of what this release made: by kind and name
 * @param facts single values that a later step needs, such as the hash of stable's new ReplicaSet
 * @param going why and since when it goes back; empty while it goes forward
 */
public record RolloutState(
    Release release,
    Course course,
    int step,
    Instant stepStarted,
    Instant started,
    long epoch,
    String by,
    Map<String, String> uids,
    Map<String, String> facts,
    Optional<GoingBack> going,
    Tallies tallies) {

  /** The lists of steps. */
  public enum Course {
    FORWARD,
    BACK,
    BACK_FROM_SETTLE
  }

  /** Copies the maps. */
  public RolloutState {
    uids = Map.copyOf(uids);
    facts = Map.copyOf(facts);
  }

  /** A release that is about to begin. */
  public static RolloutState begin(Release release, Instant now, long epoch, String by) {
    return new RolloutState(
        release,
        Course.FORWARD,
        0,
        now,
        now,
        epoch,
        by,
        Map.of(),
        Map.of(),
        Optional.empty(),
        Tallies.NONE);
  }

  /** The list that is followed. */
  public List<Step> steps() {
    return switch (course) {
      case FORWARD -> Steps.forward(release);
      case BACK -> Steps.back(release);
      case BACK_FROM_SETTLE -> Steps.backFromSettle(release);
    };
  }

  /** The step in progress; empty when all are done. */
  public Optional<Step> current() {
    List<Step> steps = steps();
    return step < steps.size() ? Optional.of(steps.get(step)) : Optional.empty();
  }

  /**
   * Whether a step of the forward list lies behind; also while going back, as the course was left
   * there.
   */
  public boolean passed(Class<? extends Step> kind) {
    int reached = course == Course.FORWARD ? step : going.map(GoingBack::leftAt).orElse(0);
    List<Step> steps = Steps.forward(release);
    for (Step one : steps.subList(0, Math.min(reached, steps.size()))) {
      if (kind.isInstance(one)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether the migration is done, or may be: one that ran on while the release went back has
   * migrated unless it failed.
   */
  public boolean migrated() {
    boolean failed = going.filter(one -> one.cause() == Cause.JOB).isPresent();
    return begun(1) || (begun(0) && course != Course.FORWARD && !failed);
  }

  /**
   * The database as this release leaves it. A migration that failed may be half done: what it needs
   * newer versions for counts, what it brings does not.
   */
  public Schema schema() {
    Schema before = release.database().before();
    Schema after = release.database().after();
    boolean half = release.form() == Form.CONTRACT && begun(0);
    return migrated() ? after : half ? before.after(0, after.floor()) : before;
  }

  /** Whether it came as far as the migration, or so many steps further. */
  private boolean begun(int further) {
    int at = Steps.forward(release).indexOf(new Step.RunJob(JobRole.MIGRATE));
    int reached = course == Course.FORWARD ? step : going.map(GoingBack::leftAt).orElse(0);
    return at >= 0 && reached >= at + further;
  }

  /** Whether a step of the forward list is in progress or lies behind. */
  public boolean reached(Class<? extends Step> kind) {
    return passed(kind)
        || (course == Course.FORWARD && current().filter(kind::isInstance).isPresent());
  }

  /** Percent of the requests that were last asked for, going forward. */
  public int share() {
    List<Step> steps = Steps.forward(release);
    int reached = course == Course.FORWARD ? step : -1;
    int share = 0;
    for (Step one : steps.subList(0, Math.min(reached + 1, steps.size()))) {
      if (one instanceof Step.Shift(int stage, int percent)) {
        share = percent;
      } else if (one instanceof Step.Switch) {
        share = 100;
      }
    }
    return share;
  }

  /** Who has the requests, as far as it was asked for: {@code all on shop}. */
  public String serves() {
    int share = share();
    String stable = release.stable().name();
    String candidate = release.candidate().name();
    if (share > 0 && share < 100) {
      return (100 - share) + " % on " + stable + ", " + share + " % on " + candidate;
    }
    return "all on " + (share == 0 ? stable : candidate);
  }

  /** Which way it goes. */
  public Way way() {
    return course == Course.FORWARD ? Way.FORWARD : Way.BACK;
  }

  /** What is written on every object that this driver steers. */
  public Stamp stamp() {
    return new Stamp(epoch, by, way());
  }

  /** The next step, entered now. */
  RolloutState next(Instant now) {
    return new RolloutState(
        release,
        course,
        step + 1,
        now,
        started,
        epoch,
        by,
        uids,
        facts,
        going,
        tallies.atNewStep());
  }

  /** At another step of the list that it follows. */
  RolloutState at(int other) {
    return new RolloutState(
        release, course, other, stepStarted, started, epoch, by, uids, facts, going, tallies);
  }

  /** Going back from here. */
  RolloutState back(Course backwards, GoingBack why, Instant now) {
    return new RolloutState(
        release,
        backwards,
        0,
        now,
        started,
        epoch,
        by,
        uids,
        facts,
        Optional.of(why),
        tallies.atNewStep());
  }

  /** With what was made. */
  RolloutState made(String name, String uid) {
    Map<String, String> more = new LinkedHashMap<>(uids);
    more.put(name, uid);
    return new RolloutState(
        release, course, step, stepStarted, started, epoch, by, more, facts, going, tallies);
  }

  /** With a value to remember. */
  public RolloutState noting(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(facts);
    more.put(name, value);
    return new RolloutState(
        release, course, step, stepStarted, started, epoch, by, uids, more, going, tallies);
  }

  /** Without a value that is not needed any more. */
  RolloutState forgetting(String name) {
    Map<String, String> fewer = new LinkedHashMap<>(facts);
    fewer.remove(name);
    return new RolloutState(
        release, course, step, stepStarted, started, epoch, by, uids, fewer, going, tallies);
  }

  /** With other tallies; nothing that the journal holds changes. */
  RolloutState counting(Tallies now) {
    return new RolloutState(
        release, course, step, stepStarted, started, epoch, by, uids, facts, going, now);
  }

  /** With another account of the way back. */
  RolloutState going(GoingBack now) {
    return new RolloutState(
        release,
        course,
        step,
        stepStarted,
        started,
        epoch,
        by,
        uids,
        facts,
        Optional.of(now),
        tallies);
  }

  /** In the hands of another driver, who begins the step anew. */
  public RolloutState takenOver(long newEpoch, String newBy, Instant now) {
    return new RolloutState(
        release, course, step, now, started, newEpoch, newBy, uids, facts, going, Tallies.NONE);
  }

  /** With one more write of this step counted. */
  public RolloutState tried() {
    return counting(tallies.triedOnce());
  }

  /**
   * Whether the first write back is still to come: the journal waits for it, since traffic goes
   * first.
   */
  public boolean trafficFirst() {
    return course != Course.FORWARD
        && step == 0
        && going.filter(one -> one.written().isEmpty()).isPresent()
        && release.form().steers();
  }

  /** Whether the journal would say the same of both. */
  public boolean sameInJournal(RolloutState other) {
    return counting(Tallies.NONE).equals(other.counting(Tallies.NONE));
  }

  /**
   * The account of a way back.
   *
   * @param cause what kind of reason
   * @param reason one sentence for people
   * @param leftAt index in the forward list at which it turned
   * @param shifted whether the candidate had, or may have had, production traffic
   * @param detected when the evidence was there
   * @param decided when the core said so
   * @param written when the first write that moves traffic had been answered
   * @param observed when the endpoints showed it
   */
  public record GoingBack(
      Cause cause,
      String reason,
      int leftAt,
      boolean shifted,
      Instant detected,
      Instant decided,
      Optional<Instant> written,
      Optional<Instant> observed) {
    GoingBack writtenAt(Instant at) {
      return new GoingBack(
          cause, reason, leftAt, shifted, detected, decided, Optional.of(at), observed);
    }

    GoingBack observedAt(Instant at) {
      return new GoingBack(
          cause, reason, leftAt, shifted, detected, decided, written, Optional.of(at));
    }
  }
}
