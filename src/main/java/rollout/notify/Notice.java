package rollout.notify;

import rollout.model.Told;
import rollout.strategy.News;

/**
 * One piece of news, and the event that brought it.
 *
 * @param id unique among all processes; the same at each try, so that a receiver knows a second one
 */
record Notice(News news, Told told, String id) {}
