package rollout.kubernetes;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Kind;
import rollout.model.Query;
import rollout.model.Ref;
import rollout.port.Cluster.Follow;
import rollout.port.Cluster.Send;
import rollout.port.ClusterException;

/** Of Secrets the metadata alone, whatever the server answers; and where it refuses, nothing. */
final class SecretFaultTests {
  private static final String ALONE =
      "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
  private static final String LISTED =
      "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
  private static final String PATH = "/api/v1/namespaces/ns/secrets";
  private static final Ref DB = new Ref(Kind.SECRET, "ns", "db");
  private static final Query QUERY = Query.named(DB);
  private static final Query OTHER = Query.named(new Ref(Kind.SECRET, "ns", "other"));
  private static final Patch PATCH = Patch.none().put("Z2VoZWlt", "data", "password");
  private static final int LOOKS = 200;

  private final WireMockServer server = new WireMockServer(options().dynamicPort());
  private final Semaphore signals = new Semaphore(0);
  private FabricCluster cluster;

  @BeforeEach
  void start() {
    server.start();
    cluster =
        new FabricCluster(
            FabricClusterFaultTests.connection(server.baseUrl(), Duration.ofSeconds(5)));
  }

  @AfterEach
  void stop() {
    cluster.close();
    server.stop();
  }

  /** As one stands in the store. */
  private static Doc whole(String version) {
    Doc writer =
        Doc.of("manager", "vault", "fieldsV1", Doc.of("f:data", Doc.of("f:password", Doc.EMPTY)));
    Doc metadata =
        Doc.of(
            "name",
            "db",
            "namespace",
            "ns",
            "resourceVersion",
            version,
            "annotations",
            Map.of("kubectl.kubernetes.io/last-applied-configuration", "Z2VoZWlt"),
            "managedFields",
            List.of(writer));
    return Doc.of(
        "apiVersion",
        "v1",
        "kind",
        "Secret",
        "metadata",
        metadata,
        "data",
        Map.of("password", "Z2VoZWlt"));
  }

  private static Doc alone(String version) {
    Doc writer = Doc.of("manager", "vault", "fieldsV1", Doc.of("f:data", Doc.EMPTY));
    Doc metadata =
        Doc.of(
            "name",
            "db",
            "namespace",
            "ns",
            "resourceVersion",
            version,
            "managedFields",
            List.of(writer));
    return Doc.of("apiVersion", "v1", "kind", "Secret", "metadata", metadata);
  }

  private static ResponseDefinitionBuilder body(Doc doc) {
    return aResponse().withBody(doc.json() + "\n");
  }

  private static ResponseDefinitionBuilder list(String version, Doc... items) {
    return body(
        Doc.of(
            "kind",
            "SecretList",
            "metadata",
            Doc.of("resourceVersion", version),
            "items",
            List.of(items)));
  }

  private static ResponseDefinitionBuilder event(String type, Doc object) {
    return body(Doc.of("type", type, "object", object));
  }

  /** The server goes on telling how far it is. */
  private static ResponseDefinitionBuilder bookmark(String version) {
    return event(
        "BOOKMARK", Doc.of("kind", "Secret", "metadata", Doc.of("resourceVersion", version)));
  }

  private static ResponseDefinitionBuilder refused(int status) {
    return aResponse()
        .withStatus(status)
        .withBody("{\"kind\":\"Status\",\"status\":\"Failure\",\"message\":\"no\"}");
  }

  private static MappingBuilder lists(Query query) {
    return get(urlPathEqualTo(PATH))
        .withQueryParam("watch", absent())
        .withQueryParam("fieldSelector", equalTo("metadata.name=" + query.name()));
  }

  private static MappingBuilder watches(Query query) {
    return get(urlPathEqualTo(PATH))
        .withQueryParam("watch", equalTo("1"))
        .withQueryParam("fieldSelector", equalTo("metadata.name=" + query.name()));
  }

  /** This once, and then how far it is. */
  private void watchTells(ResponseDefinitionBuilder event) {
    server.stubFor(
        watches(QUERY)
            .inScenario("s")
            .whenScenarioStateIs(Scenario.STARTED)
            .willReturn(event)
            .willSetStateTo("told"));
    server.stubFor(
        watches(QUERY).inScenario("s").whenScenarioStateIs("told").willReturn(bookmark("9")));
  }

  private Follow follow(Query query) {
    return cluster.followIfAllowed(query, signals::release);
  }

