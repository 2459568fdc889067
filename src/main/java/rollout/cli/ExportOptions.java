package rollout.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What becomes of the program's own metrics. */
final class ExportOptions {
  static final String PUSHGATEWAY_VARIABLE = "ROLLOUT_PUSHGATEWAY";

  private static final Duration LINGER = Duration.ofSeconds(30);
  private static final int LAST_PORT = 65_535;
  private static final Pattern PLACE = Pattern.compile("(?:(\\[[^\\]]+]|[^:\\s]+):)?(\\d{1,5})");

  @Option(
      names = "--serve-metrics",
      paramLabel = "[HOST:]PORT",
      description =
          "Serve this run's own metrics at /metrics, and go on for a while after its end. Port 0:"
              + " any that is free. Without HOST: this machine alone, in a pod all interfaces.")
  @Nullable String serve;

  @Option(
      names = "--metrics-linger",
      paramLabel = "DURATION",
      description =
          "How long to go on serving after the end, so that the last values are seen: one scrape"
              + " interval. The command returns only then, with the same exit code; Ctrl-C ends it"
              + " at once. 30s.")
  @Nullable String linger;

  @Option(
      names = "--pushgateway",
      paramLabel = "URL",
      description =
          "Push this run's own metrics to a Pushgateway, when a phase begins and at the end;"
              + " ROLLOUT_PUSHGATEWAY unless said.")
  @Nullable String pushgateway;

  /** The values; what is wrong is in the reader. */
  Exporting read(Console console, FlagReader reader) {
    Map<String, String> environment = console.environment();
    Optional<Duration> wanted = reader.duration("--metrics-linger", linger);
    if (linger != null && serve == null) {
      reader.problem(
          "--metrics-linger", "nothing is served.", "Give --serve-metrics too, or leave it out");
    }
    return new Exporting(
        Optional.ofNullable(serve).flatMap(words -> place(words, environment, reader)),
        wanted.orElse(LINGER),
        gateway(environment, reader));
  }

  private static Optional<Exporting.Place> place(
      String words, Map<String, String> environment, FlagReader reader) {
    Matcher parts = PLACE.matcher(words);
    if (!parts.matches() || Integer.parseInt(parts.group(2)) > LAST_PORT) {
      reader.problem(
          "--serve-metrics " + words,
          "this is no port.",
          "Write for example 9095 or 10.0.0.7:9095");
      return Optional.empty();
    }
    // Who scrapes a pod comes from outside of it; at a desk nobody else is to see anything.
    String usual = environment.containsKey("KUBERNETES_SERVICE_HOST") ? "0.0.0.0" : "127.0.0.1";
    String host = Optional.ofNullable(parts.group(1)).orElse(usual).replaceAll("[\\[\\]]", "");
    return Optional.of(new Exporting.Place(host, Integer.parseInt(parts.group(2))));
  }

  // The URL may have a password in it, and is never repeated.
  private Optional<URI> gateway(Map<String, String> environment, FlagReader reader) {
    String place = pushgateway == null ? PUSHGATEWAY_VARIABLE : "--pushgateway";
    String url =
        pushgateway == null
            ? environment.getOrDefault(PUSHGATEWAY_VARIABLE, "").strip()
            : pushgateway;
    if (url.isEmpty() && pushgateway == null) {
      return Optional.empty();
    }
    try {
      URI uri = new URI(url);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (web && uri.getHost() != null && uri.getPort() <= LAST_PORT) {
        return Optional.of(uri);
      }
    } catch (URISyntaxException e) {
      // Said below, like a URL of another kind.
    }
    reader.problem(
        place, "this is no http or https URL.", "Write for example http://pushgateway:9091");
    return Optional.empty();
  }
}
