package rollout.router;

import static org.assertj.core.api.Assertions.assertThat;
import static rollout.router.Case.CANDIDATE;
import static rollout.router.Case.HTTP;
import static rollout.router.Case.NONE;
import static rollout.router.Case.after;
import static rollout.router.Case.landscape;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Match;

class GatewayApiTests {
  private static final GatewayApi ROUTER = new GatewayApi();
  private static final Match HEADER = new Match(Match.Part.HEADER, "X-Canary", "yes");

  private static Doc condition(String type, String status, int generation) {
    return Doc.of(
        "type",
        type,
        "status",
        status,
        "observedGeneration",
        generation,
        "reason",
        "Why",
        "message",
        "because of it");
  }

  private static Doc entry(String gateway, String controller, Doc... conditions) {
    return Doc.of(
        "parentRef",
        Doc.of(
            "group",
            "gateway.networking.k8s.io",
            "kind",
            "Gateway",
            "name",
            gateway,
            "namespace",
            "infra"),
        "controllerName",
        controller,
        "conditions",
        List.of(conditions));
  }

  private static Doc entry(Doc... conditions) {
    return entry("public", "x.io/c", conditions);
  }

  private static Doc seen() {
    return entry(condition("Accepted", "True", 3), condition("ResolvedRefs", "True", 3));
  }

  private static Ack ackOf(Doc route, Doc... entries) {
    Doc live = route.with(List.of(entries), "status", "parents");
    return ROUTER.ack(live, HTTP.route(HTTP.plain()), landscape(HTTP, live));
  }

  private static Ack ack(Doc... entries) {
    return ackOf(HTTP.plain(), entries);
  }

  private static String warnings(Doc... entries) {
    Doc live = HTTP.plain().with(List.of(entries), "status", "parents");
    return ROUTER.find(landscape(HTTP, live)).getFirst().warnings().toString();
  }

  @Test
  void itIsSeenWhenEveryParentHasTakenThisGeneration() {
    assertThat(ack(seen())).isEqualTo(new Ack.Seen());
    assertThat(ack(entry(condition("Accepted", "True", 4), condition("ResolvedRefs", "True", 4))))
        .isEqualTo(new Ack.Seen());
  }

