package rollout.notify;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static com.github.tomakehurst.wiremock.stubbing.Scenario.STARTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Phase;
import rollout.model.UserError;
import rollout.strategy.News;
import rollout.strategy.Subscriber;
import rollout.strategy.Subscriber.Address;
import rollout.strategy.Subscriber.Form;

/** Webhooks that are well, busy, broken, silent or gone. */
class NotificationsTests {
  private static final String PATH = "/services/T0/s3cr3t-hook";
  private static final String TOKEN = "s3cr3t-token";
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration AT_END = Duration.ofMinutes(1);
  private static final Set<News> ALL = EnumSet.allOf(News.class);

  @RegisterExtension
  static final WireMockExtension SERVER =
      WireMockExtension.newInstance().options(wireMockConfig().dynamicPort()).build();

  @TempDir Path folder;
  private final List<String> warnings = new CopyOnWriteArrayList<>();
  private final List<Duration> waits = new CopyOnWriteArrayList<>();

  private static Subscriber to(String url, Form form, Set<News> on) {
    return new Subscriber(form, new Address.Url(url), Optional.empty(), Optional.empty(), on);
  }

  private static Subscriber cloud(Set<News> on) {
    return to(SERVER.baseUrl() + PATH, Form.CLOUD_EVENT, on);
  }

  private Notifications notifications(Pace pace, Duration answer, Subscriber... subscribers) {
    InstantSource clock = InstantSource.fixed(NOW);
    Notifications.About about = new Notifications.About("shop", "prod", "n0nce");
    Post post = new Post(answer, clock);
    return new Notifications(List.of(subscribers), about, clock, warnings::add, post, pace);
  }

  private Notifications notifications(Subscriber... subscribers) {
    return notifications(new Pace(waits::add, AT_END), Duration.ofMinutes(1), subscribers);
  }

  private static Event event(String type, String message, Object... fields) {
    return new Event(type, Phase.BAKE, message, Doc.of(fields).with(3, "revision"));
  }

  private static Event result(int exitCode, String outcome) {
    return event(Event.RESULT, "It ended.", "exitCode", exitCode, "outcome", outcome);
  }

  private static void answers(ResponseDefinitionBuilder first, ResponseDefinitionBuilder then) {
    SERVER.stubFor(
        post(PATH)
            .inScenario("s")
            .whenScenarioStateIs(STARTED)
            .willReturn(first)
            .willSetStateTo("t"));
    SERVER.stubFor(post(PATH).inScenario("s").whenScenarioStateIs("t").willReturn(then));
  }

  private static List<Doc> bodies() {
    return SERVER.findAll(postRequestedFor(urlEqualTo(PATH))).stream()
        .map(LoggedRequest::getBodyAsString)
        .map(Doc::parse)
        .toList();
  }

