/** Looks, decides, acts or advances or waits, and tells. The only place where a write begins. */
@NullMarked
package rollout.run;

import org.jspecify.annotations.NullMarked;
