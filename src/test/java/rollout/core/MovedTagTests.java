package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;
import rollout.plan.Step;

/** Whether what migrated and what shall serve are of one image. */
class MovedTagTests {
  private final RolloutState verify = Seen.in(Seen.migrating(), Step.Verify.class);

  private static Doc running(Doc pod, String image, String id) {
    return Seen.container(
            pod, Doc.of("name", "app", "imageID", id, "state", Doc.of("running", Doc.EMPTY)))
        .with(List.of(Doc.of("name", "app", "image", image)), "spec", "containers");
  }

  private Optional<String> found(String migrated, String migratedId, String runs, String runsId) {
    Doc job = Doc.of("metadata", Doc.of("name", Seen.MIGRATION.name(), "uid", "j-uid"));
    Seen seen =
        Seen.at(verify)
            .job(job)
            .pod(running(Seen.pod("m-1", "j-uid", Map.of()), migrated, migratedId))
            .pods("c-", pod -> running(pod, runs, runsId));
    return MovedTag.found(seen.sight());
  }

  @Test
  void tagThatWasMovedIsToldWithBothDigests() {
    assertThat(found("demo:v2", "demo@sha256:aa", "demo:v2", "demo@sha256:bb"))
        .contains(
            "the tag of demo:v2 was moved: the migration ran sha256:aa, the candidate runs"
                + " sha256:bb; name the image by its digest");
    assertThat(found("demo:v2", "demo@sha256:aa", "demo:v2", "mirror/demo@sha256:aa"))
        .as("the same from elsewhere")
        .isEmpty();
  }

  @Test
  void whatNobodyCanTellIsNoFinding() {
    assertThat(found("tool:v1", "tool@sha256:aa", "demo:v2", "demo@sha256:bb"))
        .as("other images")
        .isEmpty();
    assertThat(found("demo:v2", "sha256:aa", "demo:v2", "demo@sha256:bb"))
        .as("loaded by hand")
        .isEmpty();
    assertThat(found("demo@sha256:cc", "demo@sha256:aa", "demo@sha256:cc", "demo@sha256:bb"))
        .as("named by its digest, which is that of several architectures")
        .isEmpty();
    assertThat(MovedTag.found(Seen.at(verify).sight())).as("no Job is left").isEmpty();
  }

  @Test
  void movedTagSendsBackBeforeAnyTraffic() {
    Doc job = Doc.of("metadata", Doc.of("name", Seen.MIGRATION.name(), "uid", "j-uid"));
    Seen seen =
        Seen.at(verify)
            .job(job)
            .pod(running(Seen.pod("m-1", "j-uid", Map.of()), "demo:v2", "demo@sha256:aa"))
            .pods("c-", pod -> running(pod, "demo:v2", "demo@sha256:bb"));
    RolloutState next = ((Decision.Advance) seen.decide()).next();
    assertThat(next.going()).map(RolloutState.GoingBack::cause).contains(Cause.DRIFT);
  }
}
