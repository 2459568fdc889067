package rollout.plan;

import java.util.List;

/**
 * What the preflight found good.
 *
 * @param warnings to be told, no reason to refuse
 * @param unchanged nothing to do: the version serves already
 */
public record Prepared(
    Release release, Materials materials, List<String> warnings, boolean unchanged) {
  /** Copies the list. */
  public Prepared {
    warnings = List.copyOf(warnings);
  }
}
