package rollout.progress;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import rollout.model.Event;
import rollout.model.Secrets;
import rollout.port.Progress;

/**
 * Events for people: {@code 10:42:07 bake errors 0.2 % of 512 requests (allowed 1 %) pass}. A check
 * that says the same again is shown every ten seconds only. May be told from several threads.
 */
public final class TextProgress implements Progress {
  private static final Duration REPEAT = Duration.ofSeconds(10);
  private static final int PHASE_WIDTH = 10;
  private static final String WAITING = "waiting";
  private final PrintWriter out;
  private final InstantSource clock;
  private final DateTimeFormatter time;
  private final boolean colour;
  private final Map<String, Said> said = new HashMap<>();

  private record Said(String verdict, Instant at) {}

  private enum Colour {
    NONE(""),
    BOLD("1"),
    DIM("2"),
    RED("31"),
    GREEN("32"),
    YELLOW("33");

    private final String code;

    Colour(String code) {
      this.code = code;
    }

    private String paint(String text) {
      return this == NONE ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
    }
  }

  /**
   * Writes to {@code out}.
   *
   * @param colour whether {@code out} understands colours and wants them
   */
  public TextProgress(PrintWriter out, InstantSource clock, ZoneId zone, boolean colour) {
    this.out = out;
    this.clock = clock;
    this.time = DateTimeFormatter.ofPattern("HH:mm:ss").withZone(zone);
    this.colour = colour;
  }

  @Override
  public synchronized void tell(Event event) {
    Instant now = clock.instant();
    if (!worthSaying(event, now)) {
      return;
    }
    String head = time.format(now) + "  " + pad(event.phase().word());
    Colour wanted = colourOf(event);
    String words = Secrets.withoutLogins(besideLog(event));
    for (String line : words.isEmpty() ? new String[0] : words.split("\n", -1)) {
      out.print(head + (colour ? wanted.paint(line) : line) + "\n");
    }
    event
        .fields()
        .textList("log")
        .forEach(line -> out.print("    | " + Secrets.withoutLogins(line) + "\n"));
    if (event.type().equals(Event.RESULT) && !saysTraffic(event)) {
      String traffic = "Traffic: " + Secrets.withoutLogins(event.fields().textOrEmpty("traffic"));
      out.print((colour ? Colour.BOLD.paint(traffic) : traffic) + "\n");
    }
    out.flush();
  }

  private static boolean saysTraffic(Event event) {
    return event.message().contains(event.fields().textOrEmpty("traffic"));
  }

  /** A step's end says that it began; what goes on as before is said now and then. */
  private boolean worthSaying(Event event, Instant now) {
    return switch (event.type()) {
      case Event.STEP_STARTED -> {
        said.remove(WAITING);
        yield false;
      }
      case Event.CHECK ->
          isNews(event.fields().textOrEmpty("name"), event.fields().textOrEmpty("verdict"), now);
      case Event.NOTE -> !event.fields().isTrue("waiting") || isNews(WAITING, "", now);
      default -> true;
    };
  }

  private boolean isNews(String what, String verdict, Instant now) {
    @Nullable Said last = said.get(what);
    if (last != null
        && last.verdict().equals(verdict)
        && Duration.between(last.at(), now).compareTo(REPEAT) < 0) {
      return false;
    }
    said.put(what, new Said(verdict, now));
    return true;
  }

  /** The words without the log at their end, which is shown as such. */
  private static String besideLog(Event event) {
    String words = words(event);
    String log = String.join("\n", event.fields().textList("log"));
    return log.isEmpty() || !words.endsWith(log)
        ? words
        : words.substring(0, words.length() - log.length()).stripTrailing();
  }

  private static String words(Event event) {
    String verdict = event.fields().textOrEmpty("verdict");
    boolean said = verdict.isEmpty() || event.message().contains(verdict);
    return said ? event.message() : event.message() + "  " + verdict;
  }

  private static String pad(String phase) {
    return phase + " ".repeat(Math.max(1, PHASE_WIDTH - phase.length()));
  }

  private static Colour colourOf(Event event) {
    return switch (event.type()) {
      case Event.CHECK -> colourOf(event.fields().textOrEmpty("verdict"));
      case Event.ROLLBACK, Event.STEP_FAILED -> Colour.RED;
      case Event.NOTE, Event.GATE -> Colour.YELLOW;
      case Event.STEP_DONE, Event.TRAFFIC -> Colour.GREEN;
      case Event.WRITE -> Colour.DIM;
      case Event.RESULT -> event.fields().number(1, "exitCode") == 0 ? Colour.GREEN : Colour.RED;
      default -> Colour.NONE;
    };
  }

  private static Colour colourOf(String verdict) {
    return switch (verdict) {
      case "pass" -> Colour.GREEN;
      case "fail" -> Colour.RED;
      default -> Colour.YELLOW;
    };
  }
}
