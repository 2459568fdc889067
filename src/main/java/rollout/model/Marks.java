package rollout.model;

/** Names of the labels and annotations that the program puts on objects. */
public final class Marks {
  /** On every steered Service: stamp, phase, names and the three selectors, as JSON. */
  public static final String STATE = "rollout/state";

  /** On the stable Deployment, and on a candidate that the user made: who holds it, as JSON. */
  public static final String CLAIM = "rollout/claim";

  /** On the candidate's pods and in its selector: the revision. */
  public static final String REVISION = "rollout/revision";

  /** On everything that the program makes: the Service it was made for. */
  public static final String TARGET = "rollout/target";

  /** On Jobs and Deployments that the program makes: hash of the spec as it was given. */
  public static final String SPEC_HASH = "rollout/spec-hash";

  /** On a migration's Job: the tool in it, where the program knows it. */
  public static final String TOOL = "rollout/tool";

  /** The label with which an object tells its manager. */
  public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

  /** The value of {@link #MANAGED_BY}, and the field manager of every write. */
  public static final String MANAGER = "rollout";

  /** The label of prepared mode, for those who run GitOps. */
  public static final String TRACK = "rollout/track";

  /** On the pods of a Deployment of ours, and in its selector: what they are for. */
  public static final String ROLE = "rollout/role";

  /** The value of {@link #ROLE}: stable's fresh pod on the new schema. */
  public static final String FRESH = "fresh";

  /** On the Lease: the epoch of its holder. */
  public static final String EPOCH = "rollout/epoch";

  /** On the Lease: the uid of the Job that its holder is a pod of. */
  public static final String JOB = "rollout/job";

  /** On the pods of this program: {@code driver} or {@code guard}. */
  public static final String PART = "rollout/part";

  /** On pods: the migration that their application was built with. */
  public static final String SCHEMA = "rollout/schema";

  private Marks() {}
}
