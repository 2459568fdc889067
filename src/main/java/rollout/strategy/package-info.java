/** What the user asks for, as checked values. Knows nothing of how it is carried out. */
@NullMarked
package rollout.strategy;

import org.jspecify.annotations.NullMarked;
