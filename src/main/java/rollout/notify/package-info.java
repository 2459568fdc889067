/**
 * Tells others of a release over HTTP, never in its way. Knows neither the cluster nor the core.
 */
@NullMarked
package rollout.notify;

import org.jspecify.annotations.NullMarked;
