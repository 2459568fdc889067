package planted.model;

import planted.plan.Planner;

/** With the planner, which knows it too: a cycle. */
public final class Noun {
  /** Knows too much. */
  public void act() {
    new Planner().plan(this);
  }
}
