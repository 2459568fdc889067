package rollout.kubernetes;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.patchRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Kind;
import rollout.model.Query;
import rollout.model.Ref;
import rollout.port.Cluster.ProxyAnswer;
import rollout.port.Cluster.Send;
import rollout.port.ClusterException;

/** What an API server that answers badly, or not at all, becomes. */
final class FabricClusterFaultTests {
  private static final String TOKEN = "s3cret-t0ken";
  private static final String SERVICE = "/api/v1/namespaces/ns/services/shop";
  private static final Ref SHOP = new Ref(Kind.SERVICE, "ns", "shop");
  private static final Patch PATCH = Patch.at("7").put(Map.of("a", "b"), "spec", "selector");

  private final WireMockServer server = new WireMockServer(options().dynamicPort());
  private FabricCluster cluster;

  @BeforeEach
  void start() {
    server.start();
    cluster = new FabricCluster(connection(server.baseUrl(), Duration.ofSeconds(5)));
  }

  @AfterEach
  void stop() {
    cluster.close();
    server.stop();
  }

  static Connection connection(String address, Duration timeout) {
    return connection(address, timeout, (verb, code) -> {});
  }

  private static Connection connection(String address, Duration timeout, Requests requests) {
    Path folder = Path.of("/");
    return new Session(
            "test",
            new KubeConfig.Entry("test", Doc.of("server", address), folder),
            new KubeConfig.Entry("test", Doc.of("token", TOKEN), folder),
            requests)
        .connection(timeout);
  }

  private void answer(ResponseDefinitionBuilder response) {
    server.stubFor(any(anyUrl()).willReturn(response));
  }

  private static ResponseDefinitionBuilder failure(int code, String reason, String message) {
    Doc status =
        Doc.of(
            "kind",
            "Status",
            "apiVersion",
            "v1",
            "status",
            "Failure",
            "message",
            message,
            "reason",
            reason,
            "code",
            code);
    return aResponse().withStatus(code).withBody(status.json());
  }

  private void patch() {
    cluster.patch(SHOP, PATCH, Send.REAL);
  }

  private void wasSentOnce() {
    server.verify(1, anyRequestedFor(anyUrl()));
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of(409, "Conflict", ClusterException.Conflict.class),
        Arguments.of(409, "AlreadyExists", ClusterException.AlreadyExists.class),
        Arguments.of(404, "NotFound", ClusterException.NotFound.class),
        Arguments.of(422, "Invalid", ClusterException.Invalid.class),
        Arguments.of(400, "BadRequest", ClusterException.Invalid.class),
        Arguments.of(401, "Unauthorized", ClusterException.Forbidden.class),
        Arguments.of(403, "Forbidden", ClusterException.Forbidden.class),
        Arguments.of(429, "TooManyRequests", ClusterException.Busy.class),
        Arguments.of(500, "InternalError", ClusterException.Busy.class),
        Arguments.of(503, "ServiceUnavailable", ClusterException.Busy.class),
        Arguments.of(500, "ServerTimeout", ClusterException.Unknown.class),
        Arguments.of(504, "Timeout", ClusterException.Unknown.class),
        Arguments.of(502, "", ClusterException.Unknown.class));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void refusedWriteIsSentOnceAndKeepsTheServersMessage(
      int code, String reason, Class<? extends ClusterException> expected) {
    answer(failure(code, reason, "user \"u\" may not patch services"));

    assertThatThrownBy(this::patch)
        .isExactlyInstanceOf(expected)
        .hasMessage("user \"u\" may not patch services");
    wasSentOnce();
  }

  @Test
  void storeThatDidNotAnswerInTimeLeavesAWriteUnknown() {
    answer(failure(500, "InternalError", "etcdserver: request timed out"));

    assertThatThrownBy(this::patch).isInstanceOf(ClusterException.Unknown.class);
    wasSentOnce();
  }

  @Test
  void webhookThatDoesNotAnswerKeepsAWriteFromBeingDone() {
    answer(
        failure(
            500,
            "InternalError",
            "Internal error occurred: failed calling webhook \"nobody.example.com\": failed to call"
                + " webhook: Post \"https://nobody.web.svc:443/?timeout=10s\": context deadline"
                + " exceeded"));

    assertThatThrownBy(this::patch).isInstanceOf(ClusterException.Busy.class);
    wasSentOnce();
  }

  @Test
  void retryAfterIsToldFromTheHeaderOrElseFromTheBody() {
    answer(failure(429, "TooManyRequests", "slow down").withHeader("Retry-After", "7"));
    assertThat(busy().retryAfter()).isEqualTo(Duration.ofSeconds(7));

    answer(
        aResponse()
            .withStatus(503)
            .withBody(
                "{\"kind\":\"Status\",\"status\":\"Failure\",\"message\":\"later\","
                    + "\"details\":{\"retryAfterSeconds\":3}}"));
    assertThat(busy().retryAfter()).isEqualTo(Duration.ofSeconds(3));

    answer(aResponse().withStatus(503).withBody("down"));
    assertThat(busy()).hasMessageEndingWith("HTTP 503, down");
    assertThat(busy().retryAfter()).isZero();
  }

