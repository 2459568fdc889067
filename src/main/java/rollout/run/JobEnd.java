package rollout.run;

import rollout.document.Doc;

/**
 * How a release that ran as a Job ended, as far as it was followed.
 *
 * @param detached whether it goes on and is only not followed any more
 * @param exitCode of the container that ended it; -1: nobody knows
 * @param message the last line
 * @param fields of its {@code result} event; empty when it told none
 */
public record JobEnd(boolean detached, int exitCode, String message, Doc fields) {}
