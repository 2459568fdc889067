package rollout.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import rollout.cli.Console;
import rollout.cli.Shell;
import rollout.document.Doc;
import rollout.model.ManifestDoc;
import rollout.yaml.Manifests;

/** Each pipeline is what it must be where it runs, and its commands do what it says. */
class ExamplesTests {
  private static final Path FOLDER = Path.of("examples");
  private static final Path SHOP = FOLDER.resolve("deploy/shop.yaml");

  /** What is put in where the pipeline runs, longest name first. */
  private static final Map<String, String> VARIABLES = variables();

  private static final Set<String> FILE_FLAGS =
      Set.of("-s", "--strategy", "-f", "--filename", "--migrate", "--smoke", "--scenario");

  private final List<String> said = new ArrayList<>();

  private static Map<String, String> variables() {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("${GITHUB_REF_NAME}", "2.0");
    variables.put("${GITHUB_RUN_ID}", "4711");
    variables.put("$CI_COMMIT_TAG", "2.0");
    variables.put("$GITLAB_USER_LOGIN", "ada");
    variables.put("$BUILD_TAG", "jenkins-shop-7");
    variables.put("$VERSION", "2.0");
    variables.put("$version", "2.0");
    variables.put("$(params.version)", "2.0");
    variables.put("$(IMAGE)", ExampleBackend.NEW);
    variables.put("/etc/rollout/", "deploy/");
    return variables;
  }

  private static List<Doc> shop() {
    return Manifests.read(SHOP).stream().map(ManifestDoc::object).toList();
  }

  private static ExampleBackend cluster(String file) {
    ExampleBackend cluster = new ExampleBackend(shop());
    return file.equals("developer.yaml") ? cluster.routed() : cluster;
  }

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  static List<Path> yamls() throws IOException {
    return files().stream().filter(file -> file.toString().endsWith(".yaml")).toList();
  }

  /** Files are looked for in the folder of the examples, as in the repository of the shop. */
  private static List<String> placed(List<String> words) {
    List<String> placed = new ArrayList<>();
    for (String word : words) {
      boolean named = !placed.isEmpty() && FILE_FLAGS.contains(placed.getLast());
      int equals = word.indexOf('=');
      if (named && !word.equals("-")) {
        placed.add(FOLDER.resolve(word).toString());
      } else if (equals > 0 && FILE_FLAGS.contains(word.substring(0, equals))) {
        placed.add(word.substring(0, equals + 1) + FOLDER.resolve(word.substring(equals + 1)));
      } else {
        placed.add(word);
      }
    }
    return placed;
  }

  private String run(ExampleBackend cluster, List<String> words) {
    StringWriter err = new StringWriter();
    Console console =
        new Console(
            new PrintWriter(new StringWriter()),
            new PrintWriter(err),
            new ByteArrayInputStream(Scripts.text(SHOP).getBytes(StandardCharsets.UTF_8)),
            Map.of(),
            false,
            code -> {});
    int code = new Shell(console, cluster).run(placed(words)).number();
    said.add(err + cluster.last());
    return code + " " + words.getFirst();
  }

  @ParameterizedTest
  @CsvSource({
    "github-actions.yaml, 8 bluegreen, 0 promote, 0 status, 0 rollback",
    "gitlab-ci.yaml, 8 bluegreen, 0 promote, 0 rollback,",
    // After the no of a person, which stands before it, there is nothing left to promote.
    "Jenkinsfile, 8 bluegreen, 0 rollback, 3 promote,",
    "tekton.yaml, 8 bluegreen, 0 promote,,",
    "argocd/presync.yaml, 0 bluegreen,,,",
    "flux/job/release.yaml, 0 bluegreen,,,",
    "skaffold/release.sh, 0 bluegreen,,,",
    "telepresence.sh, 8 bluegreen, 0 rollback,,",
    "developer.yaml, 8 canary, 0 rollback,,",
  })
  void eachCommandDoesWhatThePipelineCountsOn(
      String file, String first, String second, String third, String fourth) {
    ExampleBackend cluster = cluster(file);
    List<String> ended = new ArrayList<>();
    for (List<String> words : Scripts.commands(FOLDER.resolve(file), VARIABLES)) {
      assertThat(words).noneMatch(word -> word.contains("$"));
      ended.add(run(cluster, words));
    }
    assertThat(ended)
        .as("%s", said)
        .isEqualTo(Stream.of(first, second, third, fourth).filter(one -> one != null).toList());
  }

