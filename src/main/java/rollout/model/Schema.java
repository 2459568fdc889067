package rollout.model;

import java.util.Optional;
import rollout.document.Doc;

/**
 * How far a database has come, in the numbers of its migrations. A version can run on it when it
 * needs no newer one than {@code head}, and was built with {@code floor} or a newer one.
 *
 * @param head the newest migration that is known to be applied; 0: nobody said
 * @param floor the oldest migration that a version must know of; 0: every version can run
 */
public record Schema(long head, long floor) {
  /** Nothing is known. */
  public static final Schema UNKNOWN = new Schema(0, 0);

  /**
   * Whether a version built with this migration can run; 0, nobody said, can only without a floor.
   */
  public boolean bears(long built) {
    return built >= floor && (built <= head || head == 0);
  }

  /** After a migration to {@code newest} that keeps every version below {@code least} out. */
  public Schema after(long newest, long least) {
    return new Schema(Math.max(head, newest), Math.max(floor, least));
  }

  /**
   * The newest migration that an application was built with, by the label or annotation {@value
   * Marks#SCHEMA} of its pods.
   *
   * @return what stands there, number or not; empty: nothing does
   */
  public static Optional<String> said(Doc template) {
    return Optional.ofNullable(template.texts("metadata", "labels").get(Marks.SCHEMA))
        .or(() -> Optional.ofNullable(template.texts("metadata", "annotations").get(Marks.SCHEMA)));
  }

  /** The number of {@link #said}; 0: nobody said, or it is none. */
  public static long built(Doc template) {
    return said(template).filter(Schema::isNumber).map(Long::parseLong).orElse(0L);
  }

  /** Whether a text is the number of a migration: digits, 18 at most. */
  public static boolean isNumber(String text) {
    return text.matches("[0-9]{1,18}");
  }
}
