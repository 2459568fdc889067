package rollout;

import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import rollout.cli.Console;
import rollout.cli.ExitCode;
import rollout.cli.Shell;
import rollout.port.Connect;
import rollout.sim.World;

/** The commands put together with a cluster in memory, which has no Service. */
class RealBackendTests {
  @RegisterExtension
  static final WireMockExtension SERVER =
      WireMockExtension.newInstance().options(wireMockConfig().dynamicPort()).build();

  @TempDir Path folder;
  private final World world = new World(7);
  private final List<Connect.Where> connected = new ArrayList<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private ExitCode run(String... words) {
    Console console =
        new Console(
            new PrintWriter(out),
            new PrintWriter(err),
            InputStream.nullInputStream(),
            Map.of(),
            false,
            code -> {});
    Connect connect =
        (where, progress) -> {
          connected.add(where);
          return world.ports(progress);
        };
    return new Shell(console, new RealBackend(console, requests -> connect)).run(List.of(words));
  }

  private String strategy(String notify) throws IOException {
    return Files.writeString(
            folder.resolve("shop.yaml"),
            """
            apiVersion: rollout/v1
            kind: BlueGreen
            target: {service: shop}
            candidate: {image: {shop: "registry.example/shop:2.0"}}
            notify: [%s]
            """
                .formatted(notify))
        .toString();
  }

  /**
   * A URL that answers, and has answered once: what is slow only at first is not what is tested.
   */
  private void hook(int status) throws IOException, InterruptedException {
    SERVER.stubFor(post("/s3cr3t").willReturn(ok().withStatus(status)));
    Files.writeString(folder.resolve("hook"), SERVER.baseUrl() + "/s3cr3t\n");
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI root = URI.create(SERVER.baseUrl());
      HttpResponse<Void> unused =
          client.send(HttpRequest.newBuilder(root).build(), HttpResponse.BodyHandlers.discarding());
    }
  }

  @Test
  void refusedReleaseIsToldFarAwayInEitherForm() throws Exception {
    hook(200);
    String file = strategy("{webhookFile: hook}");
    assertThat(run("bluegreen", "-s", file)).isEqualTo(ExitCode.REFUSED);
    assertThat(run("bluegreen", "-s", file, "-o", "json")).isEqualTo(ExitCode.REFUSED);
    SERVER.verify(
        2,
        postRequestedFor(urlEqualTo("/s3cr3t"))
            .withRequestBody(matchingJsonPath("$[?(@.type == 'rollout.failed')]"))
            .withRequestBody(matchingJsonPath("$.data[?(@.exitCode == 3)]")));
  }

  @Test
  void planIsToldToNobodyAndNeedsNoSecret() throws IOException {
    assertThat(run("bluegreen", "-s", strategy("{slackFile: nowhere}"), "--dry-run"))
        .isEqualTo(ExitCode.REFUSED);
    assertThat(err.toString()).contains("there is no Service shop").doesNotContain("nowhere");
  }

  @Test
  void secretThatIsMissingEndsItBeforeTheClusterIsAsked() throws IOException {
    assertThat(run("bluegreen", "-s", strategy("{slackFile: nowhere}"))).isEqualTo(ExitCode.USAGE);
    assertThat(connected).isEmpty();
    assertThat(err.toString())
        .containsOnlyOnce(folder.resolve("nowhere") + ": cannot be read (NoSuchFileException).");
  }

  @Test
  void failureIsOneLineOnStderrAndChangesNoExitCode() throws Exception {
    hook(404);
    assertThat(run("bluegreen", "-s", strategy("{slackFile: hook}"), "-o", "json"))
        .isEqualTo(ExitCode.REFUSED);
    assertThat(out.toString().lines().toList().getLast()).contains("\"type\":\"result\"");
    assertThat(err.toString())
        .containsOnlyOnce("A notification to http://localhost was not delivered: HTTP 404.")
        .doesNotContain("s3cr3t");
  }
}
