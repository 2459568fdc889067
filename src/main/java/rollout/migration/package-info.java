/** What the known migration tools are called with, say and need when they fail. Pure. */
@NullMarked
package rollout.migration;

import org.jspecify.annotations.NullMarked;
