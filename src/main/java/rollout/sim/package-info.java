/** A cluster, its traffic and its metrics in memory, in virtual time, from one seed. */
@NullMarked
package rollout.sim;

import org.jspecify.annotations.NullMarked;
