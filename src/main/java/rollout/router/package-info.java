/**
 * Routers that divide requests by weights: how the objects of each kind name Services and weights,
 * and the patches that change just ours. Pure: documents in, documents and patches out.
 */
@NullMarked
package rollout.router;

import org.jspecify.annotations.NullMarked;
