package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;
import static rollout.core.Scraped.NAMES;
import static rollout.core.Scraped.NOW;
import static rollout.core.Scraped.answers;
import static rollout.core.Scraped.value;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rollout.model.Check;
import rollout.model.Measure;
import rollout.model.MetricNames;
import rollout.model.MetricQuery;

class QuestionsTests {
  private static final Check ERRORS = Check.of("e", new Measure.ErrorRate(), 0.01);
  private static final Check P99 = Check.of("p99", new Measure.Latency(0.99), 0.3);
  private static final Check P50 = Check.of("p50", new Measure.Latency(0.5), 0.1);
  private static final Check PODS = Check.of("pods", new Measure.PodHealth(), 0);

  private static Subject subject(List<String> candidate, List<String> stable) {
    return new Subject("shop", "shop-r2", "shop", candidate, stable, NOW);
  }

  private static final Subject BOTH = subject(List.of("g-1", "g.2"), List.of("s-1"));

  @Test
  void asksForRawCountersOfExactPodsAndForTheStableOnesAsAControl() {
    assertThat(Questions.of(List.of(ERRORS), NAMES, BOTH))
        .containsExactly(
            new MetricQuery("total", "t{namespace=\"shop\",pod=~\"g-1|g[.]2\"}[2m]"),
            new MetricQuery("bad", "t{namespace=\"shop\",pod=~\"g-1|g[.]2\",code=~\"5..\"}[2m]"),
            new MetricQuery(
                "control", "max(count_over_time(t{namespace=\"shop\",pod=~\"s-1\"}[2m]))"));
  }

  @Test
  void asksOnceForWhatSeveralChecksNeed() {
    assertThat(Questions.of(List.of(ERRORS, P99, P50), NAMES, BOTH))
        .extracting(MetricQuery::id)
        .containsExactly("total", "bad", "control", "buckets");
  }

  @Test
  void asksNothingForPodHealth() {
    assertThat(Questions.of(List.of(PODS), NAMES, BOTH)).isEmpty();
  }

  @Test
  void matchesNothingWithoutPods() {
    assertThat(Questions.of(List.of(P99), NAMES, subject(List.of(), List.of())))
        .containsExactly(
            new MetricQuery("buckets", "b{pod=~\"-\"}[2m]"),
            new MetricQuery("control", "vector(1)"));
  }

  @Test
  void replacesThePlaceholdersOfAnExpression() {
    String promql =
        "a{n=\"{{namespace}}\",d=\"{{candidate}}\",p=~\"{{candidatePods}}\"}"
            + " / b{d=\"{{stable}}\",p=~\"{{stablePods}}\"}";
    Check orders = Check.of("orders", new Measure.Expression(promql), 0.5);
    assertThat(Questions.of(List.of(orders), NAMES, BOTH))
        .containsExactly(
            new MetricQuery(
                "value/orders",
                "a{n=\"shop\",d=\"shop-r2\",p=~\"g-1|g[.]2\"} / b{d=\"shop\",p=~\"s-1\"}"));
  }

  private static final MetricNames ROUTER =
      new MetricNames(
          "router",
          "",
          "r{$version}",
          "r{$version,code=~\"5..\"}",
          "rb{$version}",
          1,
          "",
          Optional.of(
              new MetricNames.ByService(
                  List.of("router"),
                  "canary=~\"$namespace-$service-(80|web)\"",
                  "ns=\"$namespace\",service=~\"$service\",canary=\"\"")));

  private static Subject behind(String candidate, String stable) {
    return new Subject(
        "shop", "shop-r2", "shop", List.of("g-1"), List.of("s-1"), candidate, stable, NOW);
  }

  @Test
  void asksARouterForTheServiceOfEachVersion() {
    String stable = "r{ns=\"shop\",service=~\"web\",canary=\"\"}";
    Subject subject = behind("web-r2", "web");
    assertThat(Questions.of(List.of(ERRORS, P99), ROUTER, subject))
        .containsExactly(
            new MetricQuery("total", "r{canary=~\"shop-web-r2-(80|web)\"}[2m]"),
            new MetricQuery("bad", "r{canary=~\"shop-web-r2-(80|web)\",code=~\"5..\"}[2m]"),
            new MetricQuery("control", "max(count_over_time(" + stable + "[2m]))"),
            new MetricQuery("buckets", "rb{canary=~\"shop-web-r2-(80|web)\"}[2m]"));
    assertThat(Questions.probes(List.of(ERRORS), List.of(ROUTER), subject))
        .containsExactly(new MetricQuery("probe/router/total", "count(" + stable + ")"));
    assertThat(Questions.candidateTotal(ROUTER, subject))
        .isEqualTo("r{canary=~\"shop-web-r2-(80|web)\"}[2m]");
    assertThat(Questions.stableTotal(ROUTER, subject)).isEqualTo(stable + "[2m]");
  }

  @Test
  void asksARouterForStablesServiceWhereStableIsJudged() {
    assertThat(Questions.of(List.of(P99), ROUTER, behind("web", "web")))
        .contains(new MetricQuery("buckets", "rb{ns=\"shop\",service=~\"web\",canary=\"\"}[2m]"));
  }

  @Test
  void findsNamesWithSeveralDashesWhateverTheRouterMakesOfThem() {
    assertThat(Questions.candidateTotal(ROUTER, behind("web--x-r2", "web--x")))
        .isEqualTo("r{canary=~\"shop-web-+x-r2-(80|web)\"}[2m]");
  }

  @Test
  void findsTheFirstNamesThatHaveAllNumbersOfTheStableVersion() {
    MetricNames other = new MetricNames("other", "", "o{p=~\"$pods\"}", "", "ob", 1, "");
    List<Check> checks = List.of(ERRORS, P99);
    List<MetricNames> known = List.of(NAMES, other);
    assertThat(Questions.probes(checks, known, BOTH))
        .contains(
            new MetricQuery("probe/http/buckets", "count(b{pod=~\"s-1\"})"),
            new MetricQuery("probe/other/total", "count(o{p=~\"s-1\"})"));
    Scraped found =
        answers()
            .with("probe/http/total", value("", 3))
            .with("probe/http/buckets")
            .with("probe/other/total", value("", 3))
            .with("probe/other/buckets", value("", 30));
    assertThat(Questions.detected(checks, known, found.round())).contains(other);
    assertThat(Questions.detected(checks, List.of(NAMES), found.round())).isEmpty();
  }
}
