/**
 * The program's own metrics: events and requests as counters and gauges, for a Prometheus to come
 * for, or for a Pushgateway. Nothing of it is loaded unless somebody asks for them.
 */
@NullMarked
package rollout.exporter;

import org.jspecify.annotations.NullMarked;
