/** Strategy files and manifests: from text to values, or to every problem with its place. */
@NullMarked
package rollout.yaml;

import org.jspecify.annotations.NullMarked;
