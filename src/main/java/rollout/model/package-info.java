/**
 * The nouns that everybody shares: references, stamps, selectors, checks, verdicts, and typed views
 * of cluster objects. Knows no strategy, no clock and no I/O.
 */
@NullMarked
package rollout.model;

import org.jspecify.annotations.NullMarked;
