package rollout.sim;

import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.port.ClusterException;

/** What the API server refuses: the rules that a release can break. */
final class Rules {
  private static final Pattern LABEL_NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern LABEL_KEY =
      Pattern.compile(
          "([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
  private static final Pattern LABEL_VALUE =
      Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");

  /** The API server reads a {@code MicroTime} with exactly six digits. */
  private static final DateTimeFormatter MICRO_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX");

  private static final int ANNOTATIONS_LIMIT = 256 * 1024;
  private static final int CONFIG_MAP_LIMIT = 1024 * 1024;

  private final Kind kind;
  private final Doc object;

  private Rules(Kind kind, Doc object) {
    this.kind = kind;
    this.object = object;
  }

  /**
   * Checks an object that is to be stored.
   *
   * @throws ClusterException.Invalid with the field and the reason
   */
  static void check(Kind kind, Doc object) {
    Rules rules = new Rules(kind, object);
    rules.metadata();
    if (kind.equals(Kind.SERVICE)) {
      rules.service();
    } else if (kind.equals(Kind.DEPLOYMENT) || kind.equals(Kind.REPLICA_SET)) {
      rules.workload();
    } else if (kind.equals(Kind.JOB)) {
      rules.containers("spec", "template", "spec");
    } else if (kind.equals(Kind.CONFIG_MAP)) {
      rules.configMap();
    } else if (kind.equals(Kind.LEASE)) {
      rules.lease();
    } else {
      RouteRules.check(kind, object);
    }
  }

  /** Checks that an update leaves alone what may not change. */
  static void checkChange(Kind kind, Doc before, Doc after) {
    Rules rules = new Rules(kind, after);
    if (kind.equals(Kind.DEPLOYMENT) || kind.equals(Kind.REPLICA_SET) || kind.equals(Kind.JOB)) {
      rules.immutable(before, "spec", "selector");
    }
    boolean held = before.isTrue("spec", "suspend") && !before.has("status", "startTime");
    if (kind.equals(Kind.JOB) && !held) {
      rules.immutable(before, "spec", "template");
    }
    if (kind.equals(Kind.SERVICE) && before.has("spec", "clusterIP")) {
      rules.immutable(before, "spec", "clusterIP");
    }
    if (before.isTrue("immutable")) {
      rules.immutable(before, "data");
    }
  }

  private void immutable(Doc before, String... path) {
    if (!Meta.same(before.value(path), object.value(path))) {
      throw invalid(String.join(".", path), "field is immutable");
    }
  }

  private void metadata() {
    String name = Meta.name(object);
    boolean label = kind.equals(Kind.SERVICE) || kind.equals(Kind.NAMESPACE);
    boolean good =
        label
            ? LABEL_NAME.matcher(name).matches()
            : name.length() <= 253 && SUBDOMAIN.matcher(name).matches();
    if (!good || (kind.equals(Kind.SERVICE) && Character.isDigit(name.charAt(0)))) {
      throw invalid("metadata.name", "\"" + name + "\" is no DNS-1123 name");
    }
    labels("metadata", "labels");
    int size = 0;
    for (Map.Entry<String, String> annotation : strings("metadata", "annotations").entrySet()) {
      key(annotation.getKey(), "metadata.annotations");
      size += annotation.getKey().length() + annotation.getValue().length();
    }
    if (size > ANNOTATIONS_LIMIT) {
      throw invalid("metadata.annotations", "Too long: may not be more than 262144 bytes");
    }
  }

  private void service() {
    labels("spec", "selector");
    boolean external = object.textOrEmpty("spec", "type").equals("ExternalName");
    boolean headless = object.textOrEmpty("spec", "clusterIP").equals("None");
    List<Doc> ports = object.docs("spec", "ports");
    if (ports.isEmpty() && !external && !headless) {
      throw invalid("spec.ports", "Required value");
    }
    for (Doc port : ports) {
      long number = port.number(0, "port");
      if (number < 1 || number > 65535) {
        throw invalid("spec.ports[0].port", "must be between 1 and 65535, inclusive");
      }
    }
  }

  private void workload() {
    if (object.number(0, "spec", "replicas") < 0) {
      throw invalid("spec.replicas", "must be greater than or equal to 0");
    }
    labels("spec", "template", "metadata", "labels");
    labels("spec", "selector", "matchLabels");
    Map<String, String> selector = object.texts("spec", "selector", "matchLabels");
    if (selector.isEmpty() && !object.has("spec", "selector", "matchExpressions")) {
      throw invalid("spec.selector", "Required value");
    }
    if (!Meta.carries(object.doc("spec", "template"), selector)) {
      throw invalid("spec.template.metadata.labels", "`selector` does not match template `labels`");
    }
    containers("spec", "template", "spec");
  }

  private void containers(String... at) {
    List<Doc> containers = object.doc(at).docs("containers");
    String field = String.join(".", at) + ".containers";
    if (containers.isEmpty()) {
      throw invalid(field, "Required value");
    }
    for (Doc container : containers) {
      if (!LABEL_NAME.matcher(container.textOrEmpty("name")).matches()) {
        throw invalid(field + ".name", "a lowercase RFC 1123 label is required");
      }
      if (container.textOrEmpty("image").isEmpty()) {
        throw invalid(field + ".image", "Required value");
      }
    }
    String policy = object.doc(at).textOrEmpty("restartPolicy");
    if (kind.equals(Kind.JOB) ? policy.equals("Always") : !policy.equals("Always")) {
      throw invalid(String.join(".", at) + ".restartPolicy", "Unsupported value: " + policy);
    }
  }

  private void configMap() {
    int size = 0;
    for (String value : strings("data").values()) {
      size += value.length();
    }
    if (size > CONFIG_MAP_LIMIT) {
      throw invalid("data", "Too long: must have at most 1048576 bytes");
    }
  }

  private void lease() {
    for (String field : List.of("renewTime", "acquireTime")) {
      String text = object.textOrEmpty("spec", field);
      try {
        if (!text.isEmpty()) {
          MICRO_TIME.parse(text);
        }
      } catch (DateTimeParseException e) {
        throw new ClusterException.Invalid("Lease spec." + field + ": no MicroTime: " + text);
      }
    }
    if (object.has("spec", "leaseDurationSeconds")
        && object.number(0, "spec", "leaseDurationSeconds") <= 0) {
      throw invalid("spec.leaseDurationSeconds", "must be greater than 0");
    }
  }

  private void labels(String... path) {
    strings(path)
        .forEach(
            (key, value) -> {
              key(key, String.join(".", path));
              if (!LABEL_VALUE.matcher(value).matches()) {
                throw invalid(String.join(".", path), "\"" + value + "\" is no label value");
              }
            });
  }

  private void key(String key, String field) {
    if (!LABEL_KEY.matcher(key).matches()) {
      throw invalid(field, "\"" + key + "\" is no qualified name");
    }
  }

  private Map<String, String> strings(String... path) {
    @Nullable Object there = object.value(path);
    if (there instanceof Map<?, ?> map) {
      for (Object value : map.values()) {
        if (!(value instanceof String)) {
          throw invalid(String.join(".", path), "cannot unmarshal " + value + " into a string");
        }
      }
    } else if (there != null) {
      throw invalid(String.join(".", path), "is no object");
    }
    return object.texts(path);
  }

  private ClusterException.Invalid invalid(String field, String reason) {
    return invalid(kind, object, field, reason);
  }

  static ClusterException.Invalid invalid(Kind kind, Doc object, String field, String reason) {
    return new ClusterException.Invalid(
        "%s \"%s\" is invalid: %s: %s".formatted(kind.kind(), Meta.name(object), field, reason));
  }
}
