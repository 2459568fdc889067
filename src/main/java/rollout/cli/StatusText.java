package rollout.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import rollout.core.Status;
import rollout.document.Doc;

/** A status for people, and as one JSON object. */
record StatusText(Status status) {
  void print(PrintWriter out) {
    String revision = status.revision() == 0 ? "" : ", revision " + status.revision();
    out.println(
        status.service()
            + " in "
            + status.namespace()
            + ": "
            + status.state().replace('-', ' ')
            + revision);
    line("since", status.since().map(StatusText::seconds).orElse(""), out);
    line("reason", status.reason(), out);
    line("phase", status.phase(), out);
    line("step", status.step(), out);
    line("stable", status.stable(), out);
    line("candidate", status.candidate(), out);
    line("driver", status.driver().map(this::driver).orElse(""), out);
    status.details().forEach(detail -> line("", detail, out));
    line("traffic", status.traffic(), out);
  }

  private static String seconds(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private String driver(String who) {
    return who + (status.driverAlive() ? "" : "; it gives no sign of life");
  }

  private static void line(String name, String text, PrintWriter out) {
    if (!text.isEmpty()) {
      out.println("  " + name + " ".repeat(11 - name.length()) + text);
    }
  }

  String json() {
    return Doc.of(
            "type", "status",
            "target", status.service(),
            "namespace", status.namespace(),
            "state", status.state(),
            "exitCode", ExitCode.of(status).number(),
            "revision", status.revision(),
            "phase", status.phase(),
            "step", status.step(),
            "stable", status.stable(),
            "candidate", status.candidate(),
            "traffic", status.traffic(),
            "driver", status.driver().orElse(""),
            "driverAlive", status.driverAlive(),
            "since", status.since().map(Object::toString).orElse(""),
            "reason", status.reason(),
            "details", status.details())
        .json();
  }
}
