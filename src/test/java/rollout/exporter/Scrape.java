package rollout.exporter;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import rollout.core.Outcome;
import rollout.demo.Demos;
import rollout.demo.Simulation;
import rollout.demo.Viewer;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Phase;
import rollout.yaml.ScenarioYaml;

/** What a Prometheus is given. */
public final class Scrape {
  private Scrape() {}

  /** The text at an address. */
  public static HttpResponse<String> of(String url) {
    return by("GET", url, "Accept", "*/*");
  }

  /** The answer to a request with a header. */
  static HttpResponse<String> by(String method, String url, String header, String value) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url))
              .timeout(Duration.ofSeconds(10))
              .header(header, value)
              .method(method, HttpRequest.BodyPublishers.noBody())
              .build();
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The text after a whole canary of the demonstration, in the way of a scenario. */
  public static String afterDemo(String scenario) {
    ApiRequests requests = new ApiRequests();
    requests.ended("list", "200");
    AtomicReference<Exporter> exporter = new AtomicReference<>();
    Simulation simulation =
        new Simulation(
            Demos.canary(scenario),
            ScenarioYaml.read(scenario, Demos.open(scenario)),
            1,
            clock -> {
              exporter.set(
                  Exporter.open(
                      new About(Simulation.namespace(), "shop"),
                      requests,
                      clock,
                      Optional.of(new Exporter.Place("127.0.0.1", 0)),
                      Optional.empty(),
                      says -> {}));
              return exporter.get();
            },
            Viewer.NONE);
    try (Exporter open = exporter.get()) {
      Outcome outcome = simulation.run();
      open.tell(
          new Event(Event.RESULT, Phase.DONE, "over", Doc.of("outcome", outcome.result().word())));
      return of(open.served().orElseThrow()).body();
    }
  }
}
