package rollout.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import rollout.document.Doc;

/** Short names for long contents. */
public final class Hashes {
  /** Length of a hash in characters; 48 bits, against accidents and not against attackers. */
  public static final int LENGTH = 12;

  private Hashes() {}

  /** The hash of a document, the same for equal ones. */
  public static String of(Doc doc) {
    return of(doc.canonical());
  }

  /** The hash of a text. */
  public static String of(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** A name of at most {@code limit} characters: a longer one is cut and ends with its hash. */
  public static String name(String name, int limit) {
    return name.length() <= limit ? name : name.substring(0, limit - LENGTH - 1) + "-" + of(name);
  }
}
