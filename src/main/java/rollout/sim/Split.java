package rollout.sim;

import java.util.List;
import rollout.model.Ref;

/**
 * How the requests of a route are divided by what a router has taken in.
 *
 * @param empty what an empty backend does
 * @param code that all requests are answered with; 0: they are divided
 * @param why all of them are
 */
record Split(List<Backend> backends, Empty empty, int code, String why) {
  Split {
    backends = List.copyOf(backends);
  }

  /**
   * One of the Services.
   *
   * @param permitted false: the router may not send there
   */
  record Backend(Ref service, double weight, boolean permitted) {}

  /** What a backend without pods does; measured on real routers. */
  enum Empty {
    /** Its share fails with 503; with 500 where there is no such Service. */
    FAILS_ITS_SHARE,
    /** Its share fails with 503, whether or not there is such a Service. */
    IS_UNAVAILABLE,
    /** Everybody is answered 404 as long as it is listed, at weight 0 too. */
    FAILS_EVERYBODY,
    /** The first one gets the share of the second. */
    GOES_TO_THE_FIRST
  }

  static Split none(int code, String why) {
    return new Split(List.of(), Empty.FAILS_ITS_SHARE, code, why);
  }

  static Split among(List<Backend> backends, Empty empty) {
    return new Split(backends, empty, 0, "");
  }

  /** The same Services, each with the same weight. */
  Split even() {
    return new Split(
        backends.stream().map(one -> new Backend(one.service(), 1, one.permitted())).toList(),
        empty,
        code,
        why);
  }

  double total() {
    return backends.stream().mapToDouble(Backend::weight).sum();
  }

  /** The share of a Service by the weights, 0 to 1. */
  double share(String service) {
    double mine =
        backends.stream()
            .filter(one -> one.service().name().equals(service))
            .mapToDouble(Backend::weight)
            .sum();
    return total() > 0 ? mine / total() : 0;
  }
}
