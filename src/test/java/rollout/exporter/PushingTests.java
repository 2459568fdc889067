package rollout.exporter;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.putRequestedFor;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Phase;

/** Metrics that are pushed, to a Pushgateway that is well and to some that are not. */
class PushingTests {
  private static final Duration TIMEOUT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final String GROUP = "/base/metrics/job/rollout/namespace/prod/target/shop";

  private final WireMockServer server = new WireMockServer(options().dynamicPort());
  private final List<String> warnings = new CopyOnWriteArrayList<>();
  private final AtomicInteger written = new AtomicInteger();

  @BeforeEach
  void start() {
    server.start();
    answer(aResponse().withStatus(202));
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  private void answer(ResponseDefinitionBuilder response) {
    server.stubFor(any(anyUrl()).willReturn(response));
  }

  private Pushing pushing(String url, Duration timeout, Duration mostTimeAtEnd) {
    return new Pushing(
        new Pushgateway(URI.create(url), new About("prod", "shop"), timeout),
        () -> "text " + written.incrementAndGet() + "\n",
        warnings::add,
        mostTimeAtEnd);
  }

  private Pushing pushing() {
    return pushing("http://127.0.0.1:" + server.port() + "/base/", LONG, LONG);
  }

  private static Event step(Phase phase) {
    return new Event(Event.STEP_STARTED, phase, "", Doc.EMPTY);
  }

  private static final Event RESULT = new Event(Event.RESULT, Phase.DONE, "", Doc.EMPTY);

  private List<LoggedRequest> puts() {
    return server.findAll(putRequestedFor(anyUrl()));
  }

  @Test
  void theEndReplacesTheGroupOfTheTarget() {
    try (Pushing pushing = pushing()) {
      pushing.tell(RESULT);
    }
    assertThat(puts())
        .singleElement()
        .satisfies(put -> assertThat(put.getUrl()).isEqualTo(GROUP))
        .satisfies(put -> assertThat(put.getBodyAsString()).isEqualTo("text 1\n"))
        .satisfies(
            put -> assertThat(put.getHeader("Content-Type")).startsWith("text/plain; version="))
        .satisfies(put -> assertThat(put.containsHeader("Authorization")).isFalse());
    assertThat(warnings).isEmpty();
  }

  @Test
  void eachPhaseIsPushedOnceAndNothingElseIs() throws InterruptedException {
    CountDownLatch first = new CountDownLatch(1);
    server.addMockServiceRequestListener((request, response) -> first.countDown());
    try (Pushing pushing = pushing()) {
      pushing.tell(new Event(Event.CHECK, Phase.DEPLOY, "", Doc.EMPTY));
      pushing.tell(step(Phase.DEPLOY));
      assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();
      pushing.tell(step(Phase.DEPLOY));
      pushing.tell(new Event(Event.CHECK, Phase.SHIFT, "", Doc.EMPTY));
      pushing.tell(RESULT);
    }
    assertThat(puts()).hasSize(2);
  }

  @Test
  void whatWasNeverToldOfItsEndIsPushedWhenItIsClosed() {
    pushing().close();
    assertThat(puts()).hasSize(1);
  }

  @Test
  void loginOfTheUrlIsAHeaderAndNowhereElse() {
    answer(aResponse().withStatus(401));
    String url = "http://ci:s3cr%40t@127.0.0.1:" + server.port();
    try (Pushing pushing = pushing(url, LONG, LONG)) {
      pushing.tell(RESULT);
    }
    server.verify(
        putRequestedFor(anyUrl()).withHeader("Authorization", equalTo("Basic Y2k6czNjckB0")));
    assertThat(warnings)
        .containsExactly(
            "the Pushgateway at http://127.0.0.1:"
                + server.port()
                + " did not take the metrics: HTTP 401");
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 500, 503, 302})
  void oneThatRefusesIsToldOnce(int status) {
    answer(aResponse().withStatus(status).withHeader("Location", "http://127.0.0.1:1/"));
    refused("HTTP " + status);
  }

  @Test
  void oneThatRefusesAgainAndAgainIsToldOnce() throws InterruptedException {
    Semaphore asked = new Semaphore(0);
    server.addMockServiceRequestListener((request, response) -> asked.release());
    answer(aResponse().withStatus(503));
    try (Pushing pushing = pushing()) {
      for (Phase phase : List.of(Phase.DEPLOY, Phase.SHIFT, Phase.BAKE)) {
        pushing.tell(step(phase));
        assertThat(asked.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
      }
      pushing.tell(RESULT);
    }
    assertThat(puts()).hasSize(4);
    assertThat(warnings).hasSize(1);
  }

  @Test
  void oneThatBreaksTheConnectionIsToldOnce() {
    answer(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));
    refused("no connection");
  }

  private void refused(String why) {
    try (Pushing pushing = pushing()) {
      for (Phase phase : Phase.values()) {
        pushing.tell(step(phase));
      }
      pushing.tell(RESULT);
    }
    assertThat(warnings).singleElement().asString().endsWith("did not take the metrics: " + why);
  }

  @Test
  void oneThatIsNotThereIsToldOnce() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      port = free.getLocalPort();
    }
    try (Pushing pushing = pushing("http://127.0.0.1:" + port, LONG, LONG)) {
      pushing.tell(step(Phase.DEPLOY));
      pushing.tell(RESULT);
    }
    assertThat(warnings).singleElement().asString().contains("did not take the metrics: no conn");
  }

  @Test
  void oneThatHangsHoldsNobodyUpAndIsToldOnce() throws IOException {
    // Takes the connection, and never says a word.
    try (ServerSocket silent = new ServerSocket(0, 16, InetAddress.getByName("127.0.0.1"))) {
      Pushing pushing = pushing("http://127.0.0.1:" + silent.getLocalPort(), TIMEOUT, LONG);
      for (Phase phase : Phase.values()) {
        pushing.tell(step(phase));
      }
      pushing.tell(RESULT);
      pushing.close();
    }
    assertThat(warnings)
        .singleElement()
        .asString()
        .endsWith("did not take the metrics: no answer in 300 ms");
  }

  @Test
  void oneThatHangsAfterTheHeadOfItsAnswerIsNotWaitedForEither() {
    answer(
        aResponse().withStatus(200).withBody("x".repeat(100)).withChunkedDribbleDelay(2, 60_000));
    try (Pushing pushing =
        pushing("http://127.0.0.1:" + server.port(), TIMEOUT, Duration.ofSeconds(20))) {
      pushing.tell(RESULT);
    }
    assertThat(warnings).singleElement().asString().endsWith("no answer in 300 ms");
  }

  @Test
  void theEndIsNotWaitedForLongerThanItsTime() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 16, InetAddress.getByName("127.0.0.1"))) {
      Pushing pushing =
          pushing("http://127.0.0.1:" + silent.getLocalPort(), Duration.ofHours(1), TIMEOUT);
      pushing.tell(RESULT);
      pushing.close();
    }
    assertThat(warnings).containsExactly("the metrics of the end were not pushed in 300 ms");
  }
}
