/** The cluster port on a real API server, by fabric8. */
@NullMarked
package rollout.kubernetes;

import org.jspecify.annotations.NullMarked;