  private static List<String> types() {
    return bodies().stream().map(body -> body.textOrEmpty("type")).toList();
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  @ParameterizedTest
  @CsvSource({
    "gate,           state,   waiting,  rollout.waiting",
    "gate,           state,   passed,   rollout.passed",
    "traffic,        to,      shop-r3,  rollout.shifted",
    "step-started,   step,    claim,    rollout.started",
    "step-failed,    reason,  errors,   rollout.going-back",
    "step-done,      step,    claim,    ",
    "check,          verdict, fail,     ",
    "write,          verb,    patch,    ",
    "note,           warning, true,     ",
    "rollback,       reason,  errors,   ",
  })
  void eventIsNews(String type, String field, String value, String news) {
    SERVER.stubFor(post(PATH).willReturn(ok()));
    try (Notifications told = notifications(cloud(ALL))) {
      told.tell(event(type, "It happened.", field, value));
    }
    assertThat(types()).isEqualTo(news == null ? List.of() : List.of(news));
  }

  @ParameterizedTest
  @CsvSource({
    "0,   done,                rollout.done",
    "0,   installed,           rollout.done",
    "0,   unchanged,           ",
    "0,   rolled-back,         rollout.rolled-back",
    "1,   error,               rollout.failed",
    "3,   refused,             rollout.failed",
    "4,   rolled-back,         rollout.rolled-back",
    "5,   rolled-back-partly,  rollout.failed",
    "6,   held,                rollout.failed",
    "7,   lost,                rollout.failed",
    "8,   waiting,             ",
    "9,   unreachable,         rollout.failed",
    "10,  not-settled,         rollout.failed",
    "130, interrupted,         rollout.failed",
    "143, terminated,          rollout.failed",
  })
  void endIsNews(int exitCode, String outcome, String news) {
    SERVER.stubFor(post(PATH).willReturn(ok()));
    try (Notifications told = notifications(cloud(ALL))) {
      told.tell(result(exitCode, outcome));
    }
    assertThat(types()).isEqualTo(news == null ? List.of() : List.of(news));
  }

  @Test
  void cloudEventHasTheEventAsItsData() {
    SERVER.stubFor(post(PATH).willReturn(ok()));
    try (Notifications told = notifications(cloud(ALL))) {
      told.tell(event(Event.NOTE, "A note."));
      told.tell(
          event(Event.GATE, "waiting, see http://me:pw@x/", "name", "hold", "state", "waiting"));
    }
    SERVER.verify(
        postRequestedFor(urlEqualTo(PATH))
            .withHeader("Content-Type", equalTo("application/cloudevents+json; charset=utf-8")));
    assertThat(bodies())
        .containsExactly(
            Doc.parse(
                """
                {"specversion": "1.0", "id": "n0nce-2", "source": "/namespaces/prod/services/shop",
                 "type": "rollout.waiting", "subject": "shop", "time": "2026-03-01T12:00:00.000Z",
                 "datacontenttype": "application/json",
                 "data": {"time": "2026-03-01T12:00:00.000Z", "target": "shop", "namespace": "prod",
                   "revision": 3, "seq": 2, "type": "gate", "phase": "bake",
                   "message": "waiting, see http://***@x/", "name": "hold", "state": "waiting"}}
                """));
  }

  @Test
  void slackMessageHasTheSentenceAndNoMentionOfAnybody() {
    SERVER.stubFor(post(PATH).willReturn(ok()));
    try (Notifications told = notifications(to(SERVER.baseUrl() + PATH, Form.SLACK, ALL))) {
      told.tell(
          event(
              Event.RESULT,
              "errors 4 % <!channel> & more, see http://me:pw@example/",
              "exitCode",
              4,
              "outcome",
              "rolled-back",
              "traffic",
              "all on shop (revision 2), observed"));
    }
    assertThat(bodies())
        .containsExactly(
            Doc.parse(
                """
                {"text": "*shop* in prod, revision 3: rolled back",
                 "attachments": [{"color": "danger",
                   "fallback": "errors 4 % &lt;!channel&gt; &amp; more, see http://***@example/",
                   "text": "errors 4 % &lt;!channel&gt; &amp; more, see http://***@example/",
                   "footer": "Traffic: all on shop (revision 2), observed"}]}
                """));
  }

  @Test
  void subscriberGetsWhatItWantsInOrder() {
    SERVER.stubFor(post(PATH).willReturn(ok()));
    try (Notifications told = notifications(cloud(News.USUAL))) {
      told.tell(event(Event.STEP_STARTED, "claim"));
      told.tell(event(Event.STEP_STARTED, "create"));
      told.tell(event(Event.TRAFFIC, "moved"));
      told.tell(event(Event.GATE, "waits", "state", "waiting"));
      told.tell(event(Event.GATE, "goes on", "state", "passed"));
      told.tell(result(0, "done"));
    }
    assertThat(types()).containsExactly("rollout.started", "rollout.waiting", "rollout.done");
  }

  @Test
  void serverThatIsBusyIsLeftAloneAsLongAsItAsks() {
    answers(aResponse().withStatus(429).withHeader("Retry-After", "7"), ok());
    try (Notifications told = notifications(cloud(ALL))) {
      told.tell(result(0, "done"));
    }
    assertThat(waits).containsExactly(Duration.ofSeconds(7));
    assertThat(bodies()).hasSize(2);
    assertThat(bodies().getFirst()).as("the same, with the same id").isEqualTo(bodies().getLast());
    assertThat(warnings).isEmpty();
  }

  @Test
  void retryAfterMayBeADate() {
    answers(
        aResponse().withStatus(503).withHeader("Retry-After", "Sun, 01 Mar 2026 12:00:20 GMT"),
        ok());
    try (Notifications told = notifications(cloud(ALL))) {
      told.tell(result(0, "done"));
    }
    assertThat(waits).containsExactly(Duration.ofSeconds(20));
  }

  @Test
  void serverThatAsksForTooLongIsGivenUp() {
    answers(aResponse().withStatus(429).withHeader("Retry-After", "3600"), ok());
    try (Notifications told = notifications(cloud(ALL))) {
      told.tell(result(0, "done"));
    }
    assertThat(waits).isEmpty();
    assertThat(warnings)
        .containsExactly(
            "A notification to http://localhost was not delivered: HTTP 429, tried 1 time.");
  }

  @Test
  void serverErrorIsTriedAgain() {
    answers(aResponse().withStatus(500), ok());
    try (Notifications told = notifications(cloud(ALL))) {
      told.tell(result(0, "done"));
    }
    assertThat(bodies()).hasSize(2);
    assertThat(waits)
        .singleElement()
        .satisfies(wait -> assertThat(wait).isBetween(ms(250), ms(500)));
    assertThat(warnings).isEmpty();
  }

  @Test
  void connectionThatBreaksIsTriedAgain() {
    answers(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER), ok());
    try (Notifications told = notifications(cloud(ALL))) {
      told.tell(result(0, "done"));
    }
    assertThat(bodies()).hasSize(2);
    assertThat(warnings).isEmpty();
  }

