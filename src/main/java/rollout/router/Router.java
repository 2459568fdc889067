package rollout.router;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Kind;
import rollout.model.Match;

/**
 * One kind of router: where its objects name a Service, which numbers are its weights, and what it
 * says back. Places are found anew in every object that is given: somebody may have put a rule in
 * front of ours. The patches contain the tests of names and weights only; whose object it is (uid,
 * resourceVersion, our stamp) is tested by who sends them, in the same request.
 */
public interface Router {
  /** As in {@code --router}: {@code gateway-api}. */
  String word();

  /** The kinds of its route objects, each served version once: the one that is written. */
  List<Kind> kinds();

  /** Further kinds that it reads to judge a route: gateways, classes, grants. */
  List<Kind> judges();

  /**
   * Every object that sends requests to the landscape's Service, with what speaks against steering
   * it. The routes name no candidate Service yet.
   */
  List<Found> find(Landscape landscape);

  /** Where an object names the landscape's Service; none: it does not. */
  List<Mention> mentions(Kind kind, Doc object, Landscape landscape);

  /** What an object says of our two Services. */
  Weights weights(Doc live, Route route);

  /**
   * Our candidate Service beside stable at weight 0, in every place of the route; nothing else
   * changes but stable's own number, where a total that every step can be told in needs it.
   */
  Patch attach(Doc live, Route route);

  /**
   * Our two numbers in every place. Their sum is the place's total, so a third Service keeps its
   * share, and what somebody else has written in between is set right on the way back.
   *
   * @param percent for the candidate, 0 to 100
   * @param back tests only the names; else the numbers too, so that somebody else's are not
   *     overwritten
   */
  Patch weigh(Doc live, Route route, int percent, boolean back);

  /** The candidate Service out of every place, and stable's number as it was before. */
  Patch detach(Doc live, Route route);

  /**
   * Requests with this header or cookie to the candidate, ahead of the weights.
   *
   * @return empty: this router cannot, or not in this object
   */
  Optional<Patch> match(Doc live, Route route, Match match);

  /** Takes {@link #match} away; the patch without operations where it is not there. */
  Patch unmatch(Doc live, Route route, Match match);

  /**
   * What the router says of the object as it is now.
   *
   * @param landscape with the objects of {@link #judges}
   */
  Ack ack(Doc live, Route route, Landscape landscape);

  /** How long after a write the last request of the old weights may come, with a margin. */
  Duration settles();

  /**
   * The name of the user's object: the route's own, but for a router that makes one beside it. It
   * is what people write in {@code --route-name}.
   */
  default String original(Route route) {
    return route.name();
  }

  /** What a release writes of an object of this kind, as jq names it. */
  String jq(Kind kind);

  /** A route of an object that a release made; empty: this router needs none. */
  default Optional<Route> adopted(Doc live, String stable) {
    return Optional.empty();
  }

  /**
   * The object that carries the weights, where the router needs one of its own beside the user's;
   * empty: the user's own does. It is made at weight 0, and deleted at the end.
   *
   * @param original the user's object
   */
  default Optional<Doc> made(Doc original, Route route) {
    return Optional.empty();
  }
}
