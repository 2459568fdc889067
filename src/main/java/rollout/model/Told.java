package rollout.model;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;

/**
 * An event as programs get it.
 *
 * @param at when it was told
 * @param service the target; empty when there is none
 * @param namespace empty when it is not known
 * @param revision 0 before it is known
 * @param seq counts the events of a process from 1
 */
public record Told(
    Instant at, String service, String namespace, long revision, long seq, Event event) {
  private static final DateTimeFormatter RFC_3339 =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  /** When, in UTC and milliseconds. */
  public String time() {
    return RFC_3339.format(at);
  }

  /** The object that {@code -o json} writes as one line. */
  public Doc doc() {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("time", time());
    members.put("target", service);
    members.put("namespace", namespace);
    members.put("revision", revision);
    members.put("seq", seq);
    members.put("type", event.type());
    members.put("phase", event.phase().word());
    members.put("message", event.message());
    event.fields().members().forEach(members::putIfAbsent);
    return Doc.of(members);
  }

  /** The event of such a line, with the revision among its fields; empty: this is none. */
  public static Optional<Event> event(String line) {
    if (!line.startsWith("{")) {
      return Optional.empty();
    }
    Doc read;
    try {
      read = Doc.parse(line);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    String type = read.textOrEmpty("type");
    Doc fields = read;
    for (String own : List.of("time", "target", "namespace", "seq", "type", "phase", "message")) {
      fields = fields.without(own);
    }
    Doc rest = fields;
    return Phase.of(read.textOrEmpty("phase"))
        .filter(phase -> !type.isEmpty())
        .map(phase -> new Event(type, phase, read.textOrEmpty("message"), rest));
  }
}
