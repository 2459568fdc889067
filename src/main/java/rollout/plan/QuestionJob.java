package rollout.plan;

import rollout.document.Doc;
import rollout.model.Hashes;
import rollout.model.Marks;
import rollout.strategy.JobFile;

/** A Job that only asks where a database stands; it is deleted when it has answered. */
public final class QuestionJob {
  private static final int NAME_LIMIT = 52;
  private static final int SECONDS = 120;

  /** Whoever asks deletes it; this is for those that die before. */
  private static final int TIME_TO_LIVE = 300;

  private QuestionJob() {}

  /**
   * The Job, ready to be made.
   *
   * @param word that no other question has
   * @param version pod template of the version whose image it uses where it does not say another
   */
  public static Doc of(JobFile file, String target, String namespace, String word, Doc version) {
    String tail = "-ask-" + word;
    String name = Hashes.name("rollout-" + target, NAME_LIMIT - tail.length()) + tail;
    Doc spec =
        Jobs.named(Jobs.withImage(file, version).manifest().doc("spec"), name)
            .with(0, "backoffLimit")
            .with(SECONDS, "activeDeadlineSeconds")
            .with(TIME_TO_LIVE, "ttlSecondsAfterFinished")
            .with(target, "template", "metadata", "labels", Marks.TARGET);
    return Jobs.ours(namespace, name, target, spec);
  }
}
