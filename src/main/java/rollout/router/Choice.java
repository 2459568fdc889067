package rollout.router;

import java.util.List;
import rollout.model.Problem;

/** Which objects a release divides requests with. */
public sealed interface Choice {
  /**
   * These.
   *
   * @param routes one, or those that were named
   * @param warnings what a person should know, one sentence each
   */
  record Steered(Router router, List<Route> routes, List<String> warnings) implements Choice {
    /** Copies the lists. */
    public Steered {
      routes = List.copyOf(routes);
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * Nothing beside the Service names it, and nobody asked for a router: the share is that of the
   * pods.
   *
   * @param warnings what a person should know, one sentence each
   */
  record None(List<String> warnings) implements Choice {
    /** Copies the list. */
    public None {
      warnings = List.copyOf(warnings);
    }
  }

  /** It cannot be, or it is not clear what is meant. */
  record Refused(List<Problem> problems) implements Choice {
    /** Copies the list. */
    public Refused {
      problems = List.copyOf(problems);
    }
  }
}
