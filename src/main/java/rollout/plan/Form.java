package rollout.plan;

import java.util.Locale;

/** How a release is carried out. */
public enum Form {
  /** A copy beside stable; at the end stable takes its template over. */
  COPY,
  /** Two Deployments of the user's; at the end the Service stays on the other. */
  SWAP,
  /** Nothing serves yet. */
  INSTALL;

  /** As in the journal: {@code copy}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