  private ClusterException.Busy busy() {
    return catchThrowableOfType(ClusterException.Busy.class, this::patch);
  }

  @Test
  void writeIsAPatchWithOurNameAndNothingElse() {
    answer(aResponse().withBody("{\"kind\":\"Service\"}"));

    cluster.patch(SHOP, PATCH, Send.DRY_RUN);

    server.verify(
        patchRequestedFor(urlEqualTo(SERVICE + "?fieldManager=rollout&dryRun=All"))
            .withHeader("Content-Type", equalTo("application/json-patch+json"))
            .withHeader("Authorization", equalTo("Bearer " + TOKEN))
            .withRequestBody(equalTo(PATCH.json())));
  }

  @Test
  void connectionThatBreaksAfterAWriteLeavesItUnknownAndIsNotTriedAgain() {
    for (Fault fault : List.of(Fault.CONNECTION_RESET_BY_PEER, Fault.EMPTY_RESPONSE)) {
      server.resetAll();
      answer(aResponse().withFault(fault));

      assertThatThrownBy(this::patch).isInstanceOf(ClusterException.Unknown.class);
      assertThatThrownBy(() -> cluster.create(Kind.SERVICE, Doc.EMPTY, Send.REAL))
          .isInstanceOf(ClusterException.Unknown.class);
      assertThatThrownBy(() -> cluster.delete(SHOP, "uid"))
          .isInstanceOf(ClusterException.Unknown.class);
      server.verify(3, anyRequestedFor(anyUrl()));
    }
  }

  @Test
  void halfAnAnswerToAWriteIsUnknown() {
    answer(aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK));
    assertThatThrownBy(this::patch).isInstanceOf(ClusterException.Unknown.class);
    wasSentOnce();

