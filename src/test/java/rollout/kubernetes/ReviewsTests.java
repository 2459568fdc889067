package rollout.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.port.ClusterException;

/** Dozens of questions to an API server: several at once, the answers in order. */
final class ReviewsTests {
  private final AtomicInteger now = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final AtomicInteger asked = new AtomicInteger();
  private final CountDownLatch eight = new CountDownLatch(8);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer server;
  private FabricCluster cluster;
  private Answering answering = question -> "{\"answer\": " + question.number(0, "spec") + "}";
  private int status = 201;

  private interface Answering {
    String to(Doc question);
  }

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
    String address = "http://127.0.0.1:" + server.getAddress().getPort();
    cluster =
        new FabricCluster(FabricClusterFaultTests.connection(address, Duration.ofSeconds(20)));
  }

  @AfterEach
  void stop() {
    cluster.close();
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    most.accumulateAndGet(now.incrementAndGet(), Math::max);
    asked.incrementAndGet();
    Doc question =
        Doc.parse(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    eight.countDown();
    try {
      eight.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    byte[] body = answering.to(question).getBytes(StandardCharsets.UTF_8);
    now.decrementAndGet();
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private List<Doc> ask(int questions) {
    return cluster.review(
        Kind.ACCESS_REVIEW,
        IntStream.range(0, questions).mapToObj(number -> Doc.of("spec", number)).toList());
  }

  @Test
  void eightAreAskedAtATimeAndTheAnswersAreInOrder() {
    List<Doc> answers = ask(40);
    assertThat(answers)
        .extracting(answer -> answer.number(-1, "answer"))
        .isEqualTo(IntStream.range(0, 40).mapToObj(Long::valueOf).toList());
    assertThat(most).hasValue(8);
  }

  @Test
  void aRefusalIsThrownAndTheRestIsNotAsked() {
    status = 403;
    answering = question -> "{\"kind\":\"Status\",\"status\":\"Failure\",\"message\":\"no\"}";
    assertThatThrownBy(() -> ask(1000))
        .isInstanceOf(ClusterException.Forbidden.class)
        .hasMessage("no");
    assertThat(asked.get()).isLessThan(1000);
  }

  @Test
  void noQuestionNeedsNoAnswer() {
    assertThat(ask(0)).isEmpty();
    assertThat(asked).hasValue(0);
  }
}
