package rollout.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Ref;

/** What a VirtualService says of HTTP. Subsets are not told apart. */
final class IstioSplits {
  private IstioSplits() {}

  static Split split(Objects objects, Ref ref, Request request) {
    @Nullable Doc object = objects.get(ref);
    if (object == null) {
      return Split.none(404, "no such route");
    }
    for (Doc rule : object.docs("spec", "http")) {
      List<Doc> matches = rule.docs("match");
      if (matches.isEmpty() || matches.stream().anyMatch(match -> fits(match, request))) {
        return divided(ref.namespace(), rule.docs("route"));
      }
    }
    return Split.none(404, "no rule fits");
  }

  private static Split divided(String namespace, List<Doc> routes) {
    List<Split.Backend> backends = new ArrayList<>();
    for (Doc route : routes) {
      // One alone gets all, whatever its weight; a missing weight among several is 0.
      long weight = routes.size() == 1 ? 1 : route.number(0, "weight");
      Ref service = service(namespace, route.textOrEmpty("destination", "host"));
      backends.add(new Split.Backend(service, weight, true));
    }
    return Split.among(backends, Split.Empty.IS_UNAVAILABLE);
  }

  /** A host is a name, or one with its namespace, or the whole name in the cluster's DNS. */
  private static Ref service(String namespace, String host) {
    String[] parts = host.split("\\.", -1);
    return new Ref(Kind.SERVICE, parts.length > 1 ? parts[1] : namespace, parts[0]);
  }

  private static boolean fits(Doc match, Request request) {
    boolean path = !match.has("uri") || text(match.doc("uri"), request.path());
    for (Map.Entry<String, @Nullable Object> header : match.doc("headers").members().entrySet()) {
      String value = request.header(header.getKey());
      path &= !value.isEmpty() && text(match.doc("headers", header.getKey()), value);
    }
    return path;
  }

  private static boolean text(Doc wanted, String text) {
    return text.equals(wanted.text("exact").orElse(text))
        && text.startsWith(wanted.textOrEmpty("prefix"))
        && (!wanted.has("regex") || Pattern.matches(wanted.textOrEmpty("regex"), text));
  }
}
