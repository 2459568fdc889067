package rollout.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import rollout.document.Doc;
import rollout.model.ManifestDoc;
import rollout.model.UserError;

/** Reads Kubernetes manifests: YAML or JSON, one document or many, lists taken apart. */
public final class Manifests {
  private static final SourceText.Limit LIMIT =
      new SourceText.Limit(4, 300_000, "Give only the manifests of this release.");

  private final Findings findings;
  private final TreeDocument trees;
  private final List<Manifest> manifests = new ArrayList<>();

  private Manifests(SourceText source) {
    this.findings = new Findings(source);
    this.trees = new TreeDocument(findings);
  }

  /** A manifest and its tree. */
  record Manifest(Doc object, MappingNode node) {}

  /**
   * Reads a file; one without any document gives an empty list.
   *
   * @throws UserError with everything that is wrong, each with its place
   */
  public static List<ManifestDoc> read(Path file) {
    return documents(SourceText.read(file, LIMIT));
  }

  /**
   * Reads a stream to its end.
   *
   * @param name what to call it in messages: {@code stdin}
   * @throws UserError with everything that is wrong, each with its place
   * @throws IOException when the stream cannot be read
   */
  public static List<ManifestDoc> read(String name, InputStream in) throws IOException {
    SourceText source = SourceText.read(name, in, LIMIT);
    FilesRead.stdin(source.text());
    return documents(source);
  }

  private static List<ManifestDoc> documents(SourceText source) {
    return identified(source).stream()
        .map(m -> new ManifestDoc(source.line(m.node()), m.object()))
        .toList();
  }

  /** The manifests of a text with their trees; each says what it is, and its name. */
  static List<Manifest> identified(SourceText source) {
    Manifests reader = new Manifests(source);
    YamlText.documents(source, LIMIT.events()).forEach(reader::add);
    reader.manifests.forEach(reader::checkIdentity);
    reader.findings.orThrow();
    return reader.manifests;
  }

  /** The manifests of a text with their trees, not yet checked but for their syntax. */
  static List<Manifest> trees(SourceText source) {
    Manifests reader = new Manifests(source);
    YamlText.documents(source, LIMIT.events()).forEach(reader::add);
    reader.findings.orThrow();
    return reader.manifests;
  }

  private void add(Node document) {
    if (!(document instanceof MappingNode map)) {
      findings.add(
          document,
          "a manifest must be a mapping, but this is " + Seen.say(document) + ".",
          "Begin with apiVersion, kind and metadata.");
      return;
    }
    Node items = child(map, "items");
    if (items instanceof SequenceNode list && kind(map).endsWith("List")) {
      list.getValue().forEach(this::add);
    } else {
      manifests.add(new Manifest(trees.of(map), map));
    }
  }

  private String kind(MappingNode map) {
    Node kind = child(map, "kind");
    return kind == map ? "" : Seen.key(kind);
  }

  private void checkIdentity(Manifest manifest) {
    needs(manifest, "Write for example 'apiVersion: apps/v1'.", "apiVersion");
    needs(manifest, "Write for example 'kind: Deployment'.", "kind");
    needs(manifest, "Give it a name.", "metadata", "name");
  }

  private void needs(Manifest manifest, String right, String... path) {
    if (manifest.object().textOrEmpty(path).isBlank()) {
      Node at = child(manifest.node(), path);
      String name = String.join(".", path);
      findings.add(
          at,
          manifest.object().value(path) == null
              ? "a manifest without " + name + "."
              : name + " must be text, but is " + Seen.say(at) + ".",
          right);
    }
  }

  /** The node at a path, or the last one on the way to it that is there. */
  static Node child(MappingNode map, String... path) {
    Node here = map;
    for (String name : path) {
      Node next = here instanceof MappingNode m ? member(m, name) : here;
      if (next == here) {
        return here;
      }
      here = next;
    }
    return here;
  }

  private static Node member(MappingNode map, String name) {
    return map.getValue().stream()
        .filter(tuple -> Seen.key(tuple.getKeyNode()).equals(name))
        .map(NodeTuple::getValueNode)
        .findFirst()
        .orElse(map);
  }
}
