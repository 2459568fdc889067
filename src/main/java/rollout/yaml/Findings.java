package rollout.yaml;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;
import rollout.model.Problem;
import rollout.model.UserError;

/** Collects what is wrong with a file, so that all of it is said at once. */
final class Findings {
  private static final int MOST = 50;

  private record Found(int index, Problem problem) {}

  private final SourceText source;
  private final List<Found> found = new ArrayList<>();

  Findings(SourceText source) {
    this.source = source;
  }

  /** Something wrong at a node. */
  void add(Node at, String wrong, String right) {
    add(at, new Problem(source.place(at), wrong, right));
  }

  /** Something wrong in another file that a node names. */
  void add(Node at, Problem problem) {
    found.add(new Found(at.getStartMark().map(Mark::getIndex).orElse(0), problem));
  }

  /** The file's name and text. */
  SourceText source() {
    return source;
  }

  /**
   * Says all of it, in the order of the file.
   *
   * @throws UserError when there is anything to say
   */
  void orThrow() {
    if (found.isEmpty()) {
      return;
    }
    List<Problem> problems =
        new ArrayList<>(
            found.stream()
                .sorted(Comparator.comparingInt(Found::index))
                .limit(MOST)
                .map(Found::problem)
                .toList());
    if (found.size() > MOST) {
      problems.add(new Problem(source.name(), (found.size() - MOST) + " more problems.", ""));
    }
    throw new UserError(problems);
  }
}