  @ParameterizedTest
  @CsvSource({"2, 3", "3, 2", "2, 2"})
  void olderGenerationIsWaitedFor(int accepted, int resolved) {
    Doc entry =
        entry(condition("Accepted", "True", accepted), condition("ResolvedRefs", "True", resolved));
    assertThat(ack(entry))
        .isEqualTo(
            new Ack.Waiting(
                "HTTPRoute web, Gateway public: its controller has not read generation 3 yet"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Accepted", "ResolvedRefs"})
  void conditionThatIsFalseRefusesIfItIsOfThisGeneration(String type) {
    String other = type.equals("Accepted") ? "ResolvedRefs" : "Accepted";
    assertThat(ack(entry(condition(type, "False", 3), condition(other, "True", 3))))
        .isEqualTo(
            new Ack.Refused("HTTPRoute web, Gateway public: not " + type + ", Why: because of it"));
    assertThat(ack(entry(condition(type, "False", 2), condition(other, "True", 3))))
        .isInstanceOf(Ack.Waiting.class);
    assertThat(ack(entry(condition(other, "True", 3)))).isInstanceOf(Ack.Waiting.class);
  }

  @Test
  void partlyInvalidIsRefusedThoughTheOldOneIsAcceptedStill() {
    Doc partly = condition("PartiallyInvalid", "True", 3);
    assertThat(
            ack(
                entry(
                    condition("Accepted", "True", 2),
                    condition("ResolvedRefs", "True", 3),
                    partly)))
        .isEqualTo(
            new Ack.Refused("HTTPRoute web, Gateway public: PartiallyInvalid, Why: because of it"));
    Doc old = condition("PartiallyInvalid", "True", 2);
    assertThat(
            ack(entry(condition("Accepted", "True", 3), condition("ResolvedRefs", "True", 3), old)))
        .isEqualTo(new Ack.Seen());
  }

  @Test
  void parentThatNobodySpeaksForIsWaitedFor() {
    assertThat(ack())
        .isEqualTo(
            new Ack.Waiting("HTTPRoute web: no controller has said anything for Gateway public"));
  }

  @Test
  void whatOtherControllersSayDoesNotCount() {
    Doc foreign =
        entry(
            "public",
            "other.io/c",
            condition("Accepted", "True", 3),
            condition("ResolvedRefs", "True", 3));
    assertThat(ack(foreign)).isInstanceOf(Ack.Waiting.class);
    Doc angry = entry("public", "other.io/c", condition("Accepted", "False", 3));
    assertThat(ack(angry, seen())).isEqualTo(new Ack.Seen());
  }

  @Test
  void everyLiveParentCountsAndNoneThatIsGone() {
    Doc two =
        HTTP.plain()
            .with(
                List.of(
                    Doc.of("name", "public", "namespace", "infra"),
                    Doc.of("name", "second", "namespace", "infra")),
                "spec",
                "parentRefs");
    assertThat(ackOf(two, seen())).as("the second is gone").isEqualTo(new Ack.Seen());
    Doc live = two.with(List.of(seen()), "status", "parents");
    Landscape both = with(RouteKinds.GATEWAY, Case.gateway("public"), Case.gateway("second"));
    assertThat(ROUTER.ack(live, HTTP.route(HTTP.plain()), both)).isInstanceOf(Ack.Waiting.class);
  }

  @Test
  void listenerOfTheParentMustBeTheSame() {
    Doc section =
        HTTP.plain()
            .with(
                List.of(Doc.of("name", "public", "namespace", "infra", "sectionName", "https")),
                "spec",
                "parentRefs");
    assertThat(ackOf(section, seen())).isInstanceOf(Ack.Waiting.class);
    assertThat(ackOf(section, seen().with("https", "parentRef", "sectionName")))
        .isEqualTo(new Ack.Seen());
  }

  @Test
  void controllerThatTellsNoGenerationIsSilent() {
    Doc entry =
        entry(
            Doc.of("type", "Accepted", "status", "True"),
            Doc.of("type", "ResolvedRefs", "status", "True"));
    assertThat(ack(entry)).isEqualTo(new Ack.Silent());
    assertThat(warnings(entry)).contains("does not say which generation it has read");
  }

  private static Landscape with(Kind kind, Doc... objects) {
    Map<Kind, List<Doc>> more = new LinkedHashMap<>(landscape(HTTP, HTTP.plain()).objects());
    more.put(kind, List.of(objects));
    return new Landscape("prod", "shop", more);
  }

  @Test
  void routeWithoutAGatewayIsRefused() {
    assertThat(ROUTER.find(with(RouteKinds.GATEWAY)).getFirst().refusals().toString())
        .contains("HTTPRoute web has no Gateway: none of its parentRefs exists");
  }

  @Test
  void routeThatIsNotAcceptedIsRefusedAndOneNotYetReadIsTold() {
    Doc angry =
        HTTP.plain().with(List.of(entry(condition("Accepted", "False", 3))), "status", "parents");
    assertThat(ROUTER.find(landscape(HTTP, angry)).getFirst().refusals().toString())
        .contains("not Accepted, Why: because of it");
    assertThat(warnings()).contains("no controller has said anything for Gateway public");
    assertThat(warnings(seen())).isEqualTo("[]");
  }

  @Test
  void slowControllersAreTold() {
    Landscape cloud =
        with(
            RouteKinds.GATEWAY_CLASS,
            Doc.of(
                "metadata", Doc.of("name", "main"),
                "spec", Doc.of("controllerName", "networking.gke.io/gateway")));
    assertThat(ROUTER.find(cloud).getFirst().warnings().toString())
        .contains("its controller networking.gke.io/gateway takes minutes until requests follow");
  }

  @Test
  void sessionsAreTold() {
    Doc sticky =
        HTTP.plain().with(Map.of("type", "Cookie"), "spec", "rules", "0", "sessionPersistence");
    assertThat(ROUTER.find(landscape(HTTP, sticky)).getFirst().warnings().toString())
        .contains("rule 0 has sessionPersistence");
  }

  private static Doc across() {
    Doc backend = HTTP.weighing("shop", NONE).with("prod", "namespace");
    return HTTP.object(List.of(backend)).with("infra", "metadata", "namespace");
  }

  private static Doc grant(String from, Doc to) {
    return Doc.of(
        "metadata", Doc.of("name", "g", "namespace", "prod"),
        "spec",
            Doc.of(
                "from",
                List.of(
                    Doc.of(
                        "group",
                        "gateway.networking.k8s.io",
                        "kind",
                        "HTTPRoute",
                        "namespace",
                        from)),
                "to",
                List.of(to)));
  }

  private static String granted(Doc... grants) {
    Map<Kind, List<Doc>> more = new LinkedHashMap<>(landscape(HTTP, across()).objects());
    more.put(RouteKinds.REFERENCE_GRANT, List.of(grants));
    return ROUTER.find(new Landscape("prod", "shop", more)).getFirst().refusals().toString();
  }

  @Test
  void routeOfAnotherNamespaceNeedsAGrantForEveryService() {
    Doc every = Doc.of("group", "", "kind", "Service");
    String none = "no ReferenceGrant in namespace prod lets HTTPRoute web of namespace infra";
    assertThat(granted()).contains(none, "send to every Service.");
    assertThat(granted(grant("infra", every))).isEqualTo("[]");
    assertThat(granted(grant("other", every))).contains(none);
    assertThat(granted(grant("infra", every.with("shop", "name"))))
        .contains(none, "send to every Service, only to named ones");
  }

  @Test
  void candidateOfARouteOfAnotherNamespaceIsWhereStableIs() {
    Doc attached = HTTP.attached(across());
    assertThat(attached.textOrEmpty(HTTP.path(0, 1, "namespace"))).isEqualTo("prod");
  }

  @Test
  void serviceOfTheSameNameInAnotherNamespaceOrOfAnotherKindIsNotOurs() {
    Doc elsewhere = HTTP.object(List.of(HTTP.weighing("shop", NONE).with("test", "namespace")));
    Doc imported = HTTP.object(List.of(HTTP.weighing("shop", NONE).with("ServiceImport", "kind")));
    assertThat(ROUTER.find(landscape(HTTP, elsewhere, imported))).isEmpty();
    Doc both =
        HTTP.object(
            List.of(HTTP.weighing("shop", NONE)),
            List.of(HTTP.weighing("shop", NONE).with("test", "namespace")));
    assertThat(ROUTER.find(landscape(HTTP, both)).getFirst().refusals().toString())
        .contains("rule 1 names Service shop of another namespace too");
  }

  @Test
  void absentWeightCountsOne() {
    Doc third = HTTP.object(List.of(HTTP.weighing("shop", NONE), HTTP.weighing("other", NONE)));
    assertThat(HTTP.route(third).places().getFirst().total()).isEqualTo(1);
    assertThat(HTTP.route(third).cannotExpress(List.of(50, 100))).containsExactly(50);
    assertThat(HTTP.attached(third).has(HTTP.weight(0, 0))).as("nothing to change").isFalse();
  }

  @Test
  void headerRuleCopiesEveryMatchAndEverythingElseOfItsRule() {
    Doc original =
        HTTP.plain()
            .with("main", "spec", "rules", "0", "name")
            .with(
                List.of(
                    Doc.of("path", Doc.of("type", "Exact", "value", "/a")),
                    Doc.of("headers", List.of(Doc.of("name", "lang", "value", "de")))),
                "spec",
                "rules",
                "0",
                "matches");
    Route route = HTTP.route(original);
    Doc live = HTTP.at(original, 10);
    Doc rule =
        after(ROUTER.match(live, route, HEADER).orElseThrow(), live).doc("spec", "rules", "1");
    Doc header = Doc.of("type", "Exact", "name", "X-Canary", "value", "yes");
    assertThat(rule.docs("matches"))
        .containsExactly(
            Doc.of("path", Doc.of("type", "Exact", "value", "/a"), "headers", List.of(header)),
            Doc.of("headers", List.of(Doc.of("name", "lang", "value", "de"), header)));
    assertThat(rule.has("name")).as("names are of one rule").isFalse();
    assertThat(rule.value("filters")).isEqualTo(original.value("spec", "rules", "0", "filters"));
    assertThat(rule.docs("backendRefs")).containsExactly(HTTP.weighing(CANDIDATE, NONE));
  }

  @Test
  void headerThatTheRuleAsksForAlreadyCannotBeAskedForTwice() {
    Doc asked =
        HTTP.plain()
            .with(
                List.of(Doc.of("name", "x-canary", "value", "no")),
                "spec",
                "rules",
                "0",
                "matches",
                "0",
                "headers");
    assertThat(ROUTER.match(HTTP.at(asked, 10), HTTP.route(asked), HEADER)).isEmpty();
  }

  @Test
  void headerRuleThatIsOneTooManyCannotBe() {
    Doc full =
        HTTP.plain()
            .with(
                IntStream.range(0, 16)
                    .mapToObj(i -> HTTP.plain().doc("spec", "rules", "0").with(i, "unknown"))
                    .toList(),
                "spec",
                "rules");
    assertThat(ROUTER.match(HTTP.at(full, 10), HTTP.route(full), HEADER)).isEmpty();
    Doc fits = full.without("spec", "rules", "0").without("spec", "rules", "0");
    assertThat(fits.docs("spec", "rules")).hasSize(14);
    assertThat(ROUTER.match(HTTP.at(fits, 10), HTTP.route(fits), HEADER)).isEmpty();
    assertThat(ROUTER.match(HTTP.at(HTTP.plain(), 10), HTTP.route(HTTP.plain()), HEADER))
        .isPresent();
  }

  @Test
  void thereAreNoRulesForCookies() {
    Match cookie = new Match(Match.Part.COOKIE, "canary", "always");
    assertThat(ROUTER.match(HTTP.at(HTTP.plain(), 10), HTTP.route(HTTP.plain()), cookie)).isEmpty();
  }
}
