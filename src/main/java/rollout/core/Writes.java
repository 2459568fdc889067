package rollout.core;

import java.util.LinkedHashMap;
import java.util.Map;
import rollout.core.Action.Change;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Deployment;
import rollout.model.Marks;
import rollout.model.Selector;
import rollout.model.Service;
import rollout.model.Stamp;
import rollout.plan.Release;
import rollout.plan.Release.Steered;

/**
 * The patches, each one request. A forward write is conditional on the resourceVersion that it was
 * decided on; a write that goes back tests only the uid and the stamp, and raises the stamp in the
 * same request, so that a label or a status written by somebody else does not delay it.
 */
final class Writes {
  private Writes() {}

  /** What a steered Service says of the release: enough to go back without the journal. */
  static Doc state(RolloutState state, Steered steered, String phase, Selector now) {
    Release release = state.release();
    Stamp stamp = state.stamp();
    Doc doc =
        Doc.of(
            "target", release.target().name(),
            "revision", release.revision(),
            "epoch", stamp.epoch(),
            "by", stamp.by(),
            "way", stamp.way().word(),
            "phase", phase,
            "promotion", release.form().word(),
            "stable",
                Doc.of(
                    "name", release.stable().name(),
                    "uid", release.stable().uid(),
                    "replicas", release.stable().replicas(),
                    "replicaSet", release.stable().replicaSet()),
            "candidate",
                Doc.of(
                    "name", release.candidate().name(),
                    "uid", candidateUid(state),
                    "replicas", release.candidate().formerReplicas()),
            "original", steered.original().doc(),
            "pinned", steered.stable().doc(),
            "switched", steered.candidate().doc(),
            "now", now.doc());
    boolean target = steered.name().equals(release.target().name());
    return target ? routed(doc, release) : doc;
  }

  private static String candidateUid(RolloutState state) {
    Release.Contender candidate = state.release().candidate();
    return candidate.uid().isEmpty()
        ? state.uids().getOrDefault("Deployment/" + candidate.name(), "")
        : candidate.uid();
  }

  /** Forward: selector and state, if the Service is as it was seen. */
  static Change steer(
      Service live, RolloutState state, Steered steered, String phase, Selector to) {
    Patch patch =
        Patch.at(live.version())
            .and(annotated(live.doc(), Marks.STATE, state(state, steered, phase, to).json()))
            .and(selected(live, to));
    return change(live, patch, to, true);
  }

  /** Back: selector and state, whatever else somebody has written, unless the stamp is another. */
  static Change steerBack(Service live, RolloutState state, Steered steered, Selector to) {
    return steerBack(live, state, steered, "back", to);
  }

  /** The same, in another phase. */
  static Change steerBack(
      Service live, RolloutState state, Steered steered, String phase, Selector to) {
    // A first stamp that moves nothing is in no hurry. "Nothing is stamped" holds again when the
    // release is over: a driver that was frozen before it would stamp what is free.
    boolean untouched = live.stateText().isEmpty() && live.selector().equals(to);
    Patch guard =
        untouched
            ? Patch.at(live.version()).test(live.uid(), "metadata", "uid")
            : guarded(live.doc(), live.uid(), Marks.STATE, live.stateText());
    Patch patch =
        guard
            .and(annotated(live.doc(), Marks.STATE, state(state, steered, phase, to).json()))
            .and(selected(live, to));
    return change(live, patch, to, false);
  }

  /** The selector as given, and our state off. */
  static Change free(Service live, Selector to, boolean back) {
    Patch guard =
        back
            ? guarded(live.doc(), live.uid(), Marks.STATE, live.stateText())
            : Patch.at(live.version());
    Patch patch = guard.and(selected(live, to)).and(unannotated(live.doc(), Marks.STATE));
    return change(live, patch, to, false);
  }

  private static Change change(Service live, Patch patch, Selector to, boolean fresh) {
    boolean moves = !live.selector().equals(to);
    return new Change(
        live.ref(), patch, live.selector().toString(), to.toString(), moves, fresh && moves);
  }

