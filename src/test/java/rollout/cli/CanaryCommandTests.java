package rollout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rollout.model.Match;
import rollout.strategy.Canary;
import rollout.strategy.Strategy;

/** The words of {@code rollout canary}. */
class CanaryCommandTests {
  private final Typed typed = new Typed();

  private Canary canary() {
    return ((Strategy) typed.verbs.asked.getFirst()).canary().orElseThrow();
  }

  private int run(String... more) {
    List<String> words = new java.util.ArrayList<>(List.of("canary", "shop", "--to", "b"));
    words.addAll(List.of(more));
    return typed.run(words.toArray(String[]::new));
  }

  @Test
  void everyFlagReachesTheVerb() {
    int code =
        run(
            "--steps",
            "5@90s,gate,25",
            "--step-duration",
            "7m",
            "--router",
            "istio",
            "--route-name",
            "web",
            "--match",
            "cookie:canary=always",
            "--max-effective-weight",
            "30%");
    assertThat(typed.err()).isEmpty();
    assertThat(code).isZero();
    assertThat(canary())
        .isEqualTo(
            new Canary(
                List.of(
                    new Canary.Weight(5, Duration.ofSeconds(90), List.of()),
                    new Canary.Gate(),
                    new Canary.Weight(25, Duration.ofMinutes(7), List.of())),
                "istio",
                List.of("web"),
                Optional.of(new Match(Match.Part.COOKIE, "canary", "always")),
                Optional.of(30),
                Optional.empty()));
  }

