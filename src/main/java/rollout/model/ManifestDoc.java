package rollout.model;

import rollout.document.Doc;

/**
 * One document of a manifest file.
 *
 * @param place file and line where it begins
 */
public record ManifestDoc(String place, Doc object) {}
