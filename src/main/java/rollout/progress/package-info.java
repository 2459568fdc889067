/** Events told to people, pipelines and the cluster. */
@NullMarked
package rollout.progress;

import org.jspecify.annotations.NullMarked;
