package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rollout.core.RolloutState.Course;
import rollout.core.RolloutState.GoingBack;
import rollout.document.Doc;
import rollout.model.Check;
import rollout.model.Kind;
import rollout.model.Match;
import rollout.model.Measure;
import rollout.model.MetricNames;
import rollout.model.Ref;
import rollout.model.Schema;
import rollout.model.Selector;
import rollout.plan.Form;
import rollout.plan.Release;
import rollout.plan.Release.Configs;
import rollout.plan.Release.Contender;
import rollout.plan.Release.Database;
import rollout.plan.Release.JobName;
import rollout.plan.Release.PreviewService;
import rollout.plan.Release.Proof;
import rollout.plan.Release.Scaler;
import rollout.plan.Release.Shifting;
import rollout.plan.Release.Stable;
import rollout.plan.Release.Steered;
import rollout.plan.Release.Terms;
import rollout.plan.Step;
import rollout.router.Route;
import rollout.strategy.Canary;
import rollout.strategy.Migration.OnStableBroken;
import rollout.strategy.Preset;
import rollout.strategy.Strategy.Limits;
import rollout.strategy.Strategy.OnMissing;

class JournalTextTests {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void whatIsWrittenIsReadBackTheSame(int seed) {
    Any any = new Any(seed);
    for (int i = 0; i < 100; i++) {
      RolloutState state = any.state();
      String text = JournalText.write(state).json();
      assertThat(JournalText.read(Doc.parse(text)))
          .as("seed %d, state %d", seed, i)
          .isEqualTo(state);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void historyIsReadBackTheSame(int seed) {
    Any any = new Any(seed);
    for (int i = 0; i < 100; i++) {
      HistoryEntry entry = any.history();
      assertThat(JournalText.readHistory(Doc.parse(JournalText.history(entry).json())))
          .isEqualTo(entry);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "step, 99",
    "step, -1",
    "course, SIDEWAYS",
    "stepStarted, yesterday",
    "by, ''",
    "release, none",
    "format, 2",
  })
  void aDamagedJournalIsRefused(String member, String value) {
    Doc whole = JournalText.write(Seen.in(Seen.copy(), Step.Bake.class));
    Object damage = value.matches("-?\\d+") ? (Object) Long.valueOf(value) : value;
    assertThatThrownBy(() -> JournalText.read(whole.with(damage, member)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aWayBackWithoutItsReasonIsDamage() {
    RolloutState back = Seen.back(Seen.copy(), Step.Bake.class, Step.TrafficBack.class);
    assertThatThrownBy(() -> JournalText.read(JournalText.write(back).without("going")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everyMissingPartIsDamageOrHarmlessButNeverAnotherError() {
    Doc whole = JournalText.write(Seen.back(Seen.copy(), Step.Bake.class, Step.Free.class));
    for (String member : whole.members().keySet()) {
      Doc damaged = whole.without(member);
      try {
        JournalText.read(damaged);
      } catch (IllegalArgumentException e) {
        assertThat(e).as(member).hasMessageMatching("(?s).+");
      }
    }
  }

  @Test
  void journalOfAnOlderProgramNamesNoSecrets() {
    RolloutState state =
        Seen.in(Releases.readingSecrets(Seen.copy(), "db"), Step.Bake.class).noting("a", "b");
    Doc written = JournalText.write(state);
    assertThat(JournalText.read(written).release().configs().secrets()).containsExactly("db");
    assertThat(JournalText.read(written.without("release", "secrets")).release().configs())
        .isEqualTo(Release.Configs.NONE);
  }

  @Test
  void aNewerFormatSaysSo() {
    assertThatThrownBy(() -> JournalText.read(Doc.of("format", 2)))
        .hasMessage("journal of format 2; this program reads 1");
  }

  @Test
  void neitherJournalNorStateNorClaimHoldAnEnvironmentValue() {
    RolloutState state = Seen.in(Seen.copy(), Step.Bake.class);
    Doc secret =
        Seen.NEW.with(
            List.of(
                Doc.of(
                    "name", "app", "env", List.of(Doc.of("name", "PASSWORD", "value", "hunter2")))),
            "spec",
            "containers");
    Seen seen =
        Seen.at(state)
            .stable(doc -> doc.with(secret, "spec", "template"))
            .candidate(doc -> doc.with(secret, "spec", "template"));
    assertThat(seen.stable().doc().json()).contains("hunter2");
    List<String> written =
        List.of(
            JournalText.write(state).json(),
            Writes.state(state, Seen.SHOP, "pinned", Seen.STABLE).json(),
            Writes.claim(state).json());
    assertThat(written).noneMatch(text -> text.contains("hunter2") || text.contains("PASSWORD"));
  }

  /** Values that differ with every call, and are the same for a seed. */
  private static final class Any {
    private final Random random;

    Any(int seed) {
      random = new Random(seed);
    }

    private String word() {
      String[] odd = {"", "ü\n\"\\", "app=shop", "10", "true", "a/b~c"};
      return random.nextInt(3) == 0
          ? odd[random.nextInt(odd.length)]
          : "w" + random.nextInt(1_000_000);
    }

    private <T> Optional<T> maybe(T value) {
      return random.nextBoolean() ? Optional.of(value) : Optional.empty();
    }

    private <T> T one(T[] values) {
      return values[random.nextInt(values.length)];
    }

    private Duration duration() {
      return Duration.ofMillis(random.nextInt(100_000_000));
    }

    private Instant instant() {
      return Instant.ofEpochSecond(random.nextInt(2_000_000_000), random.nextInt(1_000_000_000));
    }

    private Map<String, String> words() {
      Map<String, String> words = new LinkedHashMap<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        words.put("k" + i, word());
      }
      return words;
    }

    private Selector selector() {
      return new Selector(words());
    }

    private Steered steered() {
      return new Steered(word(), word(), selector(), selector(), selector());
    }

    private Check check() {
      Measure[] measures = {
        new Measure.ErrorRate(),
        new Measure.Latency(random.nextDouble()),
        new Measure.PodHealth(),
        new Measure.Expression(word())
      };
      return new Check(
          word(),
          one(measures),
          random.nextDouble() * 1000,
          random.nextInt(1000),
          duration(),
          1 + random.nextInt(5),
          one(Check.OnFail.values()));
    }

    private Terms terms() {
      List<Check> checks = new ArrayList<>();
      for (int i = random.nextInt(3); i > 0; i--) {
        checks.add(check());
      }
      MetricNames names =
          new MetricNames(
              word(),
              word(),
              word(),
              word(),
              word(),
              random.nextDouble() + 0.001,
              word(),
              maybe(new MetricNames.ByService(List.of(word(), word()), word(), word())));
      Limits limits =
          new Limits(duration(), duration(), duration(), duration(), maybe(duration()), duration());
      return new Terms(
          random.nextBoolean(),
          duration(),
          checks,
          maybe(names),
          limits,
          one(OnMissing.values()),
          one(OnMissing.values()),
          random.nextBoolean());
    }

    private Release release() {
      List<Steered> services = new ArrayList<>(List.of(steered()));
      if (random.nextBoolean()) {
        services.add(steered());
      }
      return new Release(
          word(),
          random.nextInt(1000),
          one(Form.values()),
          maybe(random.nextInt(1000)),
          new Stable(
              word(),
              word(),
              random.nextInt(100),
              word(),
              word(),
              word(),
              word(),
              random.nextBoolean(),
              random.nextBoolean(),
              List.of(word())),
          new Contender(word(), word(), random.nextInt(9), word(), List.of(word(), word())),
          services,
          maybe(new PreviewService(word(), word(), selector())),
          new Database(
              maybe(new JobName(word(), word())),
              List.of(word(), word()),
              maybe(proof()),
              maybe(new JobName(word(), word())),
              maybe(one(Preset.values())),
              word(),
              random.nextInt(99),
              schema(),
              schema()),
          maybe(new JobName(word(), word())),
          new Configs(List.of(word()), List.of(word(), word())),
          maybe(shifting()),
          maybe(new Scaler(kind(), word(), word(), maybe(word()), one(Scaler.Sizes.values()))),
          terms());
    }

    private Shifting shifting() {
      return new Shifting(
          List.of(
              new Canary.Weight(5, Duration.ofSeconds(random.nextInt(999)), List.of(word())),
              new Canary.Gate(),
              new Canary.Weight(50, Duration.ofMinutes(5), List.of())),
          List.of(
              new Route(
                  word(),
                  kind(),
                  word(),
                  random.nextBoolean(),
                  word(),
                  word(),
                  word(),
                  word(),
                  List.of(
                      new Route.Place(word(), maybe(random.nextInt(100)), random.nextInt(1000))))),
          maybe(new Match(one(Match.Part.values()), word(), word())),
          maybe(new Ref(kind(), word(), word())));
    }

    private Kind kind() {
      return new Kind(word() + "/v1", word(), word());
    }

    private Schema schema() {
      return new Schema(random.nextInt(99), random.nextInt(99));
    }

    private Proof proof() {
      return new Proof(
          maybe(word()).filter(name -> !name.isEmpty()),
          maybe(new JobName(word(), word())),
          Duration.ofMillis(random.nextInt(100_000)),
          one(OnStableBroken.values()));
    }

    private GoingBack going() {
      return new GoingBack(
          one(Cause.values()),
          word(),
          random.nextInt(20),
          random.nextBoolean(),
          instant(),
          instant(),
          maybe(instant()),
          maybe(instant()));
    }

    RolloutState state() {
      Course course = one(Course.values());
      RolloutState begun = RolloutState.begin(release(), instant(), random.nextInt(99), "me");
      RolloutState turned =
          course == Course.FORWARD ? begun : begun.back(course, going(), instant());
      return new RolloutState(
          turned.release(),
          course,
          random.nextInt(turned.steps().size() + 1),
          instant(),
          instant(),
          random.nextInt(99),
          "by" + word(),
          words(),
          words(),
          turned.going(),
          Tallies.NONE);
    }

    HistoryEntry history() {
      return new HistoryEntry(
          random.nextInt(99),
          word(),
          word(),
          instant(),
          maybe(instant()),
          List.of(word()),
          word(),
          word(),
          word(),
          random.nextBoolean(),
          random.nextBoolean() ? List.of() : List.of(instant(), instant(), instant(), instant()),
          word(),
          random.nextInt(99),
          schema());
    }
  }
}
