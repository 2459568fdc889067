package rollout.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rollout.core.Judge;
import rollout.core.Questions;
import rollout.core.Subject;
import rollout.model.Check;
import rollout.model.Measure;
import rollout.model.MetricAnswer;
import rollout.model.MetricNames;
import rollout.model.MetricQuery;
import rollout.model.MetricRound;
import rollout.model.Verdict;

/** From the counters of pods to a verdict, through a real Prometheus. */
class PrometheusRealTests {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String STABLE = "s-1";
  private static final Check ERRORS = Check.of("errors", new Measure.ErrorRate(), 0.01);
  private static final Check P99 = Check.of("p99", new Measure.Latency(0.99), 0.3);
  private static final MetricNames HTTP = MetricTemplates.all().getFirst();

  @TempDir static Path folder;
  @TempDir static Path otherFolder;
  private static FakePods pods;
  private static RealPrometheus prometheus;
  private static HttpMetrics metrics;

  @BeforeAll
  static void start() throws IOException {
    assumeTrue(RealPrometheus.installed(), "no prometheus on the PATH");
    pods = new FakePods();
    List<String> names =
        List.of(STABLE, "errors", "slow", "few", "good", "born", "stopped", "traefik", "nginx");
    names.forEach(pods::start);
    pods.count(STABLE, 1000, 0, 1000, 1000);
    prometheus = RealPrometheus.start(folder, pods.port(), names);
    metrics = metrics(prometheus);
    awaitSeries("count(http_requests_total{pod=\"s-1\"})");
  }

  @AfterAll
  static void stop() {
    if (metrics != null) {
      metrics.close();
    }
    if (prometheus != null) {
      prometheus.close();
    }
    if (pods != null) {
      pods.close();
    }
  }

  private static HttpMetrics metrics(RealPrometheus source) {
    return HttpMetrics.of(source.url(), Duration.ofSeconds(5), Map.of(), NoCluster.unused());
  }

  private static Subject subject(String pod, Instant since) {
    return new Subject("shop", "shop-r2", "shop", List.of(pod), List.of(STABLE), since);
  }

  private static Verdict judge(HttpMetrics source, Check check, Subject subject) {
    MetricRound round = source.read(Questions.of(List.of(check), HTTP, subject), Instant.now());
    return Judge.judge(check, HTTP, round, subject);
  }

  private static Verdict await(Check check, Subject subject, Predicate<Verdict> wanted) {
    return Await.until(PATIENCE, () -> judge(metrics, check, subject), wanted);
  }

  private static void awaitSeries(String promql) {
    Await.until(
        PATIENCE,
        () -> metrics.read(List.of(new MetricQuery("q", promql)), Instant.now()).answer("q"),
        answer -> answer instanceof MetricAnswer.Samples found && !found.series().isEmpty());
  }

  /** The pod has counted 1,000 good and fast requests, and Prometheus has seen it. */
  private static Subject warmed(String pod) {
    pods.count(pod, 1000, 0, 1000, 1000);
    awaitSeries("http_requests_total{pod=\"" + pod + "\"} >= 1000");
    return subject(pod, Instant.now());
  }

  @Test
  void failsOnErrors() {
    Subject subject = warmed("errors");
    pods.count("errors", 1100, 100, 1200, 1200);
    assertThat(await(ERRORS, subject, verdict -> verdict.samples() > 0))
        .isEqualTo(
            new Verdict.Fail(0.5, 0.01, 200, "error rate 50 % of 200 requests, allowed 1 %"));
  }

  @Test
  void failsOnAPodThatHasOnlyEverFailed() {
    Subject subject = subject("born", Instant.now());
    pods.count("born", 0, 80, 80, 80);
    assertThat(await(ERRORS, subject, verdict -> verdict.samples() > 0))
        .isEqualTo(new Verdict.Fail(1, 0.01, 80, "error rate 100 % of 80 requests, allowed 1 %"));
  }

  @Test
  void failsOnLatency() {
    Subject subject = warmed("slow");
    pods.count("slow", 1200, 0, 1000, 1200);
    assertThat(await(P99, subject, verdict -> verdict.samples() > 0))
        .isInstanceOfSatisfying(
            Verdict.Fail.class,
            verdict ->
                assertThat(verdict.reason())
                    .isEqualTo(
                        "p99 496ms (between 100ms and 500ms) of 200 requests, allowed 300ms"));
  }

  @Test
  void passesAGoodCandidate() {
    Subject subject = warmed("good");
    pods.count("good", 1200, 1, 1201, 1201);
    assertThat(await(ERRORS, subject, verdict -> verdict.samples() > 0))
        .isEqualTo(
            new Verdict.Pass(
                1.0 / 201, 0.01, 201, "error rate 0.498 % of 201 requests, allowed 1 %"));
  }

  @Test
  void isUndecidedOnFewRequests() {
    Subject subject = warmed("few");
    pods.count("few", 1000, 20, 1020, 1020);
    assertThat(await(ERRORS, subject, verdict -> verdict.samples() > 0))
        .isEqualTo(new Verdict.Undecided(1, 0.01, 20, "20 requests so far, 50 are needed"));
  }

