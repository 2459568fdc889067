package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rollout.core.Decision.Advance;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Phase;
import rollout.plan.Release;
import rollout.plan.Release.Proof;
import rollout.plan.Step;
import rollout.strategy.Migration.OnStableBroken;

/** What was so at the start, and what somebody makes of it. */
class BaselineTests {
  private static final Release READING = Releases.reading(Seen.copy(), "flags");
  private final RolloutState bake = Seen.in(READING, Step.Bake.class);

  private static Doc flags(String version) {
    Doc entry =
        Doc.of(
            "manager",
            "kubectl-edit",
            "time",
            "2026-01-01T11:59:00Z",
            "fieldsV1",
            Doc.of("f:data", Doc.EMPTY));
    return Doc.of(
        "metadata",
        Doc.of("name", "flags", "resourceVersion", version, "managedFields", List.of(entry)));
  }

  private static final Release READING_SECRETS = Releases.readingSecrets(Seen.copy(), "db");
  private final RolloutState secretBake = Seen.in(READING_SECRETS, Step.Bake.class);

  private static Advance changed(RolloutState state, Seen seen) {
    return (Advance) Baseline.changed(new Sight(state, seen.look())).orElseThrow();
  }

  @Test
  void configIsRememberedOnceWhenTheReleaseIsClaimed() {
    Seen seen = Seen.at(bake).config(flags("7"));
    Advance first = changed(bake, seen);
    assertThat(first.next()).isEqualTo(bake.noting("config/flags", "7"));
    assertThat(first.events()).isEmpty();
    assertThat(Baseline.changed(new Sight(first.next(), seen.look()))).isEmpty();
    RolloutState claim = Seen.in(READING, Step.Claim.class);
    assertThat(Baseline.changed(Seen.at(claim).config(flags("7")).sight()))
        .as("nothing is the release's yet")
        .isEmpty();
  }

  @Test
  void everyChangeOfAConfigIsToldWithWhoMadeIt() {
    RolloutState known = bake.noting("config/flags", "7");
    Advance told = changed(known, Seen.at(bake).config(flags("8")));
    String message =
        "somebody (kubectl-edit, 2026-01-01T11:59:00Z) changed ConfigMap flags, which both versions"
            + " read: pods that start from now on are not like those before";
    assertThat(told.events())
        .containsExactly(new Event(Event.NOTE, Phase.BAKE, message, Doc.EMPTY));
    assertThat(told.next().facts()).containsEntry("config/flags", "8");
    assertThat(changed(told.next(), later(bake)).why())
        .startsWith("somebody deleted ConfigMap flags");
  }

  private static Seen later(RolloutState state) {
    return Seen.at(state).after(Duration.ofSeconds(10));
  }

  @Test
  void whatFollowsWithinTenSecondsIsToldAsOne() {
    RolloutState told =
        changed(bake.noting("config/flags", "7"), Seen.at(bake).config(flags("8"))).next();
    Seen soon = Seen.at(bake).after(Duration.ofMillis(9_999)).config(flags("9"));
    assertThat(Baseline.changed(new Sight(told, soon.look()))).isEmpty();
    RolloutState again = changed(told, later(bake).config(flags("10"))).next();
    assertThat(again.facts()).containsEntry("config/flags", "10");
    Seen sameTime = Seen.at(bake).after(Duration.ofSeconds(19)).config(flags("11"));
    assertThat(Baseline.changed(new Sight(again, sameTime.look())))
        .as("ten seconds anew")
        .isEmpty();
    Seen setBack = Seen.at(bake).after(Duration.ofHours(-1)).config(flags("11"));
    assertThat(changed(again, setBack).why()).as("a clock that was set back").contains("changed");
  }

