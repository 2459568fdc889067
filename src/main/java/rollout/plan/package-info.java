/** From a strategy and a look at the cluster to the list of steps, before anything is touched. */
@NullMarked
package rollout.plan;

import org.jspecify.annotations.NullMarked;
