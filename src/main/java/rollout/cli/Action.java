package rollout.cli;

/** A command that can be run once its words have been read. */
@FunctionalInterface
interface Action {
  /**
   * Runs it. What is nobody's outcome is thrown, and {@link ErrorReport} says it.
   *
   * @param reader has what is wrong with the words already
   */
  ExitCode run(FlagReader reader);
}