    answer(aResponse().withBody("{\"kind\": \"Servi"));
    assertThatThrownBy(this::patch).isInstanceOf(ClusterException.Unknown.class);
  }

  @Test
  void serverThatHangsLeavesAWriteUnknownWhenItsTimeIsUp() {
    cluster.close();
    cluster = new FabricCluster(connection(server.baseUrl(), Duration.ofMillis(300)));
    answer(aResponse().withFixedDelay(3_000));

    assertThatThrownBy(this::patch)
        .isInstanceOf(ClusterException.Unknown.class)
        .hasMessageContaining("PATCH " + SERVICE)
        .hasMessageContaining("no answer in 300 ms");
    wasSentOnce();
  }

  @Test
  void eachRequestIsToldOnceHoweverItEnds() {
    List<String> ended = new CopyOnWriteArrayList<>();
    cluster.close();
    cluster =
        new FabricCluster(
            connection(
                server.baseUrl(),
                Duration.ofSeconds(5),
                (verb, code) -> ended.add(verb + " " + code)));
    answer(failure(409, "Conflict", "changed"));
    assertThatThrownBy(this::patch).isInstanceOf(ClusterException.Conflict.class);
    answer(failure(404, "NotFound", "gone"));
    assertThat(cluster.get(SHOP)).isEmpty();
    answer(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));
    assertThatThrownBy(this::patch).isInstanceOf(ClusterException.Unknown.class);
    assertThat(ended).containsExactly("patch 409", "get 404", "patch none");
  }

  @Test
  void serverThatIsNotThereIsUnknownAndSaidPlainly() {
    server.stop();

    assertThatThrownBy(() -> cluster.get(SHOP))
        .isInstanceOf(ClusterException.Unknown.class)
        .hasMessageContaining("connection refused");
  }

  @Test
  void readIsTriedAgainWhenTheServerIsBusyOrTheConnectionBreaks() {
    server.stubFor(
        get(SERVICE)
            .inScenario("s")
            .whenScenarioStateIs(Scenario.STARTED)
            .willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER))
            .willSetStateTo("busy"));
    server.stubFor(
        get(SERVICE)
            .inScenario("s")
            .whenScenarioStateIs("busy")
            .willReturn(failure(503, "ServiceUnavailable", "busy"))
            .willSetStateTo("well"));
    server.stubFor(
        get(SERVICE)
            .inScenario("s")
            .whenScenarioStateIs("well")
            .willReturn(aResponse().withBody("{\"kind\":\"Service\"}")));

    assertThat(cluster.get(SHOP)).contains(Doc.of("kind", "Service"));
  }

  @Test
  void readIsGivenUpAfterFourTries() {
    answer(failure(500, "InternalError", "broken"));

    assertThatThrownBy(() -> cluster.get(SHOP))
        .isInstanceOf(ClusterException.Busy.class)
        .hasMessage("broken");
    server.verify(4, anyRequestedFor(anyUrl()));
  }

  @Test
  void listReadsAllPages() {
    String path = "/api/v1/namespaces/ns/services";
    server.stubFor(
        get(urlPathEqualTo(path))
            .withQueryParam("continue", absent())
            .willReturn(page("5", "next/+=", "a", "b")));
    server.stubFor(
        get(urlPathEqualTo(path))
            .withQueryParam("continue", equalTo("next/+="))
            .willReturn(page("5", "", "c")));

    List<Doc> listed =
        cluster.list(Query.labelled(Kind.SERVICE, "ns", Map.of("b/c", "d", "a", "x")));

    assertThat(listed)
        .extracting(object -> object.textOrEmpty("metadata", "name"))
        .containsExactly("a", "b", "c");
    assertThat(listed).allMatch(object -> object.textOrEmpty("kind").equals("Service"));
    server.verify(
        2,
        getRequestedFor(urlPathEqualTo(path))
            .withQueryParam("limit", equalTo("500"))
            .withQueryParam("labelSelector", equalTo("a=x,b/c=d")));
  }

  private static ResponseDefinitionBuilder page(String version, String next, String... names) {
    List<Doc> items =
        Stream.of(names).map(name -> Doc.of("metadata", Doc.of("name", name))).toList();
    Doc metadata = Doc.of("resourceVersion", version, "continue", next);
    return aResponse().withBody(Doc.of("metadata", metadata, "items", items).json());
  }

  @Test
  void listThatTheServerForgetsMidwayIsBegunAnew() {
    String path = "/api/v1/namespaces/ns/services";
    server.stubFor(
        get(urlPathEqualTo(path))
            .inScenario("s")
            .whenScenarioStateIs(Scenario.STARTED)
            .willReturn(page("5", "next", "old"))
            .willSetStateTo("forgotten"));
    server.stubFor(
        get(urlPathEqualTo(path))
            .withQueryParam("continue", equalTo("next"))
            .inScenario("s")
            .whenScenarioStateIs("forgotten")
            .willReturn(failure(410, "Expired", "too old"))
            .willSetStateTo("anew"));
    server.stubFor(
        get(urlPathEqualTo(path))
            .inScenario("s")
            .whenScenarioStateIs("anew")
            .willReturn(page("9", "", "new")));

    assertThat(cluster.list(Query.all(Kind.SERVICE, "ns")))
        .extracting(object -> object.textOrEmpty("metadata", "name"))
        .containsExactly("new");
  }

  @Test
  void kindThatTheServerDoesNotHaveHasNoObjectsAndAForbiddenOneSaysSo() {
    answer(aResponse().withStatus(404).withBody("404 page not found"));
    assertThat(cluster.list(Query.all(Kind.SCALED_OBJECT, "ns"))).isEmpty();
    assertThat(cluster.get(new Ref(Kind.SCALED_OBJECT, "ns", "x"))).isEmpty();

    answer(failure(403, "Forbidden", "scaledobjects is forbidden"));
    assertThatThrownBy(() -> cluster.list(Query.all(Kind.SCALED_OBJECT, "ns")))
        .isInstanceOf(ClusterException.Forbidden.class)
        .hasMessage("scaledobjects is forbidden");
  }

  @Test
  void proxiedAnswerIsGivenWhateverItsStatusAndIsAskedForOnce() {
    Duration timeout = Duration.ofSeconds(5);
    answer(aResponse().withStatus(503).withBody("{\"status\":\"error\"}"));
    assertThat(cluster.proxyGet("ns", "prom", "9090", "/api/v1/query?query=a%2Bb", timeout))
        .isEqualTo(new ProxyAnswer(503, "{\"status\":\"error\"}"));
    server.verify(
        1,
        getRequestedFor(
            urlEqualTo("/api/v1/namespaces/ns/services/prom:9090/proxy/api/v1/query?query=a%2Bb")));

    answer(failure(503, "ServiceUnavailable", "no endpoints available for service"));
    assertThatThrownBy(() -> cluster.proxyGet("ns", "prom", "9090", "/", timeout))
        .isInstanceOf(ClusterException.Busy.class);
  }

  @Test
  void redirectIsNotFollowed() {
    answer(aResponse().withStatus(302).withHeader("Location", server.baseUrl() + "/else/where"));

    assertThat(cluster.proxyGet("ns", "x", "80", "/", Duration.ofSeconds(5)).status())
        .isEqualTo(302);
    server.verify(0, anyRequestedFor(urlEqualTo("/else/where")));
  }

  @Test
  void objectWithoutANameIsNeverAskedFor() {
    assertThatThrownBy(() -> cluster.delete(new Ref(Kind.SERVICE, "ns", ""), "uid"))
        .isInstanceOf(IllegalArgumentException.class);
    server.verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  void noFailureTellsTheToken() {
    for (ResponseDefinitionBuilder response :
        List.of(
            aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER),
            aResponse().withFault(Fault.RANDOM_DATA_THEN_CLOSE),
            aResponse().withStatus(401).withBody("Unauthorized"),
            aResponse().withStatus(418))) {
      answer(response);

      ClusterException failure = catchThrowableOfType(ClusterException.class, this::patch);

      for (Throwable here = failure; here != null; here = here.getCause()) {
        assertThat(here.toString()).doesNotContain(TOKEN);
      }
    }
  }
}
