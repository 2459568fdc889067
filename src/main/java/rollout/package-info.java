/** The program: builds the adapters, hands them to the commands, and exits. */
@NullMarked
package rollout;

import org.jspecify.annotations.NullMarked;
