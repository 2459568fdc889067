package rollout.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Collectors;
import rollout.demo.Viewer;
import rollout.port.Progress;

/**
 * Shows where the requests go: on a terminal in a last line that stands still, elsewhere in a line
 * now and then.
 */
final class DemoView implements Viewer {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);
  private static final int WIDTH = 24;
  private static final int QUIET_SECONDS = 10;
  private static final String CLEAR = "\r\u001b[K";

  private final PrintWriter out;
  private final boolean terminal;
  private String line = "";
  private String shares = "";
  private long toldAt = -QUIET_SECONDS;
  private long requests;
  private long errors;
  private long lost;

  DemoView(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** The same teller, whose lines go above the last one. */
  Progress above(Progress progress) {
    return event -> {
      clear();
      progress.tell(event);
      draw();
    };
  }

  @Override
  public void happens(String what) {
    clear();
    out.println("          -------   " + what);
    draw();
  }

  @Override
  public void second(Second second) {
    second.flows().forEach(flow -> requests += flow.requests());
    second.flows().forEach(flow -> errors += flow.errors());
    lost += second.lost();
    line = text(second);
    if (terminal) {
      clear();
      draw();
      return;
    }
    String now = percents(second.flows()) + (second.lost() > 0 ? " lost" : "");
    long at = second.at().getEpochSecond();
    if (!now.equals(shares) || at - toldAt >= QUIET_SECONDS) {
      shares = now;
      toldAt = at;
      out.println(line);
      out.flush();
    }
  }

  /** The last words: all requests, and what became of them. */
  void end() {
    clear();
    out.println(
        requests
            + " requests: "
            + lost
            + " lost, "
            + errors
            + " answered with an error by the version that they went to");
    out.flush();
  }

  private void clear() {
    if (terminal && !line.isEmpty()) {
      out.print(CLEAR);
      out.flush();
    }
  }

  private void draw() {
    if (terminal) {
      out.print(line);
    }
    out.flush();
  }

  private static String text(Second second) {
    return time(second.at())
        + "  "
        + bar(second.flows())
        + "  "
        + second.flows().stream().map(DemoView::flow).collect(Collectors.joining(", "))
        + (second.lost() > 0 ? ", " + second.lost() + " lost" : "")
        + (second.next().isEmpty() ? "" : "   next: " + second.next());
  }

  private static String flow(Flow flow) {
    return flow.version()
        + " "
        + flow.requests()
        + "/s"
        + (flow.errors() > 0 ? " (" + flow.errors() + " errors)" : "");
  }

  private static String time(Instant at) {
    return TIME.format(at) + "  traffic ";
  }

  private static long all(List<Flow> flows) {
    return flows.stream().mapToLong(Flow::requests).sum();
  }

  private static String percents(List<Flow> flows) {
    long all = Math.max(1, all(flows));
    return flows.stream()
        .map(flow -> flow.version() + " " + Math.round(10.0 * flow.requests() / all))
        .collect(Collectors.joining(" "));
  }

  /** The version that served before is full, the other one hollow. */
  private static String bar(List<Flow> flows) {
    long all = all(flows);
    if (all == 0) {
      return "[" + " ".repeat(WIDTH) + "]";
    }
    int old = (int) Math.round((double) WIDTH * flows.getFirst().requests() / all);
    return "[" + "\u2588".repeat(old) + "\u2591".repeat(WIDTH - old) + "]";
  }
}
