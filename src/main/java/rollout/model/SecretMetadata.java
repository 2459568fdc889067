package rollout.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rollout.document.Doc;

/**
 * All that the program knows of a Secret: its name, its version, and who wrote it. Its content is
 * never asked for; where a server gives it all the same, it ends here.
 */
public final class SecretMetadata {
  /** What tells one from another and before from after. */
  private static final List<String> NAMES =
      List.of("name", "namespace", "uid", "resourceVersion", "deletionTimestamp", "continue");

  private static final List<String> WRITER = List.of("manager", "operation", "time", "subresource");

  private SecretMetadata() {}

  /**
   * An object as it may be kept: of a Secret its metadata, and of that neither annotations, since
   * kubectl keeps the content in one, nor labels. Any other object is as it was.
   */
  public static Doc kept(Kind kind, Doc object) {
    return kind.equals(Kind.SECRET) ? of(object) : object;
  }

  /** The same of what is a Secret, or the metadata of one, by whatever kind it comes. */
  public static Doc of(Doc secret) {
    Doc metadata = metadata(secret);
    List<Doc> writers =
        secret.docs("metadata", "managedFields").stream().map(SecretMetadata::writer).toList();
    return Doc.of(
        "apiVersion",
        Kind.SECRET.apiVersion(),
        "kind",
        Kind.SECRET.kind(),
        "metadata",
        writers.isEmpty() ? metadata : metadata.with(writers, "managedFields"));
  }

  /** A list of them, with where it stands and whether it goes on. */
  public static Doc list(Doc list) {
    List<Doc> items = new ArrayList<>();
    list.docs("items").forEach(item -> items.add(of(item)));
    return Doc.of("metadata", metadata(list), "items", items);
  }

  private static Doc metadata(Doc object) {
    return texts(object.doc("metadata"), NAMES);
  }

  /** Who, when and how; and whether it was the content. Not even the keys of that are kept. */
  private static Doc writer(Doc entry) {
    Doc who = texts(entry, WRITER);
    return entry.has("fieldsV1", "f:data") ? who.with(Doc.EMPTY, "fieldsV1", "f:data") : who;
  }

  private static Doc texts(Doc doc, List<String> members) {
    Map<String, String> found = new LinkedHashMap<>();
    members.forEach(member -> doc.text(member).ifPresent(text -> found.put(member, text)));
    return Doc.of(found);
  }
}
