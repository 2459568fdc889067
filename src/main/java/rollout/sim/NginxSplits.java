package rollout.sim;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Ref;

/**
 * What an Ingress says, with the one of the canary beside it: a canary counts for every Ingress
 * that sends to the same Service as the one whose host and path it has.
 */
final class NginxSplits {
  private static final String PREFIX = "nginx.ingress.kubernetes.io/";
  private static final long LEAST_TOTAL = 100;

  private final Objects objects;
  private final Request request;
  private final String namespace;

  private NginxSplits(Objects objects, Request request, String namespace) {
    this.objects = objects;
    this.request = request;
    this.namespace = namespace;
  }

  /** A place in an Ingress that names a Service. */
  private record Place(String host, String path, boolean exact, String service) {
    String where() {
      return host + " " + path;
    }
  }

  static Split split(Objects objects, Ref ref, Request request) {
    @Nullable Doc ingress = objects.get(ref);
    if (ingress == null || isCanary(ingress)) {
      return Split.none(404, ingress == null ? "no such route" : "a canary is no way in");
    }
    return new NginxSplits(objects, request, ref.namespace()).of(ingress);
  }

  private Split of(Doc ingress) {
    Optional<Place> place = place(ingress);
    if (place.isEmpty()) {
      return Split.none(404, "no rule fits");
    }
    String stable = place.get().service();
    Set<String> same = new HashSet<>();
    List<Doc> all = objects.list(RouteKinds.INGRESS, namespace);
    for (Doc one : all) {
      places(one).stream()
          .filter(there -> !isCanary(one) && there.service().equals(stable))
          .forEach(there -> same.add(there.where()));
    }
    for (Doc one : all) {
      for (Place there : isCanary(one) ? places(one) : List.<Place>of()) {
        if (same.contains(there.where())) {
          return divided(stable, there.service(), one);
        }
      }
    }
    return divided(stable, stable, Doc.EMPTY);
  }

  private Split divided(String stable, String canary, Doc of) {
    long total = Math.max(LEAST_TOTAL, number(of, "canary-weight-total"));
    long weight = Math.clamp(number(of, "canary-weight"), 0, total);
    String chosen = chosen(of);
    if (!chosen.isEmpty()) {
      weight = chosen.equals("always") ? total : 0;
    }
    List<Split.Backend> backends = new ArrayList<>();
    backends.add(backend(stable, total - weight));
    if (!of.isEmpty()) {
      backends.add(backend(canary, weight));
    }
    return Split.among(backends, Split.Empty.GOES_TO_THE_FIRST);
  }

  /** What a header or a cookie says ahead of the weight: always, never, or nothing. */
  private String chosen(Doc canary) {
    String header = request.header(annotation(canary, "canary-by-header"));
    String value = annotation(canary, "canary-by-header-value");
    if (value.isEmpty() ? header.equals("always") : header.equals(value)) {
      return "always";
    }
    if (value.isEmpty() && header.equals("never")) {
      return "never";
    }
    String said = request.cookie(annotation(canary, "canary-by-cookie"));
    return said.matches("always|never") ? said : "";
  }

  private Split.Backend backend(String service, long weight) {
    return new Split.Backend(new Ref(Kind.SERVICE, namespace, service), weight, true);
  }

  private Optional<Place> place(Doc ingress) {
    Optional<Place> best = Optional.empty();
    for (Place place : places(ingress)) {
      boolean fits =
          place.exact() ? request.path().equals(place.path()) : request.under(place.path());
      if (fits && best.map(one -> one.path().length() < place.path().length()).orElse(true)) {
        best = Optional.of(place);
      }
    }
    return best;
  }

  private static List<Place> places(Doc ingress) {
    List<Place> places = new ArrayList<>();
    for (Doc rule : ingress.docs("spec", "rules")) {
      for (Doc path : rule.docs("http", "paths")) {
        places.add(
            new Place(
                rule.textOrEmpty("host"),
                path.text("path").orElse("/"),
                path.textOrEmpty("pathType").equals("Exact"),
                path.textOrEmpty("backend", "service", "name")));
      }
    }
    return places;
  }

  private static boolean isCanary(Doc ingress) {
    return annotation(ingress, "canary").equals("true");
  }

  private static String annotation(Doc ingress, String name) {
    return ingress.textOrEmpty("metadata", "annotations", PREFIX + name);
  }

  /** A number that cannot be read is 0. */
  private static long number(Doc ingress, String name) {
    String text = annotation(ingress, name);
    return text.matches("\\d{1,9}") ? Long.parseLong(text) : 0;
  }
}
