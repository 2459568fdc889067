package rollout.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static rollout.router.Case.CANDIDATE;
import static rollout.router.Case.NONE;
import static rollout.router.Case.after;
import static rollout.router.Case.landscape;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Match;

/** What every router keeps, whatever its objects look like. */
class RouterContractTests {
  private static final String ALL = "rollout.router.Case#all";
  private static final String LISTING = "rollout.router.Case#listing";
  private static final String WITH_RULES = "rollout.router.Case#withRules";
  private static final Match HEADER = new Match(Match.Part.HEADER, "x-canary", "yes");

  private static void refused(Patch patch, Doc live) {
    assertThatThrownBy(() -> patch.apply(live)).isInstanceOf(Patch.Refused.class);
  }

  private static Weights weights(Case of, Doc live) {
    return of.made().weights(live, of.route(of.plain()));
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void findsTheObjectThatNamesTheServiceAndNoOther(Case of) {
    Doc other = of.object(List.of(of.weighing("cart", NONE)));
    Doc elsewhere = of.plain().with("test", "metadata", "namespace");
    List<Found> found = of.made().find(landscape(of, other, of.plain(), elsewhere));
    assertThat(found)
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.refusals()).isEmpty();
              assertThat(one.route().kind()).isEqualTo(of.kind());
              assertThat(one.route().router()).isEqualTo(of.router());
              assertThat(of.made().original(one.route())).isEqualTo("web");
              assertThat(one.route().namespace()).isEqualTo("prod");
              assertThat(one.route().places()).hasSize(1);
            });
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void candidateComesInAtWeightZero(Case of) {
    assertThat(weights(of, of.plain())).isEqualTo(new Weights.Absent());
    assertThat(weights(of, of.attached(of.plain()))).isEqualTo(new Weights.Set(0));
  }

  @ParameterizedTest
  @MethodSource(LISTING)
  void candidateComesInAsACopyOfStableBehindAllOthers(Case of) {
    Doc original = of.object(List.of(of.weighing("shop", 30), of.weighing("other", 70)));
    Doc attached = of.attached(original);
    assertThat(attached.value(of.path(0, 2))).isEqualTo(of.weighing(CANDIDATE, 0).members());
    assertThat(attached.without(of.path(0, 2))).isEqualTo(original);
    assertThat(of.made().attach(attached, of.route(original))).isEqualTo(Patch.none());
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void stepIsReadBackAsItWasWritten(Case of) {
    for (int percent = 0; percent <= 100; percent++) {
      assertThat(weights(of, of.at(of.plain(), percent))).isEqualTo(new Weights.Set(percent));
    }
  }

  @ParameterizedTest
  @MethodSource(LISTING)
  void stepChangesTwoNumbersAndNothingElse(Case of) {
    Doc before = of.attached(of.plain());
    Doc after = of.at(of.plain(), 10);
    assertThat(after).isNotEqualTo(before);
    assertThat(after.with(100, of.weight(0, 0)).with(0, of.weight(0, 1)).json())
        .isEqualTo(before.json());
    assertThat(after.number(0, of.weight(0, 0))).isEqualTo(90);
    assertThat(after.number(0, of.weight(0, 1))).isEqualTo(10);
  }

  @ParameterizedTest
  @MethodSource(WITH_RULES)
  void ruleThatSomebodyPutInFrontIsLeftAlone(Case of) {
    Route route = of.route(of.plain());
    Doc live = of.at(of.plain(), 10);
    Patch stale = of.made().weigh(live, route, 20, false);
    Doc now = of.inFront(live, "cart");
    refused(stale, now);
    assertThat(of.made().weights(now, route)).isEqualTo(new Weights.Set(10));
    Doc moved = after(of.made().weigh(now, route, 20, false), now);
    assertThat(moved).isEqualTo(of.inFront(of.at(of.plain(), 20), "cart"));
    assertThat(after(of.made().detach(moved, route), moved))
        .isEqualTo(of.inFront(of.plain(), "cart"));
  }

  @ParameterizedTest
  @MethodSource(LISTING)
  void backendThatWasRenamedIsNotWritten(Case of) {
    Route route = of.route(of.plain());
    Doc live = of.at(of.plain(), 10);
    for (int backend : List.of(0, 1)) {
      Doc renamed = live.with("cart", of.name(0, backend));
      refused(of.made().weigh(live, route, 20, false), renamed);
      refused(of.made().weigh(live, route, 0, true), renamed);
      refused(of.made().detach(live, route), renamed);
    }
    Doc lost = live.with("cart", of.name(0, 0));
    assertThat(of.made().weights(lost, route))
        .isInstanceOfSatisfying(
            Weights.Foreign.class, foreign -> assertThat(foreign.why()).contains("Service shop"));
  }

  @ParameterizedTest
  @MethodSource(LISTING)
  void weightsThatSomebodyElseWroteAreForeignAndNotWrittenForward(Case of) {
    Route route = of.route(of.plain());
    Doc live = of.at(of.plain(), 10);
    Patch next = of.made().weigh(live, route, 20, false);
    for (int backend : List.of(0, 1)) {
      Doc theirs = live.with(41, of.weight(0, backend));
      refused(next, theirs);
      refused(next, live.without(of.weight(0, backend)));
      assertThat(of.made().weights(theirs, route))
          .isInstanceOfSatisfying(
              Weights.Foreign.class, foreign -> assertThat(foreign.why()).contains("web", "41"));
    }
    assertThat(of.made().weights(of.plain(), route)).isEqualTo(new Weights.Absent());
  }

  @ParameterizedTest
  @MethodSource(LISTING)
  void backFromAnyWeightWithOneAndTheSamePatch(Case of) {
    Route route = of.route(of.plain());
    Patch back = of.made().weigh(of.attached(of.plain()), route, 0, true);
    Doc live = of.at(of.plain(), 100);
    for (Doc now :
        List.of(
            of.at(of.plain(), 1),
            live,
            live.with(0, of.weight(0, 1)),
            live.with(7, of.weight(0, 0)).with(5, of.weight(0, 1)),
            live.without(of.weight(0, 0)).without(of.weight(0, 1)))) {
      assertThat(of.made().weights(after(back, now), route)).isEqualTo(new Weights.Set(0));
      Patch fresh = of.made().weigh(now, route, 0, true);
      assertThat(fresh).isEqualTo(back);
    }
  }

  @ParameterizedTest
  @MethodSource(WITH_RULES)
  void backNeedsNoHeaderRule(Case of) {
    Route route = of.route(of.plain());
    Doc live = of.at(of.plain(), 10);
    Doc matched = after(of.made().match(live, route, HEADER).orElseThrow(), live);
    Doc back = after(of.made().weigh(matched, route, 0, true), matched);
    assertThat(of.made().weights(back, route)).isEqualTo(new Weights.Set(0));
    Doc moved = of.inFront(matched, "cart");
    assertThat(after(of.made().unmatch(moved, route, HEADER), moved))
        .isEqualTo(of.inFront(live, "cart"));
    assertThat(of.made().unmatch(live, route, HEADER)).isEqualTo(Patch.none());
  }

  @ParameterizedTest
  @MethodSource(LISTING)
  void afterwardsItIsAsItWasToTheLetter(Case of) {
    for (int weight : List.of(NONE, 1, 100, 250)) {
      Doc original = of.object(List.of(of.weighing("shop", weight)));
      Doc live = of.at(original, 30);
      assertThat(after(of.made().detach(live, of.route(original)), live).json())
          .isEqualTo(original.json());
    }
  }

  @ParameterizedTest
  @MethodSource(LISTING)
  void totalOfHundredOrMoreStays(Case of) {
    Doc original = of.object(List.of(of.weighing("shop", 250)));
    assertThat(of.attached(original).number(0, of.weight(0, 0))).isEqualTo(250);
    Doc live = of.at(original, 10);
    assertThat(live.number(0, of.weight(0, 0))).isEqualTo(225);
    assertThat(live.number(0, of.weight(0, 1))).isEqualTo(25);
    Doc odd = of.at(of.object(List.of(of.weighing("shop", 150))), 25);
    assertThat(odd.number(0, of.weight(0, 0))).as("rounded").isEqualTo(112);
    assertThat(odd.number(0, of.weight(0, 1))).as("rounded").isEqualTo(38);
  }

  @ParameterizedTest
  @MethodSource(LISTING)
  void thirdServiceKeepsItsShare(Case of) {
    Doc original = of.object(List.of(of.weighing("other", 30), of.weighing("shop", 60)));
    Route route = of.route(original);
    assertThat(route.cannotExpress(List.of(1, 5, 10, 25, 50, 100))).containsExactly(1);
    Doc live = of.at(original, 25);
    assertThat(live.number(0, of.weight(0, 0))).isEqualTo(30);
    assertThat(live.number(0, of.weight(0, 1))).isEqualTo(45);
    assertThat(live.number(0, of.weight(0, 2))).isEqualTo(15);
    assertThat(after(of.made().detach(live, route), live).json()).isEqualTo(original.json());
  }

  @ParameterizedTest
  @MethodSource(LISTING)
  void noStepIsNothingOrAll(Case of) {
    for (int total : List.of(1, 3, 7, 40, 99, 100, 150, 1000)) {
      Doc original = of.object(List.of(of.weighing("shop", total), of.weighing("other", 1)));
      List<Integer> steps = IntStream.rangeClosed(1, 99).boxed().toList();
      List<Integer> cannot = of.route(original).cannotExpress(steps);
      for (int step : steps.stream().filter(one -> !cannot.contains(one)).toList()) {
        Doc live = of.at(original, step);
        long stable = live.number(0, of.weight(0, 0));
        long candidate = live.number(0, of.weight(0, 2));
        assertThat(stable + candidate).isEqualTo(total);
        assertThat(stable).isPositive();
        assertThat(candidate).isPositive();
        assertThat(Math.abs(candidate * 100.0 / total - step)).isLessThanOrEqualTo(0.5);
      }
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void stepWhoseAnswerWasLostIsSeenDoneAndNotDoneAgain(Case of) {
    Route route = of.route(of.plain());
    Patch step = of.made().weigh(of.attached(of.plain()), route, 10, false);
    Doc done = after(step, of.attached(of.plain()));
    assertThat(of.made().weights(done, route)).isEqualTo(new Weights.Set(10));
    refused(step, done);
  }

  @ParameterizedTest
  @MethodSource(WITH_RULES)
  void allPlacesMoveTogetherAndOneThatLostOursIsTold(Case of) {
    Doc original = of.object(List.of(of.weighing("shop", NONE)), List.of(of.weighing("shop", 100)));
    Route route = of.route(original);
    assertThat(route.places()).hasSize(2);
    Doc live = of.at(original, 10);
    assertThat(live.number(0, of.weight(0, 1))).isEqualTo(10);
    assertThat(live.number(0, of.weight(1, 1))).isEqualTo(10);
    assertThat(of.made().weights(live, route)).isEqualTo(new Weights.Set(10));

    Doc lost = live.without(of.path(0, 1));
    assertThat(of.made().weights(lost, route))
        .isInstanceOfSatisfying(
            Weights.Foreign.class, foreign -> assertThat(foreign.why()).contains("0", CANDIDATE));
    assertThat(of.made().weights(of.inFront(live, "shop"), route))
        .isInstanceOf(Weights.Foreign.class);
    Doc uneven = live.with(80, of.weight(1, 0)).with(20, of.weight(1, 1));
    assertThat(of.made().weights(uneven, route)).isInstanceOf(Weights.Foreign.class);
    assertThat(after(of.made().detach(live, route), live).json()).isEqualTo(original.json());
  }

  @ParameterizedTest
  @MethodSource(WITH_RULES)
  void placeThatCameLaterIsForeignThoughItHasBoth(Case of) {
    Doc live = of.at(of.plain(), 10);
    Doc both = of.object(List.of(of.weighing("shop", 90), of.weighing(CANDIDATE, 10)));
    Doc two = after(Patch.none().put(rule(of, both, 0), path(of, 0)), live);
    assertThat(weights(of, two))
        .isInstanceOfSatisfying(
            Weights.Foreign.class,
            foreign -> assertThat(foreign.why()).contains("in 2 places, 1 when the release began"));
  }

  @ParameterizedTest
  @MethodSource(LISTING)
  void serviceThatSomebodyListsASecondTimeIsForeign(Case of) {
    Doc live = of.at(of.plain(), 10);
    for (String service : List.of("shop", CANDIDATE)) {
      Doc twice = after(Patch.none().put(of.weighing(service, 1), of.path(0, 2)), live);
      assertThat(weights(of, twice))
          .isInstanceOfSatisfying(
              Weights.Foreign.class, foreign -> assertThat(foreign.why()).contains("twice"));
    }
  }

  @ParameterizedTest
  @MethodSource(WITH_RULES)
  void eachPlaceHasItsOwnHeaderRule(Case of) {
    List<Doc> shop = List.of(of.weighing("shop", NONE));
    Doc original = of.object(shop, List.of(of.weighing("cart", NONE)), shop);
    Route route = of.route(original);
    Doc live = of.at(original, 10);
    Doc matched = after(of.made().match(live, route, HEADER).orElseThrow(), live);
    boolean first = of.kind().equals(RouteKinds.VIRTUAL_SERVICE);
    List<Integer> own = first ? List.of(0, 3) : List.of(3, 4);
    List<Integer> theirs = first ? List.of(1, 2, 4) : List.of(0, 1, 2);
    own.forEach(
        i ->
            assertThat(matched.value(of.path(i, 0)))
                .isEqualTo(of.weighing(CANDIDATE, NONE).members()));
    assertThat(theirs.stream().map(i -> rule(of, matched, i)))
        .containsExactly(rule(of, live, 0), rule(of, live, 1), rule(of, live, 2));
    assertThat(of.made().weights(matched, route)).isEqualTo(new Weights.Set(10));
    assertThat(after(of.made().unmatch(matched, route, HEADER), matched)).isEqualTo(live);
  }

  private static Doc rule(Case of, Doc object, int index) {
    return object.doc(path(of, index));
  }

  private static String[] path(Case of, int rule) {
    return Stream.concat(of.rules().stream(), Stream.of(Integer.toString(rule)))
        .toArray(String[]::new);
  }

  @ParameterizedTest
  @MethodSource(WITH_RULES)
  void placesThatSwappedAreKnownAgainByTheirTotals(Case of) {
    List<Doc> three = List.of(of.weighing("shop", 60), of.weighing("other", 40));
    Doc original = of.object(three, List.of(of.weighing("shop", 1)));
    Doc swapped = of.object(List.of(of.weighing("shop", 1)), three);
    Route route = of.route(original);
    Doc live = of.at(swapped, 50);
    assertThat(of.made().weights(live, route)).isEqualTo(new Weights.Set(50));
    assertThat(after(of.made().detach(live, route), live)).isEqualTo(swapped);
  }

  @ParameterizedTest
  @MethodSource(WITH_RULES)
  void headerRuleIsForTheCandidateAloneAndGoesWithoutATrace(Case of) {
    Route route = of.route(of.plain());
    Doc live = of.at(of.plain(), 10);
    Doc matched = after(of.made().match(live, route, HEADER).orElseThrow(), live);
    assertThat(matched.json()).contains("x-canary", "yes");
    assertThat(of.made().weights(matched, route)).isEqualTo(new Weights.Set(10));
    boolean first = of.kind().equals(RouteKinds.VIRTUAL_SERVICE);
    int own = first ? 0 : 1;
    assertThat(matched.value(of.path(own, 0))).isEqualTo(of.weighing(CANDIDATE, NONE).members());
    assertThat(matched.value(of.path(own, 1))).as("the only one").isNull();
    assertThat(of.made().match(matched, route, HEADER)).contains(Patch.none());
    Match other = new Match(Match.Part.HEADER, "x-canary", "no");
    assertThat(of.made().unmatch(matched, route, other)).isEqualTo(Patch.none());
    Doc unmatched = after(of.made().unmatch(matched, route, HEADER), matched);
    assertThat(unmatched.json()).isEqualTo(live.json());
  }

  @ParameterizedTest
  @MethodSource(WITH_RULES)
  void placeThatLostStableIsNoHeaderRule(Case of) {
    Route route = of.route(of.plain());
    Doc live = of.at(of.plain(), 10).without(of.path(0, 0));
    assertThat(of.made().weights(live, route)).isInstanceOf(Weights.Foreign.class);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void settlesInTenSecondsOrMore(Case of) {
    assertThat(of.made().settles()).isBetween(Duration.ofSeconds(10), Duration.ofMinutes(2));
  }

  @ParameterizedTest
  @MethodSource(LISTING)
  void serviceListedTwiceIsRefused(Case of) {
    Doc twice = of.object(List.of(of.weighing("shop", 1), of.weighing("shop", 2)));
    assertThat(refusals(of, twice)).contains("twice");
  }

  @ParameterizedTest
  @MethodSource(LISTING)
  void serviceThatGetsNothingIsRefused(Case of) {
    Doc nothing = of.object(List.of(of.weighing("shop", 0), of.weighing("other", 9)));
    assertThat(refusals(of, nothing)).contains("sends nothing to Service shop");
    // Istio gives a lone destination everything, whatever its weight.
    boolean all = of.kind().equals(RouteKinds.VIRTUAL_SERVICE);
    Doc lone = of.object(List.of(of.weighing("shop", 0)));
    assertThat(refusals(of, lone).isEmpty()).isEqualTo(all);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void objectOfAnotherReleaseToolIsRefused(Case of) {
    Doc owner = Doc.of("apiVersion", "flagger.app/v1beta1", "kind", "Canary", "name", "shop");
    assertThat(refusals(of, of.plain().with(List.of(owner), "metadata", "ownerReferences")))
        .contains("belongs to Canary shop of Flagger");
    Doc entry = Doc.of("manager", "rollouts-controller");
    assertThat(refusals(of, of.plain().with(List.of(entry), "metadata", "managedFields")))
        .contains("Argo Rollouts");
    Doc kubectl = Doc.of("manager", "kubectl");
    assertThat(refusals(of, of.plain().with(List.of(kubectl), "metadata", "managedFields")))
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource(LISTING)
  void whoeverWritesTheObjectBackIsTold(Case of) {
    assertThat(warnings(of, of.plain())).doesNotContain("Argo", "Flux", "Helm");
    assertThat(
            warnings(
                of,
                of.plain().with("x", "metadata", "annotations", "argocd.argoproj.io/tracking-id")))
        .contains("RespectIgnoreDifferences=true", ".spec.");
    assertThat(
            warnings(
                of, of.plain().with("x", "metadata", "labels", "kustomize.toolkit.fluxcd.io/name")))
        .contains("kustomize.toolkit.fluxcd.io/reconcile: disabled");
    assertThat(
            warnings(
                of,
                of.plain().with("web-1", "metadata", "annotations", "meta.helm.sh/release-name")))
        .contains("Helm release web-1");
  }

  private static String refusals(Case of, Doc object) {
    return of.made().find(landscape(of, object)).getFirst().refusals().toString().replace("[]", "");
  }

  private static String warnings(Case of, Doc object) {
    return of.made().find(landscape(of, object)).getFirst().warnings().toString();
  }
}
