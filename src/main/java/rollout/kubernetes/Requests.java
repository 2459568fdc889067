package rollout.kubernetes;

/** Who is told of each request to an API server that is over. May be told from any thread. */
@FunctionalInterface
public interface Requests {
  /** The word in place of a code where no answer came. */
  String NO_ANSWER = "none";

  /**
   * One is over, or its answer has begun where that goes on and on.
   *
   * @param verb as a Role has it: {@code list}
   * @param code of HTTP, or {@link #NO_ANSWER}
   */
  void ended(String verb, String code);
}