  @Test
  void eachFileWithACommandIsRun() throws IOException {
    List<String> run = new ArrayList<>();
    for (Path file : files()) {
      if (!Scripts.commands(file, VARIABLES).isEmpty()) {
        run.add(FOLDER.relativize(file).toString());
      }
    }
    assertThat(run)
        .containsExactlyInAnyOrder(
            "github-actions.yaml",
            "gitlab-ci.yaml",
            "Jenkinsfile",
            "tekton.yaml",
            "argocd/presync.yaml",
            "flux/job/release.yaml",
            "skaffold/release.sh",
            "telepresence.sh",
            "developer.yaml");
  }

  /** Whoever starts it once more, in the midst or at its end, gets the same. */
  @ParameterizedTest
  @CsvSource({
    "github-actions.yaml, 8 bluegreen",
    "gitlab-ci.yaml, 8 bluegreen",
    "Jenkinsfile, 8 bluegreen",
    "tekton.yaml, 8 bluegreen",
    "argocd/presync.yaml, 0 bluegreen",
    "flux/job/release.yaml, 0 bluegreen",
    "developer.yaml, 8 canary",
  })
  void runThatIsTriedAgainIsSafe(String file, String ended) {
    ExampleBackend cluster = cluster(file);
    List<String> release = Scripts.commands(FOLDER.resolve(file), VARIABLES).getFirst();
    assertThat(run(cluster, release)).isEqualTo(ended);
    assertThat(run(cluster, release)).as("%s", said).isEqualTo(ended);
    assertThat(cluster.last())
        .contains(ended.startsWith("8") ? "waiting for a person" : "unchanged");
  }

  @ParameterizedTest
  @MethodSource("yamls")
  void eachYamlSaysWhatItIsForAndIsAMapping(Path file) {
    assertThat(Scripts.text(file)).startsWith("# ");
    assertThat(Scripts.documents(file)).isNotEmpty().allMatch(one -> one instanceof Map);
  }

  @ParameterizedTest
  @MethodSource("yamls")
  void objectsHaveTheirHeadAndPodsAreRestricted(Path file) {
    for (Object document : Scripts.documents(file)) {
      Doc object = Doc.of(string((Map<?, ?>) document));
      if (ofKubernetes(object)) {
        assertThat(object.textOrEmpty("kind")).as("kind").isNotEmpty();
        assertThat(
                object.textOrEmpty("metadata", "name")
                    + object.textOrEmpty("metadata", "generateName"))
            .as("name")
            .isNotEmpty();
      }
      if (Set.of("Job", "Deployment", "Task").contains(object.textOrEmpty("kind"))) {
        restricted(object);
      }
    }
  }

  /** Files of programs on the side have an apiVersion of their own. */
  private static boolean ofKubernetes(Doc object) {
    String version = object.textOrEmpty("apiVersion");
    return !version.isEmpty()
        && Stream.of("rollout/", "kustomize.config.k8s.io/", "skaffold/")
            .noneMatch(version::startsWith);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> string(Map<?, ?> map) {
    return (Map<String, Object>) map;
  }

  /** The Pod Security Standard of that name, as far as such pods can break it. */
  private static void restricted(Doc object) {
    boolean task = object.textOrEmpty("kind").equals("Task");
    Doc pod = task ? object.doc("spec") : object.doc("spec", "template", "spec");
    List<Doc> containers = pod.docs(task ? "steps" : "containers");
    assertThat(containers).isNotEmpty();
    for (Doc container : containers) {
      Doc own = container.doc("securityContext");
      assertThat(own.isTrue("allowPrivilegeEscalation")).isFalse();
      assertThat(own.members()).containsKey("allowPrivilegeEscalation");
      assertThat(own.doc("capabilities")).isEqualTo(Doc.of("drop", List.of("ALL")));
      Doc both = task ? own : pod.doc("securityContext");
      assertThat(both.isTrue("runAsNonRoot")).isTrue();
      assertThat(both.textOrEmpty("seccompProfile", "type")).isEqualTo("RuntimeDefault");
    }
    if (!task && object.textOrEmpty("kind").equals("Job")) {
      assertThat(pod.textOrEmpty("restartPolicy")).isEqualTo("Never");
      // A second pod would make a second release, unless it knows whose it is.
      assertThat(
              object.number(-1, "spec", "backoffLimit") == 0
                  || containers.getFirst().docs("env").stream()
                      .anyMatch(one -> one.textOrEmpty("name").equals("ROLLOUT_JOB_UID")))
          .isTrue();
    }
  }

  @Test
  void eachExampleIsNamedInTheReadme() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    for (String name :
        List.of(
            "github-actions.yaml",
            "gitlab-ci.yaml",
            "Jenkinsfile",
            "tekton.yaml",
            "argocd",
            "flux",
            "skaffold",
            "telepresence.sh",
            "developer.yaml")) {
      assertThat(readme).contains("(examples/" + name + ")");
    }
  }
}
