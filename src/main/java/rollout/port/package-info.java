/** What a run needs from outside. Each port has a real form and one in memory. */
@NullMarked
package rollout.port;

import org.jspecify.annotations.NullMarked;