  @Test
  void hasNoDataOfAPodThatIsNotScraped() {
    assertThat(judge(metrics, ERRORS, subject("nobody", Instant.now())))
        .isEqualTo(
            new Verdict.NoData(
                0.01,
                "no metrics from the candidate, though there are some from elsewhere",
                false));
  }

  @Test
  void hasNoDataOfATargetThatHasStopped() {
    Subject subject = warmed("stopped");
    pods.stop("stopped");
    assertThat(await(ERRORS, subject, Verdict.NoData.class::isInstance))
        .isInstanceOfSatisfying(
            Verdict.NoData.class,
            verdict -> {
              assertThat(verdict.backendAway()).isFalse();
              assertThat(verdict.reason()).startsWith("the newest sample is ");
            });
  }

  @Test
  void isAwayWhenPrometheusHasStopped() throws IOException {
    HttpMetrics source;
    try (RealPrometheus other = RealPrometheus.start(otherFolder, pods.port(), List.of(STABLE))) {
      source = metrics(other);
      assertThat(source.read(List.of(new MetricQuery("q", "vector(1)")), Instant.now()).answer("q"))
          .isInstanceOf(MetricAnswer.Samples.class);
    }
    try (source) {
      assertThat(judge(source, ERRORS, subject(STABLE, Instant.now())))
          .isInstanceOfSatisfying(
              Verdict.NoData.class, verdict -> assertThat(verdict.backendAway()).isTrue());
    }
  }

  @Test
  void saysWhatIsWrongWithAnExpression() {
    assertThat(
            metrics
                .read(List.of(new MetricQuery("q", "sum(rate(x[1m])")), Instant.now())
                .answer("q"))
        .isInstanceOfSatisfying(
            MetricAnswer.Refused.class,
            refused -> {
              assertThat(refused.status()).isEqualTo(400);
              assertThat(refused.message()).contains("parse error");
            });
  }

  private static MetricNames template(String name) {
    return MetricTemplates.all().stream()
        .filter(names -> names.name().equals(name))
        .findFirst()
        .orElseThrow()
        .at(List.of("80", "http"));
  }

  private static Subject behind(String candidate, String stable, Instant since) {
    return new Subject(
        "shop", "shop-r2", "shop", List.of("g-1"), List.of(STABLE), candidate, stable, since);
  }

  /** A line of what a router has counted. */
  private static String counted(String format, String label, String code, int requests) {
    return format.formatted(label, code, requests) + "\n";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "traefik | traefik | traefik_service_requests_total{service=\"%s\",method=\"GET\","
            + "protocol=\"http\",code=\"%s\"} %d | shop-web-80@kubernetescrd |"
            + " shop-web-r2-80@kubernetescrd",
        "nginx | nginx | nginx_ingress_controller_requests{namespace=\"shop\",ingress=\"web\","
            + "service=\"web\",canary=\"%s\",status=\"%s\"} %d | '' | shop-web-r2-80"
      })
  void failsOnWhatARouterCountsForTheCandidatesServiceAlone(
      String pod, String template, String format, String stable, String candidate) {
    MetricNames names = template(template);
    Instant since = Instant.now();
    pods.says(pod, counted(format, stable, "200", 1000));
    awaitSeries(names.total().replaceAll("[{].*", "") + "{pod=\"" + pod + "\"}");
    pods.says(
        pod,
        counted(format, stable, "200", 1200)
            + counted(format, candidate, "200", 240)
            + counted(format, candidate, "502", 60));

    Verdict failed =
        Await.until(
            PATIENCE,
            () -> judge(names, behind("web-r2", "web", since)),
            Verdict.Fail.class::isInstance);
    assertThat(failed.samples()).isEqualTo(300);
    assertThat(failed.value()).isEqualTo(0.2);
    assertThat(judge(names, behind("web", "web", since)).value()).isZero();
  }

  private static Verdict judge(MetricNames names, Subject subject) {
    List<Check> checks = List.of(ERRORS);
    MetricRound round = metrics.read(Questions.of(checks, names, subject), Instant.now());
    return Judge.judge(ERRORS, names, round, subject);
  }

  @Test
  void understandsEveryTemplate() {
    Subject subject = behind("shop-r2", "shop", Instant.now());
    for (MetricNames known : MetricTemplates.all()) {
      MetricNames names = known.at(List.of("80"));
      MetricRound round =
          metrics.read(Questions.of(List.of(ERRORS, P99), names, subject), Instant.now());
      assertThat(round.answers()).hasSize(4);
      assertThat(round.answers().values()).allMatch(MetricAnswer.Samples.class::isInstance);
    }
  }

  @Test
  void detectsTheNamesThatTheStableVersionHas() {
    List<Check> checks = List.of(ERRORS, P99);
    Subject subject = subject("nobody", Instant.now());
    MetricRound round =
        metrics.read(Questions.probes(checks, MetricTemplates.all(), subject), Instant.now());
    assertThat(Questions.detected(checks, MetricTemplates.all(), round)).contains(HTTP);
  }
}
