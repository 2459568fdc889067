package rollout.router;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import rollout.document.Doc;
import rollout.model.Kind;

/** What the controllers of a Gateway API route's parents say of it. */
record Parents(Kind kind, Doc route, Landscape landscape) {
  /** What a person should know of some controllers, by the start of their names. */
  private static final Map<String, String> CONTROLLERS =
      Map.of(
          "networking.gke.io/", "takes minutes until requests follow a weight",
          "gateway.k8s.aws/", "takes minutes until requests follow a weight",
          "konghq.com/",
              "divides each weight by the number of pods, so shares are off while those differ",
          "gateway.envoyproxy.io/",
              "may answer 500 and 503 for a moment when a route changes under load",
          "gateway.nginx.org/", "may answer 500 for a moment when a route changes under load",
          "io.cilium/", "may answer 503 for a moment when a route changes under load");

  Ack ack() {
    List<Doc> live = live();
    if (live.isEmpty()) {
      return new Ack.Waiting(says() + ": none of its parents exists");
    }
    List<Ack> said = live.stream().map(this::ack).toList();
    return first(said, Ack.Refused.class)
        .or(() -> first(said, Ack.Waiting.class))
        .or(() -> first(said, Ack.Silent.class))
        .orElseGet(Ack.Seen::new);
  }

  private static Optional<Ack> first(List<Ack> said, Class<? extends Ack> type) {
    return said.stream().filter(type::isInstance).findFirst();
  }

  void judge(Reasons reasons) {
    if (live().isEmpty()) {
      reasons.refuse(
          says() + " has no Gateway: none of its parentRefs exists",
          "Name the object that requests come through: --route-name NAME.");
      return;
    }
    switch (ack()) {
      case Ack.Refused(String why) ->
          reasons.refuse(why, "Bring it in order first; kubectl describe shows its status.");
      case Ack.Waiting(String why) -> {
        // Of one that is not there yet nobody can have said anything.
        if (route.has("metadata", "uid")) {
          reasons.warn(why);
        }
      }
      case Ack.Silent() ->
          reasons.warn(says() + ": its controller does not say which generation it has read");
      case Ack.Seen() -> {}
    }
    live().stream()
        .flatMap(parent -> controller(parent).stream())
        .distinct()
        .forEach(
            name ->
                CONTROLLERS.forEach(
                    (start, what) -> {
                      if (name.startsWith(start)) {
                        reasons.warn(says() + ": its controller " + name + " " + what);
                      }
                    }));
  }

  private String says() {
    return kind + " " + route.textOrEmpty("metadata", "name");
  }

  /** The parents that exist: what was said by those that are gone stays in the status. */
  private List<Doc> live() {
    return route.docs("spec", "parentRefs").stream()
        .filter(
            parent ->
                !isGateway(parent)
                    || !landscape.serves(RouteKinds.GATEWAY)
                    || gateway(parent).isPresent())
        .toList();
  }

  private boolean isGateway(Doc parent) {
    return group(parent).equals(kind.group()) && kind(parent).equals("Gateway");
  }

  private Optional<Doc> gateway(Doc parent) {
    return isGateway(parent)
        ? landscape.of(RouteKinds.GATEWAY).stream()
            .filter(one -> one.textOrEmpty("metadata", "name").equals(parent.textOrEmpty("name")))
            .filter(one -> one.textOrEmpty("metadata", "namespace").equals(namespace(parent)))
            .findFirst()
        : Optional.empty();
  }

  private Optional<String> controller(Doc parent) {
    String gatewayClass =
        gateway(parent).map(one -> one.textOrEmpty("spec", "gatewayClassName")).orElse("");
    return landscape.of(RouteKinds.GATEWAY_CLASS).stream()
        .filter(one -> one.textOrEmpty("metadata", "name").equals(gatewayClass))
        .flatMap(one -> one.text("spec", "controllerName").stream())
        .findFirst();
  }

  private Ack ack(Doc parent) {
    Optional<String> controller = controller(parent);
    List<Ack> said =
        route.docs("status", "parents").stream()
            .filter(entry -> isSame(entry.doc("parentRef"), parent))
            .filter(
                entry ->
                    controller.isEmpty()
                        || controller.get().equals(entry.textOrEmpty("controllerName")))
            .map(
                entry ->
                    said(entry, says() + ", " + kind(parent) + " " + parent.textOrEmpty("name")))
            .toList();
    // Where the controller is not known, an entry may be one of a dead one: the best one counts.
    return first(said, Ack.Refused.class)
        .or(() -> first(said, Ack.Seen.class))
        .or(() -> said.stream().findFirst())
        .orElseGet(
            () ->
                new Ack.Waiting(
                    says()
                        + ": no controller has said anything for "
                        + kind(parent)
                        + " "
                        + parent.textOrEmpty("name")));
  }

  private Ack said(Doc entry, String where) {
    Doc partly = condition(entry, "PartiallyInvalid");
    if (isOurs(partly) && is(partly, "True")) {
      return new Ack.Refused(where + ": PartiallyInvalid, " + why(partly));
    }
    List<Doc> both = Stream.of("Accepted", "ResolvedRefs").map(t -> condition(entry, t)).toList();
    for (Doc one : both) {
      if (isOurs(one) && is(one, "False")) {
        return new Ack.Refused(where + ": not " + one.textOrEmpty("type") + ", " + why(one));
      }
    }
    if (both.stream().anyMatch(one -> one.isEmpty() || !is(one, "True"))) {
      return new Ack.Waiting(where + ": not accepted yet");
    }
    if (both.stream().noneMatch(one -> one.has("observedGeneration"))) {
      return new Ack.Silent();
    }
    return both.stream().allMatch(this::isOurs)
        ? new Ack.Seen()
        : new Ack.Waiting(
            where + ": its controller has not read generation " + generation() + " yet");
  }

  private boolean isOurs(Doc condition) {
    return condition.number(-1, "observedGeneration") >= generation();
  }

  private long generation() {
    return route.number(0, "metadata", "generation");
  }

  private static boolean is(Doc condition, String status) {
    return condition.textOrEmpty("status").equals(status);
  }

  private static String why(Doc condition) {
    return condition.textOrEmpty("reason") + ": " + condition.textOrEmpty("message");
  }

  private static Doc condition(Doc entry, String type) {
    return entry.docs("conditions").stream()
        .filter(one -> one.textOrEmpty("type").equals(type))
        .findFirst()
        .orElse(Doc.EMPTY);
  }

  private boolean isSame(Doc one, Doc other) {
    return group(one).equals(group(other))
        && kind(one).equals(kind(other))
        && namespace(one).equals(namespace(other))
        && Stream.of("name", "sectionName", "port")
            .allMatch(
                member ->
                    Doc.of(member, String.valueOf(one.value(member)))
                        .equals(Doc.of(member, String.valueOf(other.value(member)))));
  }

  private String group(Doc parent) {
    return parent.text("group").orElse(kind.group());
  }

  private static String kind(Doc parent) {
    return parent.text("kind").orElse("Gateway");
  }

  private String namespace(Doc parent) {
    return parent
        .text("namespace")
        .orElse(route.text("metadata", "namespace").orElse(landscape.namespace()));
  }
}
