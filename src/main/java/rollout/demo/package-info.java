/** Releases on a cluster in memory, for people to watch and for pipelines to try a strategy on. */
@NullMarked
package rollout.demo;

import org.jspecify.annotations.NullMarked;