  @Test
  void triesOfOneMessageHaveAnEndAndGrowApart() {
    SERVER.stubFor(post(PATH).willReturn(aResponse().withStatus(500)));
    try (Notifications told = notifications(cloud(ALL))) {
      told.tell(event(Event.TRAFFIC, "moved"));
      told.tell(result(0, "done"));
    }
    assertThat(warnings)
        .singleElement()
        .asString()
        .matches(
            "A notification to http://localhost was not delivered: HTTP 500, tried \\d+ times\\.");
    Duration ofBoth = waits.stream().reduce(Duration.ZERO, Duration::plus);
    assertThat(ofBoth).isBetween(Pace.MOST_TIME, Pace.MOST_TIME.multipliedBy(2));
    assertThat(waits.get(5)).isBetween(ms(7_500), ms(15_000));
  }

  private static Duration ms(long millis) {
    return Duration.ofMillis(millis);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 400, 401, 404, 410})
  void answerThatStaysTheSameIsNotAskedForAgain(int status) {
    SERVER.stubFor(
        post(PATH).willReturn(aResponse().withStatus(status).withHeader("Location", PATH)));
    try (Notifications told = notifications(cloud(ALL))) {
      told.tell(result(0, "done"));
      told.tell(result(0, "done"));
    }
    assertThat(bodies()).as("one try of each").hasSize(2);
    assertThat(warnings)
        .containsExactly(
            "A notification to http://localhost was not delivered: HTTP " + status + ".");
  }

  @Test
  void serverThatIsGoneIsSaidOnce() throws IOException {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    try (Notifications told =
        notifications(to("http://127.0.0.1:" + port + PATH, Form.SLACK, ALL))) {
      told.tell(event(Event.TRAFFIC, "moved"));
      told.tell(result(0, "done"));
    }
    assertThat(warnings)
        .singleElement()
        .asString()
        .startsWith("A notification to http://127.0.0.1 was not delivered: no connection, tried ");
  }

  @Test
  void serverThatHangsIsTriedAgainAndNobodyWaitsForIt() {
    answers(ok().withFixedDelay(60_000), ok());
    Subscriber well = to(SERVER.baseUrl() + "/well", Form.CLOUD_EVENT, ALL);
    SERVER.stubFor(post("/well").willReturn(ok()));
    try (Notifications told =
        notifications(new Pace(waits::add, AT_END), ms(500), cloud(ALL), well)) {
      told.tell(result(0, "done"));
    }
    assertThat(bodies()).hasSizeGreaterThanOrEqualTo(2);
    SERVER.verify(postRequestedFor(urlEqualTo("/well")));
    assertThat(warnings).isEmpty();
  }

  /** It takes the connection, and never says a word. */
  @Test
  @Timeout(30)
  void endIsNotHeldUpByServersThatHang() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Subscriber hangs =
          to("http://127.0.0.1:" + silent.getLocalPort() + PATH, Form.CLOUD_EVENT, ALL);
      Notifications told =
          notifications(new Pace(waits::add, ms(500)), Duration.ofMinutes(10), hangs, hangs, hangs);
      long began = System.nanoTime();
      for (int i = 0; i < 500; i++) {
        told.tell(event(Event.TRAFFIC, "moved"));
      }
      assertThat(since(began)).as("telling").isLessThan(Duration.ofSeconds(10));
      told.close();
      assertThat(since(began)).isLessThan(Duration.ofSeconds(20));
    }
    assertThat(warnings)
        .hasSize(3)
        .allSatisfy(
            warning ->
                assertThat(warning)
                    .isEqualTo(
                        "A notification to http://127.0.0.1 was not delivered: too many are"
                            + " waiting."));
  }

  private static Duration since(long began) {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  @Test
  void whatIsLeftAtTheEndIsSaid() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    SERVER.stubFor(post(PATH).willReturn(aResponse().withStatus(503)));
    Notifications told =
        notifications(new Pace(wait -> never.await(), ms(100)), Duration.ofMinutes(1), cloud(ALL));
    told.tell(event(Event.TRAFFIC, "moved"));
    told.tell(result(0, "done"));
    told.close();
    assertThat(warnings)
        .containsExactly(
            "A notification to http://localhost was not delivered:"
                + " no time was left for 2 of them at the end.");
  }

  @Test
  void secretsOfFilesAreSentAndReadAgainForEachMessage() throws IOException {
    SERVER.stubFor(post(PATH).willReturn(ok()));
    Subscriber subscriber =
        new Subscriber(
            Form.CLOUD_EVENT,
            new Address.UrlFile(file("url", SERVER.baseUrl() + PATH + "\n")),
            Optional.of(file("token", TOKEN + "\n")),
            Optional.of(file("headers", "X-Room: releases\n\nX-Key: a: b\n")),
            ALL);
    try (Notifications told = notifications(subscriber)) {
      file("token", "another");
      told.tell(result(0, "done"));
    }
    SERVER.verify(
        postRequestedFor(urlEqualTo(PATH))
            .withHeader("Authorization", equalTo("Bearer another"))
            .withHeader("X-Room", equalTo("releases"))
            .withHeader("X-Key", equalTo("a: b")));
  }

  @Test
  void noSecretIsTold() throws IOException {
    SERVER.stubFor(post(PATH).willReturn(aResponse().withStatus(403).withBody(TOKEN + PATH)));
    Subscriber subscriber =
        new Subscriber(
            Form.SLACK,
            new Address.UrlFile(file("url", SERVER.baseUrl() + PATH)),
            Optional.of(file("token", TOKEN)),
            Optional.of(file("headers", "X-Key: " + TOKEN)),
            ALL);
    List<String> said = new ArrayList<>();
    try (Notifications told = notifications(subscriber, cloud(ALL))) {
      told.tell(result(0, "done"));
      said.add(Recipient.read(subscriber) + " " + Recipient.read(subscriber).headers());
    }
    said.addAll(warnings);
    said.add(cloud(ALL).toString());
    assertThat(said).hasSize(4).noneMatch(text -> text.contains("s3cr3t"));
  }

  @ParameterizedTest
  @CsvSource({
    "hooks.example/s3cr3t, t, 'X-A: b', is no http or https URL",
    "'https://hooks.example/s3cr3t here', t, 'X-A: b', is no http or https URL",
    "https://me:s3cr3t@hooks.example/, t, 'X-A: b', 'has a login, which would not be sent'",
    "https://hooks.example/, 's3cr3t\nmore', 'X-A: b', no header may have",
    "https://hooks.example/, '', 'X-A: b', 'is empty, or far too long'",
    "https://hooks.example/, t, 's3cr3t', 'not of the form Name: value'",
    "https://hooks.example/, t, 'Host: s3cr3t', the header Host cannot be set",
  })
  void fileWithSomethingElseInItIsRefusedWithoutShowingIt(
      String url, String token, String headers, String wrong) throws IOException {
    Subscriber subscriber =
        new Subscriber(
            Form.SLACK,
            new Address.UrlFile(file("url", url)),
            Optional.of(file("token", token)),
            Optional.of(file("headers", headers)),
            ALL);
    assertThatThrownBy(() -> Notifications.check(List.of(subscriber)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(folder.toString())
        .hasMessageContaining(wrong)
        .message()
        .doesNotContain("s3cr3t");
  }

  @Test
  void filesThatAreMissingAreAllNamed() {
    Subscriber one =
        new Subscriber(
            Form.SLACK,
            new Address.UrlFile("/none/slack"),
            Optional.empty(),
            Optional.empty(),
            ALL);
    Subscriber other =
        new Subscriber(
            Form.CLOUD_EVENT,
            new Address.Url("https://hooks.example/"),
            Optional.of("/none/token"),
            Optional.empty(),
            ALL);
    assertThatThrownBy(() -> Notifications.check(List.of(one, other)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("/none/slack")
        .hasMessageContaining("/none/token");
  }

  @Test
  void fileThatIsGoneMidwayFailsThatMessageOnly() throws IOException {
    SERVER.stubFor(post(PATH).willReturn(ok()));
    Path token = Path.of(file("token", TOKEN));
    Subscriber subscriber =
        new Subscriber(
            Form.SLACK,
            new Address.Url(SERVER.baseUrl() + PATH),
            Optional.of(token.toString()),
            Optional.empty(),
            ALL);
    try (Notifications told = notifications(subscriber)) {
      Files.delete(token);
      told.tell(result(0, "done"));
    }
    assertThat(bodies()).isEmpty();
    assertThat(warnings).singleElement().asString().contains(token.toString(), "cannot be read");
  }
}