  private void await(String what, BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < LOOKS; i++) {
      if (condition.getAsBoolean()) {
        return;
      }
      if (signals.tryAcquire(100, TimeUnit.MILLISECONDS)) {
        signals.drainPermits();
      }
    }
    fail("never: " + what + "; asked " + asked());
  }

  private List<LoggedRequest> asked() {
    return server.getAllServeEvents().stream().map(ServeEvent::getRequest).toList();
  }

  private int asked(Query query, String part) {
    return server
        .findAll(
            getRequestedFor(urlPathEqualTo(PATH))
                .withQueryParam("fieldSelector", containing(query.name())))
        .stream()
        .filter(request -> request.getUrl().contains(part))
        .toList()
        .size();
  }

  /** Time enough for another watch, which ends each time, to be opened again and again. */
  private void letOthersAsk() throws InterruptedException {
    server.stubFor(lists(OTHER).willReturn(list("5")));
    server.stubFor(watches(OTHER).willReturn(bookmark("5")));
    try (Follow other = follow(OTHER)) {
      await("the other goes on", () -> asked(OTHER, "watch=1") > 4);
      assertThat(other.live()).isTrue();
    }
  }

  @Test
  void everyCallOnThemAsksForTheMetadataAlone() throws InterruptedException {
    server.stubFor(any(anyUrl()).willReturn(body(whole("7"))));
    server.stubFor(lists(QUERY).willReturn(list("7")));
    server.stubFor(watches(QUERY).willReturn(bookmark("7")));

    cluster.get(DB);
    cluster.list(QUERY);
    cluster.create(Kind.SECRET, whole(""), Send.REAL);
    cluster.patch(DB, PATCH, Send.REAL);
    cluster.delete(DB, "uid");
    try (Follow follow = cluster.follow(List.of(QUERY), signals::release);
        Follow second = follow(QUERY)) {
      await("live", () -> follow.live() && second.live());
    }

    assertThat(asked())
        .hasSizeGreaterThan(8)
        .allSatisfy(
            request ->
                assertThat(request.getHeader("Accept"))
                    .isEqualTo(request.getUrl().contains("limit=") ? LISTED : ALONE));
    cluster.get(new Ref(Kind.CONFIG_MAP, "secrets", "secrets"));
    server.verify(
        getRequestedFor(urlPathEqualTo("/api/v1/namespaces/secrets/configmaps/secrets"))
            .withHeader("Accept", equalTo("application/json, */*")));
  }

  @Test
  void wholeSecretsThatComeAllTheSameLeaveNoContent() throws InterruptedException {
    server.stubFor(any(anyUrl()).willReturn(body(whole("7"))));
    server.stubFor(lists(QUERY).willReturn(list("7", whole("7"))));
    watchTells(event("MODIFIED", whole("8")));

    assertThat(cluster.get(DB)).contains(alone("7"));
    assertThat(cluster.list(QUERY)).containsExactly(alone("7"));
    assertThat(cluster.create(Kind.SECRET, whole(""), Send.DRY_RUN)).isEqualTo(alone("7"));
    assertThat(cluster.patch(DB, PATCH, Send.DRY_RUN)).isEqualTo(alone("7"));
    try (Follow follow = follow(QUERY)) {
      await("told", () -> follow.list(QUERY).equals(List.of(alone("8"))));
      await("live", follow::live);
    }
  }

  @Test
  void answerThatIsNoJsonIsNotQuoted() {
    server.stubFor(any(anyUrl()).willReturn(aResponse().withBody("{\"data\": Z2VoZWlt")));

    assertThatThrownBy(() -> cluster.get(DB))
        .isInstanceOf(ClusterException.Unknown.class)
        .hasStackTraceContaining("not a JSON object")
        .satisfies(
            e -> {
              for (Throwable here = e; here != null; here = here.getCause()) {
                assertThat(here.toString()).doesNotContain("Z2VoZWlt");
              }
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 406})
  void whatIsRefusedIsAskedForOnceAndUnknown(int status) throws InterruptedException {
    server.stubFor(lists(QUERY).willReturn(refused(status)));

    try (Follow follow = follow(QUERY)) {
      letOthersAsk();

      assertThat(follow.live()).isFalse();
      assertThat(asked(QUERY, "")).isOne();
    }
  }

  @Test
  void rightToListWithoutTheOneToWatchIsNone() throws InterruptedException {
    server.stubFor(lists(QUERY).willReturn(list("7", whole("7"))));
    server.stubFor(watches(QUERY).willReturn(refused(403)));

    try (Follow follow = follow(QUERY)) {
      letOthersAsk();

      assertThat(follow.live()).isFalse();
      assertThat(asked(QUERY, "watch=1")).isOne();
    }
  }

  @Test
  void rightThatIsTakenAwayMakesItUnknownAndNotDeleted() throws InterruptedException {
    server.stubFor(lists(QUERY).willReturn(list("7", whole("7"))));
    server.stubFor(watches(QUERY).willReturn(bookmark("8")));
    try (Follow follow = follow(QUERY)) {
      await("live", follow::live);

      server.stubFor(watches(QUERY).willReturn(refused(403)));
      server.stubFor(lists(QUERY).willReturn(list("9")));
      await("unknown", () -> !follow.live());
      letOthersAsk();

      assertThat(follow.live()).isFalse();
      assertThat(follow.list(QUERY)).containsExactly(alone("7"));
    }
  }

  @Test
  void deletionThatTheServerSaysIsKnown() throws InterruptedException {
    server.stubFor(lists(QUERY).willReturn(list("7", whole("7"))));
    watchTells(event("DELETED", whole("8")));

    try (Follow follow = follow(QUERY)) {
      await("deleted", () -> follow.live() && follow.list(QUERY).isEmpty());
    }
  }

  static Stream<ResponseDefinitionBuilder> noLists() {
    return Stream.of(
        body(Doc.EMPTY),
        body(Doc.of("kind", "Status", "status", "Success")),
        body(whole("7")),
        aResponse().withBody("<html>log in</html>"),
        aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER),
        refused(503));
  }

  @ParameterizedTest
  @MethodSource("noLists")
  void answerThatIsNoListSaysNothing(ResponseDefinitionBuilder answer) throws InterruptedException {
    server.stubFor(lists(QUERY).willReturn(answer));
    server.stubFor(watches(QUERY).willReturn(bookmark("9")));

    try (Follow follow = follow(QUERY)) {
      await("asked", () -> asked(QUERY, "limit=") > 0);
      letOthersAsk();
      assertThat(follow.live()).isFalse();

      server.stubFor(lists(QUERY).willReturn(list("7", whole("7"))));
      await("known in the end", () -> follow.live() && !follow.list(QUERY).isEmpty());
    }
  }

  @Test
  void nobodyWaitsForAServerThatDoesNotAnswer() {
    server.stubFor(any(anyUrl()).willReturn(list("7").withFixedDelay(4_000)));
    long before = System.nanoTime();

    try (Follow follow = follow(QUERY)) {
      assertThat(follow.live()).isFalse();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
  }
}
