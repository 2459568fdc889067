package rollout.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import rollout.document.Doc;
import rollout.exporter.Scrape;

/** Rules and dashboard ask for what the program really exports, and the README names all of it. */
class MonitoringFilesTests {
  private static final Path MONITORING = Path.of("manifests/monitoring");
  private static final Pattern SERIES = Pattern.compile("(?m)^(rollout_\\w+)\\{(.*)} \\S+$");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");
  private static final Pattern METRIC =
      Pattern.compile("(?<![\\w:{\\-])((?:\\w+:)?rollout_\\w+(?::\\w+)?)(?:\\{([^}]*)})?");
  private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*=~?\\s*\"([^\"]*)\"");
  private static final Pattern GROUPED =
      Pattern.compile("\\b(?:by|on|without|ignoring)\\s*\\(([^)]*)\\)");
  private static final Pattern SHOWN = Pattern.compile("\\{\\{\\s*(?:\\$labels\\.)?(\\w+)\\s*}}");

  /** Of what is exported: the values of each label, by metric. */
  private static final Map<String, Map<String, Set<String>>> EXPORTED = new LinkedHashMap<>();

  @BeforeAll
  static void scrape() {
    for (String scenario : List.of("good", "bad-version", "prometheus-down")) {
      read(Scrape.afterDemo(scenario));
    }
    // The step in progress is gone when a release has ended.
    assertThat(EXPORTED).doesNotContainKey("rollout_step_active");
    read(
        "rollout_step_active{namespace=\"shop\",phase=\"bake\",step=\"bake\",target=\"shop\"} 1.0");
  }

  private static void read(String text) {
    for (MatchResult series : SERIES.matcher(text).results().toList()) {
      Map<String, Set<String>> labels =
          EXPORTED.computeIfAbsent(series.group(1), name -> new LinkedHashMap<>());
      for (MatchResult label : LABEL.matcher(series.group(2)).results().toList()) {
        labels.computeIfAbsent(label.group(1), name -> new TreeSet<>()).add(label.group(2));
      }
    }
  }

  static Stream<Path> files() throws IOException {
    return Stream.of("alert-rules.yaml", "recording-rules.yaml", "grafana-dashboard.json")
        .map(MONITORING::resolve);
  }

  private static String text(Path file) throws IOException {
    String text = Files.readString(file);
    // Comments speak of metrics too, and may.
    return file.toString().endsWith(".json")
        ? text.replace("\\\"", "\"")
        : text.replaceAll("(?m)^\\s*#.*$", "");
  }

  private static Set<String> recorded() throws IOException {
    Set<String> names = new LinkedHashSet<>();
    Matcher found =
        Pattern.compile("record: (\\S+)")
            .matcher(Files.readString(MONITORING.resolve("recording-rules.yaml")));
    while (found.find()) {
      names.add(found.group(1));
    }
    return names;
  }

  /** What is wrong with the metrics of a text. */
  private static List<String> wrong(String text) throws IOException {
    Set<String> recorded = recorded();
    List<String> wrong = new ArrayList<>();
    for (MatchResult metric : METRIC.matcher(text).results().toList()) {
      String name = metric.group(1);
      if (name.contains(":")) {
        if (!recorded.contains(name)) {
          wrong.add(name + " is not recorded");
        }
      } else if (!EXPORTED.containsKey(name)) {
        wrong.add(name + " is not exported");
      } else if (metric.group(2) != null) {
        wrong.addAll(wrongLabels(name, metric.group(2)));
      }
    }
    return wrong;
  }

  private static List<String> wrongLabels(String name, String matchers) {
    List<String> wrong = new ArrayList<>();
    for (MatchResult matcher : MATCHER.matcher(matchers).results().toList()) {
      Set<String> values = EXPORTED.get(name).getOrDefault(matcher.group(1), Set.of());
      // A variable of the dashboard and codes of answers are whatever they are.
      boolean open = matcher.group(2).startsWith("$") || matcher.group(1).equals("code");
      for (String value : matcher.group(2).split("\\|")) {
        if (values.isEmpty() || (!open && !values.contains(value))) {
          wrong.add(name + " has no " + matcher.group(1) + "=\"" + value + "\"");
        }
      }
    }
    return wrong;
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyMetricIsExportedWithTheseLabels(Path file) throws IOException {
    assertThat(METRIC.matcher(text(file)).results().count()).isGreaterThan(5);
    assertThat(wrong(text(file))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyLabelThatIsGroupedOrShownIsThere(Path file) throws IOException {
    Set<String> labels = new TreeSet<>();
    EXPORTED.values().forEach(one -> labels.addAll(one.keySet()));
    Set<String> asked = new TreeSet<>();
    for (MatchResult group : GROUPED.matcher(text(file)).results().toList()) {
      asked.addAll(List.of(group.group(1).trim().split("\\s*,\\s*")));
    }
    SHOWN.matcher(text(file)).results().forEach(label -> asked.add(label.group(1)));
    assertThat(asked).isNotEmpty();
    assertThat(labels).containsAll(asked);
  }

  @ParameterizedTest
  @CsvSource({
    "rate(rollout_release_total[1m]), rollout_release_total is not exported",
    "rollout_releases_total{result='done'}, rollout_releases_total has no result=\"done\"",
    "rollout_releases_total{outcome=~'done|gone'}, rollout_releases_total has no outcome=\"gone\"",
    "sum(target:rollout_releases:rate1m), target:rollout_releases:rate1m is not recorded"
  })
  void aNameThatIsNotExportedWouldBeFound(String text, String found) throws IOException {
    assertThat(wrong(text.replace('\'', '"'))).containsExactly(found);
  }

  @Test
  void everyRecordedSeriesIsDrawn() throws IOException {
    String dashboard = Files.readString(MONITORING.resolve("grafana-dashboard.json"));
    assertThat(recorded())
        .hasSizeGreaterThan(2)
        .allSatisfy(name -> assertThat(dashboard).contains(name));
  }

  @Test
  void dashboardIsOneThatGrafanaReads() throws IOException {
    Doc dashboard = Doc.parse(Files.readString(MONITORING.resolve("grafana-dashboard.json")));
    assertThat(dashboard.textOrEmpty("uid")).isEqualTo("rollout");
    assertThat(dashboard.docs("templating", "list"))
        .extracting(variable -> variable.textOrEmpty("name"))
        .containsExactly("datasource", "namespace", "target");
    List<Doc> panels = dashboard.docs("panels");
    assertThat(panels).extracting(panel -> panel.number(0, "id")).doesNotHaveDuplicates();
    assertThat(panels)
        .allSatisfy(panel -> assertThat(panel.docs("targets")).isNotEmpty())
        .allSatisfy(
            panel -> assertThat(panel.textOrEmpty("datasource", "uid")).isEqualTo("${datasource}"));
  }

  @Test
  void readmeNamesEveryMetricAndNoOther() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    int from = readme.indexOf("## Metrics of its own");
    assertThat(from).isPositive();
    String section = readme.substring(from, readme.indexOf("\n## ", from + 1));
    Set<String> named = new TreeSet<>();
    Pattern.compile("(?m)^\\| `(rollout_\\w+)`")
        .matcher(section)
        .results()
        .forEach(row -> named.add(row.group(1)));
    Set<String> exported = new TreeSet<>();
    EXPORTED.keySet().forEach(name -> exported.add(name.replaceFirst("_(bucket|count|sum)$", "")));
    assertThat(named).isEqualTo(exported);
  }
}
