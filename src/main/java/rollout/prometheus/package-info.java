/** The metrics port on a real Prometheus, over HTTP. */
@NullMarked
package rollout.prometheus;

import org.jspecify.annotations.NullMarked;
