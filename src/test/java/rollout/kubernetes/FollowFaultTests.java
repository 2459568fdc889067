package rollout.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Query;
import rollout.port.Cluster;
import rollout.port.ClusterException;

/**
 * Watches that end, break, forget or fall silent. The server plays one script, answer by answer.
 */
final class FollowFaultTests {
  private static final Query QUERY = Query.all(Kind.CONFIG_MAP, "ns");
  private static final int LOOKS = 200;

  private final BlockingQueue<Script> script = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private final Semaphore signals = new Semaphore(0);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer server;
  private Connection connection;

  /**
   * One answer.
   *
   * @param holds whether it stays open after its last line
   */
  private record Script(int status, List<String> lines, boolean holds) {}

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::play);
    server.start();
    String address = "http://127.0.0.1:" + server.getAddress().getPort();
    connection = FabricClusterFaultTests.connection(address, Duration.ofSeconds(5));
  }

  @AfterEach
  void stop() {
    end.countDown();
    connection.close();
    server.stop(0);
    threads.shutdownNow();
  }

  private void play(HttpExchange exchange) throws IOException {
    asked.add(exchange.getRequestURI().toString());
    Script next = script.poll();
    Script now = next == null ? new Script(200, List.of(), true) : next;
    exchange.sendResponseHeaders(now.status(), 0);
    try (var body = exchange.getResponseBody()) {
      for (String line : now.lines()) {
        body.write(line.getBytes(StandardCharsets.UTF_8));
      }
      body.flush();
      if (now.holds()) {
        end.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void list(String version, Doc... objects) {
    Doc list = Doc.of("metadata", Doc.of("resourceVersion", version), "items", List.of(objects));
    script.add(new Script(200, List.of(list.json()), false));
  }

  private void watch(boolean holds, String... lines) {
    script.add(new Script(200, List.of(lines), holds));
  }

  private static Doc object(String name, String version) {
    return Doc.of(
        "apiVersion",
        "v1",
        "kind",
        "ConfigMap",
        "metadata",
        Doc.of("name", name, "namespace", "ns", "resourceVersion", version));
  }

  private static String event(String type, Doc object) {
    return Doc.of("type", type, "object", object).json() + "\n";
  }

  private static String gone() {
    Doc status = Doc.of("kind", "Status", "code", 410, "reason", "Expired");
    return event("ERROR", status);
  }

  private Cluster.Follow follow() {
    return WatchedQueries.begin(connection, List.of(QUERY), signals::release);
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
    fail("never: " + what + "; asked " + asked);
  }

  private boolean hasAsked(String part) {
    return asked.stream().anyMatch(request -> request.contains(part));
  }

  @Test
  void watchThatEndsGoesOnFromTheLastVersion() throws InterruptedException {
    list("10", object("a", "5"));
    watch(false, event("ADDED", object("b", "11")), event("BOOKMARK", object("", "15")));
    watch(true, event("DELETED", object("a", "16")));

    try (Cluster.Follow follow = follow()) {
      await("both", () -> follow.list(QUERY).equals(List.of(object("b", "11"))));

      assertThat(follow.live()).isTrue();
      assertThat(hasAsked("watch=1&allowWatchBookmarks=true&resourceVersion=10")).isTrue();
      assertThat(hasAsked("resourceVersion=15")).isTrue();
      assertThat(asked.stream().filter(request -> request.contains("limit="))).hasSize(1);
    }
  }

  @Test
  void watchThatIsTooOldListsAgain() throws InterruptedException {
    list("10", object("a", "5"));
    watch(false, gone());
    list("20", object("c", "19"));
    watch(true);

    try (Cluster.Follow follow = follow()) {
      await("the new list", () -> follow.list(QUERY).equals(List.of(object("c", "19"))));
      await("live", follow::live);
      await("the watch", () -> hasAsked("resourceVersion=20"));
    }
  }

  @Test
  void watchThatIsRefusedAsTooOldListsAgain() throws InterruptedException {
    list("10", object("a", "5"));
    script.add(new Script(410, List.of("{}"), false));
    list("20");
    watch(true);

    try (Cluster.Follow follow = follow()) {
      await("the new list", () -> follow.list(QUERY).isEmpty());
      await("live", follow::live);
    }
  }

  @Test
  void watchThatTheServerRefusesIsNotLiveUntilItRunsAgain() throws InterruptedException {
    list("10", object("a", "5"));
    script.add(new Script(503, List.of("busy"), false));
    script.add(new Script(503, List.of("busy"), false));
    script.add(new Script(503, List.of("busy"), false));
    watch(true);

    try (Cluster.Follow follow = follow()) {
      assertThat(follow.live()).isFalse();
      await("live", follow::live);
      assertThat(follow.list(QUERY)).containsExactly(object("a", "5"));
    }
  }

  @Test
  void halfAnEventIsHeardAgainFromTheLastWholeOne() throws InterruptedException {
    list("10");
    watch(false, event("ADDED", object("a", "11")), "{\"type\": \"ADD");
    watch(true, event("ADDED", object("b", "12")));

    try (Cluster.Follow follow = follow()) {
      await("both", () -> follow.list(QUERY).size() == 2);
      assertThat(hasAsked("resourceVersion=11")).isTrue();
    }
  }

  @Test
  void watchThatFallsSilentIsOpenedAnew() throws InterruptedException {
    list("10");
    watch(true, event("ADDED", object("a", "11")));
    watch(true, event("ADDED", object("b", "12")));

    try (QueryWatch watch =
        new QueryWatch(connection, QUERY, signals::release, Duration.ofMillis(300))) {
      await("both", () -> watch.cache().list().size() == 2);
      assertThat(hasAsked("resourceVersion=11")).isTrue();
    }
  }

  @Test
  void eventInManySmallPiecesIsOne() throws InterruptedException {
    list("10");
    String event = event("ADDED", object("ä", "11"));
    watch(true, event.substring(0, 9), event.substring(9, 40), event.substring(40));

    try (Cluster.Follow follow = follow()) {
      await("it", () -> follow.list(QUERY).equals(List.of(object("ä", "11"))));
    }
  }

  @Test
  void firstListThatIsForbiddenIsSaidAtOnce() {
    script.add(
        new Script(
            403,
            List.of("{\"kind\":\"Status\",\"status\":\"Failure\",\"message\":\"no, u\"}"),
            false));

    assertThatThrownBy(this::follow)
        .isInstanceOf(ClusterException.Forbidden.class)
        .hasMessage("no, u");
  }

  @Test
  void closedFollowAsksNoMore() throws InterruptedException {
    list("10");
    watch(true);
    Cluster.Follow follow = follow();
    await("live", follow::live);

    follow.close();

    assertThat(follow.live()).isFalse();
    assertThat(asked).hasSize(2);
  }
}
