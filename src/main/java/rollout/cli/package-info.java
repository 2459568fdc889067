/** One class a command; turns words into values and outcomes into exit codes. */
@NullMarked
package rollout.cli;

import org.jspecify.annotations.NullMarked;