  private static Patch selected(Service live, Selector to) {
    // Whole, and only where it differs: a merge would keep stale keys, and a write that changes
    // nothing is still seen
    // by every GitOps controller.
    return live.selector().equals(to)
        ? Patch.none()
        : Patch.none().put(to.doc(), "spec", "selector");
  }

  /** The claim of this driver on a Deployment. */
  static Doc claim(RolloutState state) {
    Stamp stamp = state.stamp();
    Doc doc =
        Doc.of(
            "target", state.release().target().name(),
            "revision", state.release().revision(),
            "epoch", stamp.epoch(),
            "by", stamp.by(),
            "way", stamp.way().word(),
            "promotion", state.release().form().word(),
            "stable", state.release().stable().name(),
            "candidate", state.release().candidate().name());
    return routed(doc, state.release());
  }

  /** What the way back needs to know of the routes. */
  private static Doc routed(Doc doc, Release release) {
    return release.routed()
        ? doc.with(ShiftingText.shifting(release.shifting().orElseThrow()), "shifting")
        : doc;
  }

  /** Forward: further members of the spec and our claim, if the Deployment is as it was seen. */
  static Change claim(Deployment live, RolloutState state, Patch more, String from, String to) {
    Patch patch =
        Patch.at(live.version())
            .and(annotated(live.doc(), Marks.CLAIM, claim(state).json()))
            .and(more);
    return new Change(live.ref(), patch, from, to, false, false);
  }

  /** Back: the same, testing only uid and claim. */
  static Change claimBack(Deployment live, RolloutState state, Patch more, String from, String to) {
    Patch patch =
        guarded(live.doc(), live.uid(), Marks.CLAIM, live.claimText())
            .and(annotated(live.doc(), Marks.CLAIM, claim(state).json()))
            .and(more);
    return new Change(live.ref(), patch, from, to, false, false);
  }

  /** The claim off, with further members of the spec in the same request. */
  static Change unclaim(Deployment live, Patch more, boolean back, String from, String to) {
    Patch guard =
        back
            ? guarded(live.doc(), live.uid(), Marks.CLAIM, live.claimText())
            : Patch.at(live.version());
    Patch patch = guard.and(more).and(unannotated(live.doc(), Marks.CLAIM));
    return new Change(live.ref(), patch, from, to, false, false);
  }

  /** A change of a Deployment's size, if it is as it was seen. */
  static Change scale(Deployment live, int to) {
    Patch patch = Patch.at(live.version()).put(to, "spec", "replicas");
    return new Change(
        live.ref(), patch, "replicas " + live.replicas(), "replicas " + to, false, false);
  }

  /** The same on the way back: by uid only. */
  static Change scaleBack(Deployment live, int to) {
    Patch patch = Patch.none().test(live.uid(), "metadata", "uid").put(to, "spec", "replicas");
    return new Change(
        live.ref(), patch, "replicas " + live.replicas(), "replicas " + to, false, false);
  }

  static Patch guarded(Doc live, String uid, String annotation, String text) {
    Patch byUid = Patch.none().test(uid, "metadata", "uid");
    if (!live.has("metadata", "annotations")) {
      return byUid.test(null, "metadata", "annotations");
    }
    return byUid.test(text.isEmpty() ? null : text, "metadata", "annotations", annotation);
  }

  static Patch annotated(Doc live, String name, String text) {
    if (live.has("metadata", "annotations")) {
      return Patch.none().put(text, "metadata", "annotations", name);
    }
    Map<String, Object> first = new LinkedHashMap<>();
    first.put(name, text);
    return Patch.none().put(first, "metadata", "annotations");
  }

  static Patch unannotated(Doc live, String name) {
    return live.texts("metadata", "annotations").containsKey(name)
        ? Patch.none().remove("metadata", "annotations", name)
        : Patch.none();
  }
}
