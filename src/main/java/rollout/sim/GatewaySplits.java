package rollout.sim;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.Ref;

/** What an HTTPRoute or a GRPCRoute says. */
final class GatewaySplits {
  /** Which of the matches that fit counts: by the order of the specification. */
  private static final Comparator<Fit> ORDER =
      Comparator.comparing(Fit::exact)
          .thenComparing(Fit::length)
          .thenComparing(Fit::method)
          .thenComparing(Fit::headers)
          .thenComparing(fit -> -fit.place());

  private GatewaySplits() {}

  /** A match that fits a request. */
  private record Fit(Doc rule, int place, boolean exact, int length, boolean method, int headers) {}

  static Split split(Objects objects, Ref ref, Request request) {
    @Nullable Doc route = objects.get(ref);
    GatewayRefs refs = new GatewayRefs(objects);
    if (route == null || refs.parents(route).isEmpty()) {
      return Split.none(404, route == null ? "no such route" : "no Gateway has it");
    }
    @Nullable Doc rule = rule(route, request);
    if (rule == null) {
      return Split.none(404, "no rule fits");
    }
    List<Split.Backend> backends = new ArrayList<>();
    for (Doc backend : rule.docs("backendRefs")) {
      Ref service = GatewayRefs.service(route, backend);
      boolean may = GatewayRefs.isService(backend) && refs.permitted(ref.kind(), route, service);
      backends.add(new Split.Backend(service, backend.number(1, "weight"), may));
    }
    return backends.isEmpty()
        ? Split.none(500, "no backends")
        : Split.among(backends, Split.Empty.FAILS_ITS_SHARE);
  }

  private static @Nullable Doc rule(Doc route, Request request) {
    List<Doc> rules = route.docs("spec", "rules");
    List<Fit> fits = new ArrayList<>();
    for (int i = 0; i < rules.size(); i++) {
      List<Doc> matches = rules.get(i).docs("matches");
      for (Doc match : matches.isEmpty() ? List.of(Doc.EMPTY) : matches) {
        if (fits(match, request)) {
          fits.add(fit(rules.get(i), i, match));
        }
      }
    }
    return fits.stream().max(ORDER).map(Fit::rule).orElse(null);
  }

  private static Fit fit(Doc rule, int place, Doc match) {
    return new Fit(
        rule,
        place,
        match.textOrEmpty("path", "type").equals("Exact"),
        match.textOrEmpty("path", "value").length(),
        match.has("method"),
        match.docs("headers").size());
  }

  private static boolean fits(Doc match, Request request) {
    return path(match, request)
        && (match.textOrEmpty("method").isEmpty() || match.textOrEmpty("method").equals("GET"))
        && match.docs("queryParams").isEmpty()
        && match.docs("headers").stream().allMatch(header -> header(header, request));
  }

  private static boolean path(Doc match, Request request) {
    String value = match.text("path", "value").orElse("/");
    return switch (match.textOrEmpty("path", "type")) {
      case "Exact" -> request.path().equals(value);
      case "RegularExpression" -> Pattern.matches(value, request.path());
      default -> request.under(value);
    };
  }

  private static boolean header(Doc header, Request request) {
    String value = request.header(header.textOrEmpty("name"));
    String wanted = header.textOrEmpty("value");
    return header.textOrEmpty("type").equals("RegularExpression")
        ? Pattern.matches(wanted, value)
        : value.equals(wanted);
  }
}