  @Test
  void oneThatChangesAllTheTimeKeepsNoOtherFromBeingTold() {
    Release both = Releases.reading(Seen.copy(), "flags", "limits");
    RolloutState told =
        Seen.in(both, Step.Bake.class)
            .noting("config/flags", "7")
            .noting("config/limits", "7")
            .noting("told/config/flags", Seen.NOW.toString());
    Doc limits = flags("8").with("limits", "metadata", "name");
    Seen seen = Seen.at(told).config(flags("8")).config(limits);
    assertThat(changed(told, seen).why()).contains("ConfigMap limits");
  }

  @Test
  void everyChangeOfASecretIsToldInTheSameWords() {
    Seen seen = Seen.at(secretBake).secret("db", Optional.of(flags("7")));
    Advance first = changed(secretBake, seen);
    assertThat(first.next()).isEqualTo(secretBake.noting("secret/db", "7"));
    assertThat(first.events()).isEmpty();
    Advance told = changed(first.next(), Seen.at(secretBake).secret("db", Optional.of(flags("8"))));
    assertThat(told.events())
        .extracting(Event::message)
        .containsExactly(
            "somebody (kubectl-edit, 2026-01-01T11:59:00Z) changed Secret db, which both versions"
                + " read: pods that start from now on are not like those before");
    assertThat(told.next().facts()).containsEntry("secret/db", "8");
    assertThat(changed(told.next(), later(secretBake).secret("db", Optional.empty())).why())
        .startsWith("somebody deleted Secret db, which both versions read");
  }

  @Test
  void oneThatIsOnItsWayOutIsDeletedAndByNobodyKnowsWhom() {
    Doc leaving = flags("8").with("2026-01-01T12:00:00Z", "metadata", "deletionTimestamp");
    Advance told = changed(bake.noting("config/flags", "7"), Seen.at(bake).config(leaving));
    assertThat(told.why()).startsWith("somebody deleted ConfigMap flags, which both");
    assertThat(Baseline.changed(new Sight(told.next(), Seen.at(bake).look())))
        .as("told once")
        .isEmpty();
  }

  @Test
  void ofASecretThatNobodyKnowsOfNothingIsRememberedAndNothingTold() {
    assertThat(Baseline.changed(Seen.at(secretBake).sight())).isEmpty();
    RolloutState known = secretBake.noting("secret/db", "7");
    assertThat(Baseline.changed(new Sight(known, Seen.at(secretBake).look())))
        .as("it may well be there")
        .isEmpty();
    assertThat(changed(known, Seen.at(secretBake).secret("db", Optional.of(flags("8")))).why())
        .as("known again later")
        .contains("changed Secret db");
  }

  @Test
  void mapAndSecretOfOneNameAreTwo() {
    Seen seen = Seen.at(bake).config(flags("7")).secret("flags", Optional.of(flags("9")));
    assertThat(changed(bake, seen).next()).isEqualTo(bake.noting("config/flags", "7"));
  }

  @Test
  void podsOfStableThatHadRestartedBeforeAreRememberedForTheProof() {
    Proof proof =
        new Proof(Optional.empty(), Optional.empty(), Duration.ofMinutes(1), OnStableBroken.HOLD);
    RolloutState migrate = Seen.in(Releases.proving(proof, Optional.empty()), Step.RunJob.class);
    Doc again = Doc.of("name", "app", "restartCount", 1, "state", Doc.of("running", Doc.EMPTY));
    Seen seen =
        Seen.at(migrate)
            .pods("s-2", pod -> Seen.container(pod, again))
            .pods("s-3", pod -> Seen.container(pod, again));
    RolloutState remembered = changed(migrate, seen).next();
    assertThat(Baseline.restless(remembered)).containsExactlyInAnyOrder("s-2", "s-3");
    assertThat(Baseline.changed(new Sight(remembered, Seen.at(migrate).look())))
        .as("what happens later is no excuse")
        .isEmpty();
    RolloutState plain = Seen.in(Seen.copy(), Step.Bake.class);
    assertThat(Baseline.changed(Seen.at(plain).sight())).as("nothing is proven").isEmpty();
  }
}