  @Test
  void withoutMoreFlagsTheRouterIsFound() {
    run("--steps", "50");
    assertThat(canary().router()).isEqualTo(Canary.AUTO);
    assertThat(canary().weights()).containsExactly(new Canary.Weight(50, Canary.STEP, List.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          50,25 | --steps 50,25: 25 % comes after 50 %, and weights do not fall.
          25,25 | --steps 25,25: 25 % is there twice.
          25,100 | --steps 25,100: 100 % is not a step: all of the traffic follows the last one.
          140 | --steps 140: 140 % is no share.
          0 | --steps 0: 0 % is no share.
          25@5 | --steps 25@5: '25@5': a duration needs a unit.
          25@soon | --steps 25@soon: '25@soon': this is no duration.
          gate | --steps gate: there is no weight.
          25,gate,gate | --steps 25,gate,gate: a gate follows a gate.
          a quarter | --steps a quarter: 'a quarter' is no step.
          25,,50 | --steps 25,,50: '' is no step.
          """)
  void stepsThatCannotBeAreRefused(String steps, String says) {
    assertThat(run("--steps", steps)).isEqualTo(2);
    assertThat(typed.err()).contains(says).contains("Nothing was changed");
    assertThat(typed.connected).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"web", "HTTPRoute/web", "infra/web", "HTTPRoute/infra/web"})
  void routeIsNamedByItsNameItsKindAndItsNamespace(String name) {
    assertThat(run("--steps", "50", "--route-name", name)).as(typed.err()).isZero();
    assertThat(canary().routes()).containsExactly(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/web", "infra//web", "a/b/c/d", "infra/Web", "HTTPRoute/"})
  void whatIsNoNameOfARouteIsRefused(String name) {
    assertThat(run("--steps", "50", "--route-name", name)).isEqualTo(2);
    assertThat(typed.err()).contains("'" + name + "' is no name of a route.");
  }

  @Test
  void everythingThatIsWrongIsSaidAtOnce() {
    assertThat(run("--router", "itsio", "--match", "x-canary", "--max-effective-weight", "0"))
        .isEqualTo(2);
    assertThat(typed.err())
        .contains("which steps?")
        .contains("--router itsio: no such router.  Did you mean istio?")
        .contains("--match x-canary: this names no header or cookie.")
        .contains("--max-effective-weight 0: this is no share.");
  }

  private static String file(Path folder, String kind, String block) throws Exception {
    String text =
        "apiVersion: rollout/v1\nkind: "
            + kind
            + "\ntarget: {service: shop}\n"
            + "candidate: {deployment: b}\n"
            + block;
    return Files.writeString(folder.resolve("shop.yaml"), text).toString();
  }

  @Test
  void fileOfTheOtherKindIsRefused(@TempDir Path folder) throws Exception {
    String canary = file(folder, "Canary", "canary: {steps: [{weight: 5}]}\n");
    assertThat(typed.run("bluegreen", "-s", canary)).isEqualTo(2);
    assertThat(typed.err()).contains("is of kind Canary.").contains("rollout canary -s FILE");
    String other = file(folder, "BlueGreen", "blueGreen: {hold: true}\n");
    assertThat(typed.run("canary", "-s", other)).isEqualTo(2);
    assertThat(typed.err()).contains("is of kind BlueGreen.");
  }

  @Test
  void flagsWinOverTheFile(@TempDir Path folder) throws Exception {
    String file =
        file(folder, "Canary", "canary: {router: istio, steps: [{weight: 5}], bake: 1m}\n");
    assertThat(typed.run("canary", "-s", file, "--steps", "10@1m")).isZero();
    assertThat(canary().weights())
        .containsExactly(new Canary.Weight(10, Duration.ofMinutes(1), List.of()));
    assertThat(canary().router()).isEqualTo("istio");
  }

  private static final String ROUTE =
      """
      apiVersion: gateway.networking.k8s.io/v1
      kind: HTTPRoute
      metadata: {name: entry, namespace: web}
      spec:
        parentRefs: [{name: gateway}]
        rules:
        - backendRefs: [{name: shop, port: 80}]
      """;

  private static String route(Path folder, String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  @Test
  void routeOfAFileReachesTheVerb(@TempDir Path folder) throws Exception {
    String entry = route(folder, "entry.yaml", ROUTE);
    assertThat(run("-n", "web", "--steps", "50", "--route", entry)).as(typed.err()).isZero();
    assertThat(canary().route().orElseThrow()).hasToString("HTTPRoute entry");
  }

  @Test
  void routeOfAFlagWinsOverThatOfTheFile(@TempDir Path folder) throws Exception {
    route(folder, "entry.yaml", ROUTE);
    String strategy =
        file(folder, "Canary", "canary: {steps: [{weight: 5}], route: {file: entry.yaml}}\n");
    assertThat(typed.run("canary", "-s", strategy)).as(typed.err()).isZero();
    assertThat(canary().route().orElseThrow()).hasToString("HTTPRoute entry");
    typed.verbs.asked.clear();
    String other = route(folder, "other.yaml", ROUTE.replace("entry", "other"));
    assertThat(typed.run("canary", "-s", strategy, "--route", other)).as(typed.err()).isZero();
    assertThat(canary().route().orElseThrow()).hasToString("HTTPRoute other");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          name: shop, port | name: mail, port | entry.yaml:5:3: HTTPRoute entry sends nothing to Service shop.
          port: 80}] | port: 80}, {name: shop, port: 81}] | entry.yaml:7:50: HTTPRoute entry: rule 0 names Service shop twice.
          namespace: web | namespace: infra | entry.yaml:3:36: the route is to be in namespace infra, but Service shop is in web.
          kind: HTTPRoute | kind: Gateway | entry.yaml:2:7: Gateway is no route that requests can be divided with.
          """)
  void routeThatCannotBeIsRefused(String from, String to, String says, @TempDir Path folder)
      throws Exception {
    String entry = route(folder, "entry.yaml", ROUTE.replace(from, to));
    assertThat(run("-n", "web", "--steps", "50", "--route", entry)).isEqualTo(2);
    assertThat(typed.err()).contains(says).contains("Nothing was changed");
    assertThat(typed.connected).isEmpty();
  }

  @Test
  void twoRoutesInAFileAreRefused(@TempDir Path folder) throws Exception {
    String entry = route(folder, "entry.yaml", ROUTE + "---\n" + ROUTE);
    assertThat(run("--steps", "50", "--route", entry)).isEqualTo(2);
    assertThat(typed.err())
        .contains("entry.yaml:9:1: a second manifest, where one route is expected.");
  }

  @Test
  void routeOfAnotherRouterOrOfNoneIsRefused(@TempDir Path folder) throws Exception {
    String entry = route(folder, "entry.yaml", ROUTE);
    assertThat(run("--steps", "50", "--route", entry, "--router", "replicas")).isEqualTo(2);
    assertThat(typed.err()).contains("entry.yaml:1:1: by replicas no route divides the requests");
    assertThat(run("--steps", "50", "--route", entry, "--router", "traefik")).isEqualTo(2);
    assertThat(typed.err())
        .contains("entry.yaml:2:7: HTTPRoute is a route of gateway-api")
        .contains("Write --router gateway-api");
    assertThat(run("--steps", "50", "--route", "-")).isEqualTo(2);
    assertThat(typed.err()).contains("--route -: only -f reads stdin.");
  }

  @Test
  void planTakesTheSameFlags() {
    assertThat(typed.run("plan", "canary", "shop", "--to", "b", "--steps", "5,50")).isZero();
    assertThat(canary().weights()).hasSize(2);
  }
}
