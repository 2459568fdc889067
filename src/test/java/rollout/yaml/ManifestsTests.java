package rollout.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import rollout.document.Doc;
import rollout.model.ManifestDoc;
import rollout.model.UserError;

class ManifestsTests {
  private static final String HEAD = "apiVersion: v1\nkind: X\nmetadata: {name: x}\n";

  @TempDir Path folder;

  private static List<ManifestDoc> read(String text) throws IOException {
    return Manifests.read("stdin", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void readsManyDocumentsWithTheirPlacesAndLeavesOutEmptyOnes() throws IOException {
    assertThat(read("---\n# only a comment\n---\n" + HEAD + "---\n\n---\n" + HEAD))
        .containsExactly(
            new ManifestDoc("stdin:4", object()), new ManifestDoc("stdin:10", object()));
  }

  @Test
  void readsNothingFromNothing() throws IOException {
    assertThat(read("")).isEmpty();
  }

  @Test
  void takesListsApart() throws IOException {
    String list =
        "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: X, metadata: {name: x}}\n";
    assertThat(read(list)).containsExactly(new ManifestDoc("stdin:4", object()));
  }

  @Test
  void readsJsonThatIsIndentedByTabs() throws IOException {
    assertThat(
            read(
                "{\n"
                    + "\t\"apiVersion\": \"v1\",\n"
                    + "\t\"kind\": \"X\",\n"
                    + "\t\"metadata\":{\"name\":\"x\"}}"))
        .containsExactly(new ManifestDoc("stdin:1", object()));
  }

  @Test
  void readsScalarsAsKubectlDoes() throws IOException {
    String values =
        "v: {mode: 0644, yes: yes, no: 'no', tag: 1234e567, part: 1.50, hex: 0x1F, zero: 0,"
            + " nothing: ~, day: 2024-01-01, text: !!str 5, big: 123456789012345678901}\n";
    assertThat(read(HEAD + values).getFirst().object().doc("v").json())
        .isEqualTo(
            "{\"mode\":420,\"yes\":true,\"no\":\"no\",\"tag\":\"1234e567\",\"part\":1.50,\"hex\":31,"
                + "\"zero\":0,\"nothing\":null,\"day\":\"2024-01-01\",\"text\":\"5\","
                + "\"big\":123456789012345678901}");
  }

  @Test
  void writesAnchorsOutAndMergesThem() throws IOException {
    assertThat(read(HEAD + "a: &d {x: 1, y: 2}\nb: {<<: *d, y: 3}\n").getFirst().object().doc("b"))
        .isEqualTo(Doc.of("y", 3, "x", 1));
  }

  @ParameterizedTest
  @MethodSource
  void refuses(String text, String message) {
    assertThatThrownBy(() -> read(text)).isInstanceOf(UserError.class).hasMessage(message);
  }

  static Stream<Arguments> refuses() {
    return Stream.of(
        Arguments.of(
            "foo: bar\n",
            "stdin:1:1: a manifest without apiVersion.  Write for example 'apiVersion: apps/v1'.\n"
                + "stdin:1:1: a manifest without kind.  Write for example 'kind: Deployment'.\n"
                + "stdin:1:1: a manifest without metadata.name.  Give it a name."),
        Arguments.of(
            "- a\n",
            "stdin:1:1: a manifest must be a mapping, but this is a list.  Begin with apiVersion,"
                + " kind and metadata."),
        Arguments.of(
            "apiVersion: v1\nkind: X\nmetadata: {generateName: x-}\n",
            "stdin:3:11: a manifest without metadata.name.  Give it a name."),
        Arguments.of(
            "apiVersion: v1\nkind: X\nmetadata: {name: 5}\n",
            "stdin:3:18: metadata.name must be text, but is 5.  Give it a name."),
        Arguments.of(
            "apiVersion: v1\nkind: X\nmetadata: {name: x}\ndata: {a: 1, a: 2}\n",
            "stdin:4:14: 'a' is there twice.  Keep one."),
        Arguments.of(
            "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: X}\n- 5\n",
            "stdin:4:3: a manifest without metadata.name.  Give it a name.\n"
                + "stdin:5:3: a manifest must be a mapping, but this is 5.  Begin with apiVersion,"
                + " kind and metadata."),
        Arguments.of(
            "apiVersion: v1\nkind: X\nmetadata: {name: x}\na: &a {b: *a}\n",
            "stdin:4:4: an anchor that contains itself.  Write it without."),
        Arguments.of(
            "a:\n\tb: 1\n",
            "stdin:2:1: a tab, where YAML allows only spaces.  Indent with spaces."),
        Arguments.of(
            "kind: {{ .Values.kind }}\n",
            "stdin:1:1: a manifest without apiVersion.  Write for example 'apiVersion: apps/v1'.\n"
                + "stdin:1:1: a manifest without metadata.name.  Give it a name.\n"
                + "stdin:1:7: kind must be text, but is a mapping.  Write for example 'kind:"
                + " Deployment'.\n"
                + "stdin:1:8: a key that is a mapping.  A key is text; a template with '{{' must be"
                + " rendered first."));
  }

  @Test
  void refusesAnchorsThatExpandWithoutEnd() {
    StringBuilder laughs = new StringBuilder("x0: &x0 [1,1,1,1,1,1,1,1,1,1]\n");
    for (int i = 1; i < 9; i++) {
      String before = "*x" + (i - 1);
      laughs.append("x%d: &x%d [%s]\n".formatted(i, i, (before + ",").repeat(9) + before));
    }
    assertThatThrownBy(() -> read(laughs.toString()))
        .isInstanceOf(UserError.class)
        .hasMessageEndingWith(
            "anchors and aliases expand to more than 300000 values.  Write it without anchors.");
  }

  @Test
  void refusesWhatIsNestedTooDeeply() {
    assertThatThrownBy(() -> read("[".repeat(100_000)))
        .isInstanceOf(UserError.class)
        .hasMessage("stdin:1:201: nested more than 200 deep.  Is it the right file?");
  }

  @Test
  void refusesTenMegabytesWithoutReadingThem() {
    assertThatThrownBy(() -> read("#".repeat(10_000_000)))
        .hasMessage("stdin: is larger than 4 MiB.  Give only the manifests of this release.");
  }

  @Test
  void readsTheManifestOfAJob() throws IOException {
    Path file =
        job(
            "apiVersion: batch/v1\nkind: Job\nmetadata: {name: m}\n"
                + "spec: {template: {spec: {restartPolicy: Never, containers: [{name: a}]}}}\n");
    assertThat(JobManifest.read(file).place()).isEqualTo(file + ":1");
    assertThat(JobManifest.read(file).manifest().textOrEmpty("metadata", "name")).isEqualTo("m");
  }

  @ParameterizedTest
  @MethodSource
  void refusesAJob(String text, String message) throws IOException {
    Path file = job(text);
    assertThatThrownBy(() -> JobManifest.read(file))
        .isInstanceOf(UserError.class)
        .hasMessage(message.replace("job.yaml", file.toString()));
  }

  static Stream<Arguments> refusesAJob() {
    return Stream.of(
        Arguments.of("", "job.yaml: is empty.  Give a file with one Job in it."),
        Arguments.of(
            "apiVersion: batch/v1\nkind: Job\n",
            "job.yaml:1:1: a Job without metadata.name.  Give it a name.\n"
                + "job.yaml:1:1: a Job without containers in spec.template.spec.  Add 'containers:"
                + " [{name: migrate, image: …}]'.\n"
                + "job.yaml:1:1: a Job without restartPolicy: the default, Always, does not suit a"
                + " Job.  Write 'restartPolicy: Never'."),
        Arguments.of(
            "apiVersion: batch/v1\n"
                + "kind: Job\n"
                + "metadata: {name: m}\n"
                + "spec:\n"
                + "  parallelism: 3\n"
                + "  selector: {matchLabels: {a: b}}\n"
                + "  template: {spec: {restartPolicy: Never, containers: [{name: a}]}}\n",
            "job.yaml:5:16: parallelism: 3 would run it several times at once.  Leave it out: one"
                + " pod, once.\n"
                + "job.yaml:6:13: a Job with selector may take the pods of another one.  Leave it"
                + " out: Kubernetes tells a Job's pods by itself."),
        Arguments.of(
            "apiVersion: batch/v1\n"
                + "kind: Job\n"
                + "metadata:\n"
                + "  generateName: m-\n"
                + "spec: {template: {spec: {restartPolicy: Never, containers: [{name: a}]}}}\n",
            "job.yaml:4:17: a Job with generateName would be another one at each attempt and could"
                + " run twice.  Write 'name: migrate'; the release gives the Job a name of its"
                + " own."),
        Arguments.of(
            "apiVersion: batch/v1\n"
                + "kind: Job\n"
                + "metadata: {name: m}\n"
                + "spec: {template: {spec: {restartPolicy: Always, containers: [{name: a}]}}}\n",
            "job.yaml:4:41: restartPolicy 'Always' does not suit a Job, which must end.  Write"
                + " 'restartPolicy: Never'."),
        Arguments.of(
            "apiVersion: batch/v1\n"
                + "kind: Job\n"
                + "metadata: {name: m}\n"
                + "spec: {template: {spec: {restartPolicy: Never, containers: []}}}\n",
            "job.yaml:4:60: a Job without containers in spec.template.spec.  Add 'containers:"
                + " [{name: migrate, image: …}]'."),
        Arguments.of(
            "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\n",
            "job.yaml:2:7: a Job is expected, but this is v1 Pod.  Write 'apiVersion: batch/v1' and"
                + " 'kind: Job'."),
        Arguments.of(
            "apiVersion: batch/v1beta1\nkind: Job\n",
            "job.yaml:1:13: a Job is expected, but this is batch/v1beta1 Job.  Write 'apiVersion:"
                + " batch/v1' and 'kind: Job'."),
        Arguments.of(
            "apiVersion: batch/v1\nkind: Job\n---\napiVersion: batch/v1\nkind: Job\n",
            "job.yaml:4:1: a second manifest, where one Job is expected.  Give a file with one Job"
                + " in it."),
        Arguments.of(
            "a:\n\t- b\n",
            "job.yaml:2:1: a tab, where YAML allows only spaces.  Indent with spaces."),
        Arguments.of(
            "5",
            "job.yaml:1:1: a manifest must be a mapping, but this is 5.  Begin with apiVersion,"
                + " kind and metadata."));
  }

  @Test
  void refusesADirectory() {
    assertThatThrownBy(() -> JobManifest.read(folder))
        .hasMessage(folder + ": is a directory.  Name a file in it.");
  }

  private Path job(String text) throws IOException {
    return Files.writeString(folder.resolve("job.yaml"), text);
  }

  private static Doc object() {
    return Doc.of("apiVersion", "v1", "kind", "X", "metadata", Doc.of("name", "x"));
  }
}
