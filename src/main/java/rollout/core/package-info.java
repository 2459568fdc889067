/** The pure core: state and observation in, decision out. No clock, no I/O, no randomness. */
@NullMarked
package rollout.core;

import org.jspecify.annotations.NullMarked;
