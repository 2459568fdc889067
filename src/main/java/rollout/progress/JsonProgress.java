package rollout.progress;

import java.io.PrintWriter;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Secrets;
import rollout.port.Progress;

/** Events for programs: one JSON object a line, flushed each. May be told from several threads. */
public final class JsonProgress implements Progress {
  private static final DateTimeFormatter RFC_3339 =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
  private final Target target;
  private final InstantSource clock;
  private final PrintWriter out;
  private long seq;
  private long revision;

  /** Writes to {@code out}, which nobody else writes to. */
  public JsonProgress(Target target, InstantSource clock, PrintWriter out) {
    this.target = target;
    this.clock = clock;
    this.out = out;
  }

  @Override
  public synchronized void tell(Event event) {
    // The revision is known only once the journal has been read; from then on each event has it.
    revision = event.fields().number(revision, "revision");
    Map<String, @Nullable Object> line = new LinkedHashMap<>();
    line.put("time", RFC_3339.format(clock.instant()));
    line.put("target", target.service());
    line.put("namespace", target.namespace());
    line.put("revision", revision);
    line.put("seq", ++seq);
    line.put("type", event.type());
    line.put("phase", event.phase().word());
    line.put("message", event.message());
    event.fields().members().forEach(line::putIfAbsent);
    out.print(Secrets.withoutLoginsInJson(Doc.of(line).json()) + "\n");
    out.flush();
  }
}
