/**
 * JSON trees as immutable values, and patches on them. A leaf: it hides the JSON library from
 * everybody else, and knows nothing of Kubernetes.
 */
@NullMarked
package rollout.document;

import org.jspecify.annotations.NullMarked;
