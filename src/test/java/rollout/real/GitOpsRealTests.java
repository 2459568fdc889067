package rollout.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rollout.document.Doc;

/**
 * Argo CD, which nobody has suspended though a person says so, applies Service or route from Git in
 * the midst of a release. The server is real; the pods may be pretended ones.
 */
@ExtendWith(GitOpsRealTests.NeedsServer.class)
@Order(1) // waits most of its time, beside what does not
@Execution(ExecutionMode.CONCURRENT) // each has a namespace of its own, and waits most of its time
class GitOpsRealTests {
  private static final String MANAGER = "argocd-controller";
  private static final String SETTING = "RespectIgnoreDifferences=true";

  /** How soon a selector that lets unproven pods in must be pinned again. */
  private static final Duration AT_ONCE = Duration.ofSeconds(5);

  // Of a host that no load asks for: a router may be up, whose entry point is one for all tests.
  private static final String ROUTE =
      """
      apiVersion: traefik.io/v1alpha1
      kind: IngressRoute
      metadata: {name: shop, annotations: {example.com/owner: ada}}
      spec:
        routes:
        - {kind: Rule, match: Host(`gitops.example.com`), services: [{name: shop, port: 80}]}
      """;

  /** Without a node it can run too. */
  static final class NeedsServer implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      try {
        FullLab.find(false);
        return ConditionEvaluationResult.enabled("a lab is up");
      } catch (FullLab.MissingException e) {
        return ConditionEvaluationResult.disabled(Level4.skipped(e.getMessage()));
      }
    }
  }

  private final String namespace = "gitops-" + Parts.word();
  private final List<Program> programs = new ArrayList<>();
  private FullLab lab;
  private Doc service;
  private Doc route;

  @BeforeEach
  void open() throws FullLab.MissingException {
    lab = FullLab.find(false);
    lab.kubectl("create", "namespace", namespace);
    lab.apply(namespace, Resources.text("shop.yaml").split("---")[0]);
    applyFromGit(serviceInGit());
    applyFromGit(ROUTE);
    lab.kubectl("-n", namespace, "rollout", "status", "deploy/shop", "--timeout=60s");
    service = lab.get(namespace, "service", "shop");
    route = lab.get(namespace, "ingressroute", "shop");
  }

  @AfterEach
  void close() {
    programs.forEach(Program::close);
    lab.tryKubectl("delete", "namespace", namespace, "--wait=false");
  }

  private static String serviceInGit() {
    return Resources.text("shop.yaml").split("---")[1];
  }

  private void applyFromGit(String manifest) {
    lab.apply(
        namespace, manifest, "--server-side", "--force-conflicts", "--field-manager=" + MANAGER);
  }

  private Program rollout(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("-n", namespace, "-o", "json"));
    Program program = Program.start(lab.kubeconfig(), all);
    programs.add(program);
    return program;
  }

  private Program release(String verb, String... more) {
    List<String> words =
        new ArrayList<>(List.of(verb, "shop", "--image", "shop=demo:v2", "--gitops-suspended"));
    words.addAll(List.of("--timeout", "60s", "--settle-timeout", "60s"));
    words.addAll(List.of(more));
    return rollout(words.toArray(String[]::new));
  }

  private Program canary(String... more) {
    List<String> words = new ArrayList<>(List.of("--router", "traefik", "--steps", "25@8s"));
    words.addAll(List.of("--bake", "8s"));
    words.addAll(List.of(more));
    return release("canary", words.toArray(String[]::new));
  }

  private static void awaitStep(Program program, String step) {
    program.await(
        "step " + step,
        event ->
            event.textOrEmpty("type").equals("step-started")
                && event.textOrEmpty("step").equals(step));
  }

  // ---- what is so in the end

  /** Nobody but so many pods of this version is behind the Service. */
  private void assertServedBy(String image, Program.Ended ended, int pods) {
    Set<String> behind = new TreeSet<>();
    for (Doc slice : list("endpointslices", "kubernetes.io/service-name=shop")) {
      slice.docs("endpoints").stream()
          .filter(endpoint -> endpoint.isTrue("conditions", "ready"))
          .forEach(endpoint -> behind.add(endpoint.textOrEmpty("targetRef", "name")));
    }
    List<String> images =
        list("pods", "app=shop").stream()
            .filter(pod -> behind.contains(pod.textOrEmpty("metadata", "name")))
            .map(pod -> pod.docs("spec", "containers").getFirst().textOrEmpty("image"))
            .toList();
    assertThat(images).as(ended.transcript()).hasSize(pods).containsOnly(image);
  }

  private void assertNothingIsLeft() {
    assertThat(list("deployments,services", "rollout/target=shop")).isEmpty();
    assertThat(lab.get(namespace, "service", "shop").doc("spec")).isEqualTo(service.doc("spec"));
    Doc now = lab.get(namespace, "ingressroute", "shop");
    assertThat(now.doc("spec")).isEqualTo(route.doc("spec"));
    assertThat(now.texts("metadata", "annotations"))
        .isEqualTo(route.texts("metadata", "annotations"));
  }

  private List<Doc> list(String kinds, String labels) {
    return Doc.parse(lab.kubectl("-n", namespace, "get", kinds, "-l", labels, "-o", "json"))
        .docs("items");
  }

  private void assertWentBack(Program.Ended ended, String what) {
    assertThat(ended.exitCode()).as(ended.transcript()).isEqualTo(4);
    assertThat(ended.last().textOrEmpty("message")).contains(MANAGER, what, SETTING);
    assertServedBy("demo:v1", ended, 3);
    assertNothingIsLeft();
  }

  private void assertDone(Program.Ended ended) {
    assertThat(ended.exitCode()).as(ended.transcript()).isZero();
    assertServedBy("demo:v2", ended, 3);
    assertNothingIsLeft();
  }

  /** The selector lets the candidate's pods in until the release has pinned it again. */
  private void applyServiceAndAwaitThePin() {
    applyFromGit(serviceInGit());
    Instant deadline = Instant.now().plus(AT_ONCE);
    while (!pinned()) {
      assertThat(Instant.now()).as("pinned again").isBefore(deadline);
    }
  }

  private boolean pinned() {
    return lab.get(namespace, "service", "shop")
        .texts("spec", "selector")
        .containsKey("pod-template-hash");
  }

  private static void awaitHeld(Program release) {
    Doc held =
        release.await(
            "a hold", event -> event.textOrEmpty("message").startsWith("held: somebody writes"));
    assertThat(held.textOrEmpty("message")).contains(SETTING);
  }

  // ---- blue/green

  @Test
  void serviceAppliedBeforeTheSwitchIsPinnedAtOnceAndAPersonLetsItGoOn() {
    Program release = release("bluegreen", "--hold", "--bake", "3s");
    release.await("gate");
    applyServiceAndAwaitThePin();
    awaitHeld(release);
    assertThat(rollout("promote", "shop").end().exitCode()).isZero();
    assertDone(release.end());
  }

  @Test
  void serviceAppliedInTheBakeSendsBack() {
    Program release = release("bluegreen", "--bake", "60s");
    awaitStep(release, "bake");
    applyFromGit(serviceInGit());
    assertWentBack(release.end(), "changed the selector of Service shop");
  }

  @Test
  void serviceAppliedWhileStableTakesTheNewVersionOverSendsBack() {
    Program release = release("bluegreen", "--bake", "3s");
    awaitStep(release, "settle");
    applyFromGit(serviceInGit());
    assertWentBack(release.end(), "changed the selector of Service shop");
  }

  @Test
  void serviceAppliedWhileTheCopyDrainsIsFinishedByWhoeverResumes() {
    Program release = release("bluegreen", "--bake", "3s");
    awaitStep(release, "drain");
    applyFromGit(serviceInGit());
    Program.Ended ended = release.end();
    assertThat(ended.exitCode()).as(ended.transcript()).isEqualTo(10);
    assertThat(ended.last().textOrEmpty("message")).contains(MANAGER, SETTING);
    assertServedBy("demo:v2", ended, 6);
    assertDone(rollout("resume", "shop").end());
  }

  // ---- canary by a route

  @ParameterizedTest
  @ValueSource(strings = {"watch-25", "bake", "unweigh"})
  void routeAppliedFromTheFirstShareOnSendsBackAndSaysWhatStopsIt(String step) {
    Program release = canary();
    awaitStep(release, step);
    applyFromGit(ROUTE);
    assertWentBack(release.end(), "IngressRoute shop");
  }

  @Test
  void routeAppliedBeforeItsFirstShareIsMadeReadyAgain() {
    Program release = canary();
    awaitStep(release, "pin");
    applyFromGit(ROUTE);
    assertDone(release.end());
  }

  @Test
  void serviceAppliedBeforeTheFirstShareIsPinnedAtOnceAndAPersonLetsItGoOn() {
    Program release = canary("--hold");
    release.await("gate");
    applyServiceAndAwaitThePin();
    awaitHeld(release);
    assertThat(rollout("promote", "shop").end().exitCode()).isZero();
    assertDone(release.end());
  }

  @ParameterizedTest
  @ValueSource(strings = {"watch-25", "bake"})
  void serviceAppliedAtAShareSendsBack(String step) {
    Program release = canary();
    awaitStep(release, step);
    applyFromGit(serviceInGit());
    assertWentBack(release.end(), "changed the selector of Service shop");
  }
}
