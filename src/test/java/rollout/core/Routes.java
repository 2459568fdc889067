package rollout.core;

import java.util.List;
import java.util.Optional;
import rollout.model.Kind;
import rollout.router.Route;

/** Routes to Service {@code shop} that releases of {@link Seen} steer, for tests. */
final class Routes {
  /** One whose weights are the object itself, by a router that acknowledges nothing. */
  static final Route TRAEFIK =
      new Route(
          "traefik",
          new Kind("traefik.io/v1alpha1", "TraefikService", "traefikservices"),
          "web",
          false,
          "shop",
          "r-uid",
          "shop",
          "shop-r2",
          List.of(new Route.Place("the list of services", Optional.empty(), 100)));

  static final Kind HTTP_ROUTE =
      new Kind("gateway.networking.k8s.io/v1", "HTTPRoute", "httproutes");

  /** One of the Gateway API in which stable had a weight before. */
  static final Route HTTP = http("entry", "r-uid", Optional.of(1));

  private Routes() {}

  /** One of the Gateway API, which says what it has read. */
  static Route http(String name, String uid, Optional<Integer> stableBefore) {
    return new Route(
        "gateway-api",
        HTTP_ROUTE,
        "web",
        false,
        name,
        uid,
        "shop",
        "shop-r2",
        List.of(new Route.Place("rule 0", stableBefore, 100)));
  }
}
