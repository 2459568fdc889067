package rollout.sim;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Ref;

/** What an IngressRoute or a TraefikService says. */
final class TraefikSplits {
  private static final int DEEPEST = 8;
  private static final Pattern CALL = Pattern.compile("(!?)(\\w+)\\(((?:\\s*`[^`]*`\\s*,?)*)\\)");
  private static final Pattern ARGUMENT = Pattern.compile("`([^`]*)`");

  private final Objects objects;
  private final String namespace;
  private final List<Split.Backend> backends = new ArrayList<>();
  private String missing = "";

  private TraefikSplits(Objects objects, String namespace) {
    this.objects = objects;
    this.namespace = namespace;
  }

  static Split split(Objects objects, Ref ref, Request request) {
    @Nullable Doc object = objects.get(ref);
    if (object == null) {
      return Split.none(404, "no such route");
    }
    TraefikSplits splits = new TraefikSplits(objects, ref.namespace());
    if (ref.kind().equals(RouteKinds.TRAEFIK_SERVICE)) {
      splits.add(object.docs("spec", "weighted", "services"), 1, 0);
    } else {
      @Nullable Doc route = route(object, request);
      if (route == null) {
        return Split.none(404, "no rule fits");
      }
      // One alone is no weighted service to this router: its weight is not read.
      List<Doc> services = route.docs("services");
      splits.add(
          services.size() == 1 ? List.of(services.getFirst().without("weight")) : services, 1, 0);
    }
    if (!splits.missing.isEmpty() || splits.backends.isEmpty()) {
      return Split.none(404, splits.missing.isEmpty() ? "no services" : splits.missing);
    }
    return Split.among(splits.backends, Split.Empty.FAILS_EVERYBODY);
  }

  private void add(List<Doc> services, double of, int depth) {
    double total = services.stream().mapToDouble(one -> Math.max(0, one.number(1, "weight"))).sum();
    for (Doc service : services) {
      double weight = total > 0 ? of * Math.max(0, service.number(1, "weight")) / total : 0;
      Ref ref = new Ref(Kind.SERVICE, namespace, service.textOrEmpty("name"));
      if (!service.text("namespace").orElse(namespace).equals(namespace)) {
        missing = ref + " is in another namespace";
      } else if (service.textOrEmpty("kind").equals("TraefikService")) {
        nested(ref.name(), weight, depth);
      } else {
        backends.add(new Split.Backend(ref, weight, true));
      }
    }
  }

  private void nested(String name, double weight, int depth) {
    @Nullable Doc there = objects.get(new Ref(RouteKinds.TRAEFIK_SERVICE, namespace, name));
    if (there == null || depth > DEEPEST) {
      missing = "no TraefikService " + name;
    } else {
      add(there.docs("spec", "weighted", "services"), weight, depth + 1);
    }
  }

  /** The longest rule that fits counts, when none has a priority. */
  private static @Nullable Doc route(Doc object, Request request) {
    return object.docs("spec", "routes").stream()
        .filter(route -> fits(route.textOrEmpty("match"), request))
        .max(Comparator.comparing(TraefikSplits::priority))
        .orElse(null);
  }

  private static long priority(Doc route) {
    long set = route.number(0, "priority");
    return set != 0 ? set : route.textOrEmpty("match").length();
  }

  private static boolean fits(String rule, Request request) {
    for (String part : rule.split("&&", -1)) {
      boolean any = false;
      Matcher calls = CALL.matcher(part);
      while (calls.find()) {
        List<String> arguments =
            ARGUMENT.matcher(calls.group(3)).results().map(one -> one.group(1)).toList();
        any |= fits(calls.group(2), arguments, request) == calls.group(1).isEmpty();
      }
      if (!any) {
        return false;
      }
    }
    return true;
  }

  private static boolean fits(String call, List<String> arguments, Request request) {
    String first = arguments.isEmpty() ? "" : arguments.getFirst();
    String last = arguments.isEmpty() ? "" : arguments.getLast();
    return switch (call) {
      case "Host" -> true;
      case "PathPrefix" -> request.path().startsWith(first);
      case "Path" -> request.path().equals(first);
      case "Header" -> request.header(first).equals(last);
      case "HeaderRegexp" -> Pattern.compile(last).matcher(request.header(first)).find();
      default -> false;
    };
  }
}
