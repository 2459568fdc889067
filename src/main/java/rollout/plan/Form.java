package rollout.plan;

import java.util.Locale;
import java.util.Optional;
import rollout.strategy.Candidate;
import rollout.strategy.Strategy;

/** How a release is carried out. */
public enum Form {
  /** A copy beside stable; at the end stable takes its template over. */
  COPY,
  /** Two Deployments of the user's; at the end the Service stays on the other. */
  SWAP,
  /** Nothing serves yet. */
  INSTALL,
  /** No version moves: the schema loses what only older ones used. */
  CONTRACT;

  /** Whether a Service's traffic may move in it. */
  public boolean steers() {
    return this == COPY || this == SWAP;
  }

  /** How a candidate of this kind is released where something serves already. */
  static Form of(Candidate candidate) {
    return candidate instanceof Candidate.Existing ? SWAP : COPY;
  }

  /** Each kind of candidate has its one promotion so far. */
  void check(Optional<Strategy.Promotion> wanted, Findings findings) {
    if (wanted.isPresent() && !wanted.get().name().equals(name())) {
      findings.refuse(
          "--promotion "
              + wanted.get().name().toLowerCase(Locale.ROOT)
              + ": this candidate can only be promoted by "
              + word()
              + " so far",
          "Leave it out: copy is for --image and -f, swap is for --to.");
    }
  }

  /** As in the journal: {@code copy}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
