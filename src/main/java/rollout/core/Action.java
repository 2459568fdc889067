package rollout.core;

import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Kind;
import rollout.model.Ref;

/**
 * One write: what the runner shall send, exactly once. A look afterwards tells whether it has had
 * its effect.
 */
public sealed interface Action {
  /** The object that is written. */
  Ref object();

  /** For people and events: {@code patch}, {@code create}, {@code delete}. */
  String verb();

  /** What it changes, from what. */
  String from();

  /** What it changes, to what. */
  String to();

  /**
   * A conditional patch.
   *
   * @param traffic whether it moves production traffic
   * @param mustBeFresh whether it may only be decided on a fresh look; never for a write that goes
   *     back
   */
  record Change(
      Ref object, Patch patch, String from, String to, boolean traffic, boolean mustBeFresh)
      implements Action {
    @Override
    public String verb() {
      return "patch";
    }
  }

  /** An inert create. */
  record Make(Kind kind, Doc body, String to) implements Action {
    @Override
    public Ref object() {
      return Ref.to(kind, body);
    }

    @Override
    public String verb() {
      return "create";
    }

    @Override
    public String from() {
      return "";
    }
  }

  /** Deletes what the release made, by its uid. */
  record Remove(Ref object, String uid) implements Action {
    @Override
    public String verb() {
      return "delete";
    }

    @Override
    public String from() {
      return uid;
    }

    @Override
    public String to() {
      return "";
    }
  }
}
