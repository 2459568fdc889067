package rollout.router;

import java.util.List;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Kind;

/** A router whose objects list Services with weights: where they stand, {@link #lists} says. */
interface ListingRouter extends Router {
  /** The lists of a kind of its objects. */
  WeightedLists lists(Kind kind);

  @Override
  default List<Mention> mentions(Kind kind, Doc object, Landscape landscape) {
    return new Search(word(), kind, lists(kind), landscape).mentions(object);
  }

  @Override
  default Weights weights(Doc live, Route route) {
    return lists(route.kind()).weights(live, route);
  }

  @Override
  default Patch attach(Doc live, Route route) {
    return lists(route.kind()).attach(live, route);
  }

  @Override
  default Patch weigh(Doc live, Route route, int percent, boolean back) {
    return lists(route.kind()).weigh(live, route, percent, back);
  }

  @Override
  default Patch detach(Doc live, Route route) {
    return lists(route.kind()).detach(live, route);
  }

  @Override
  default String jq(Kind kind) {
    return lists(kind).shape().jq();
  }
}
