package rollout.router;

import java.util.List;
import java.util.Optional;
import rollout.document.Doc;
import rollout.document.Patch;

/**
 * One list of backends in an object as it is now that names stable or the candidate.
 *
 * @param stables indexes of stable in it
 * @param candidates indexes of the candidate in it
 */
record Spot(Shape shape, Shape.Listed listed, List<Integer> stables, List<Integer> candidates) {
  boolean hasStable() {
    return !stables.isEmpty();
  }

  boolean hasCandidate() {
    return !candidates.isEmpty();
  }

  boolean hasBoth() {
    return hasStable() && hasCandidate();
  }

  int stable() {
    return stables.getFirst();
  }

  int candidate() {
    return candidates.getFirst();
  }

  String says() {
    return listed.says();
  }

  Doc backend(int index) {
    return listed.backends().get(index);
  }

  /** The weight that is written there. */
  Optional<Integer> written(int index) {
    return backend(index).has("weight")
        ? Optional.of((int) backend(index).number(0, "weight"))
        : Optional.empty();
  }

  /** The weight that counts. */
  int weight(int index) {
    return written(index).orElse(shape.weight());
  }

  /** What our two have together. */
  int now() {
    return weight(stable()) + (hasCandidate() ? weight(candidate()) : 0);
  }

  /** What it is to a release that finds it so. */
  Route.Place place() {
    if (hasCandidate()) {
      int sum = now() > 0 ? now() : Shares.WHOLE;
      return new Route.Place(says(), Optional.of(sum), sum);
    }
    boolean alone = listed.backends().size() == 1;
    int total = alone ? Math.max(Shares.WHOLE, now()) : now();
    return new Route.Place(says(), written(stable()), total);
  }

  /** The path of a member of a backend. */
  String[] path(int index, String... member) {
    return Shape.array(Shape.join(listed.path(), List.of(Integer.toString(index))), member);
  }

  /** With the test that the same Service is still named there. */
  Patch sameName(Patch patch, int index) {
    List<String> name = shape.name();
    return patch.test(backend(index).value(Shape.array(name)), path(index, Shape.array(name)));
  }

  /** With the test that the same weight is still written there. */
  Patch sameWeight(Patch patch, int index) {
    return patch.test(backend(index).value("weight"), path(index, "weight"));
  }
}
