package rollout.strategy;

import rollout.document.Doc;

/**
 * A Job manifest from a file.
 *
 * @param place file and line where it begins, for messages
 */
public record JobFile(String place, Doc manifest) {}
