package rollout.model;

import rollout.document.Doc;

/**
 * Something worth telling.
 *
 * @param type as in the JSON: {@code step-started}, {@code write}, {@code check} …
 * @param message one sentence for people; the same in text, JSON and Kubernetes events
 * @param fields what this type has besides
 */
public record Event(String type, Phase phase, String message, Doc fields) {
  public static final String PLAN = "plan";
  public static final String STEP_STARTED = "step-started";
  public static final String STEP_DONE = "step-done";
  public static final String STEP_FAILED = "step-failed";
  public static final String WRITE = "write";
  public static final String TRAFFIC = "traffic";
  public static final String CHECK = "check";
  public static final String MIGRATION = "migration";
  public static final String GATE = "gate";
  public static final String ROLLBACK = "rollback";
  public static final String RESULT = "result";

  /** Something to know that is no step: a warning of the preflight, drift, a wait that lasts. */
  public static final String NOTE = "note";
}
