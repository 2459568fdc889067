package rollout.notify;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rollout.document.Doc;
import rollout.model.Secrets;
import rollout.model.Told;
import rollout.strategy.News;

/**
 * A notice as incoming webhooks of Slack take it: one line, and an attachment with the event's own
 * sentence. Attachments rather than blocks, since Mattermost, Rocket.Chat and Discord read them
 * too.
 */
final class SlackMessage {
  static final String CONTENT_TYPE = "application/json; charset=utf-8";

  /** Slack folds longer texts, and refuses far longer ones. */
  private static final int MOST_LETTERS = 2_000;

  private SlackMessage() {}

  static String json(Notice notice) {
    Told told = notice.told();
    String says = text(told.event().message());
    Map<String, Object> attachment = new LinkedHashMap<>();
    attachment.put("color", colour(notice.news()));
    attachment.put("fallback", says);
    attachment.put("text", says);
    String traffic = text(told.event().fields().textOrEmpty("traffic"));
    if (!traffic.isEmpty() && !says.contains(traffic)) {
      attachment.put("footer", "Traffic: " + traffic);
    }
    return Doc.of("text", headline(notice), "attachments", List.of(attachment)).json();
  }

  private static String headline(Notice notice) {
    Told told = notice.told();
    String revision = told.revision() == 0 ? "" : ", revision " + told.revision();
    return "*%s* in %s%s: %s"
        .formatted(text(told.service()), text(told.namespace()), revision, words(notice.news()));
  }

  private static String words(News news) {
    return switch (news) {
      case STARTED -> "the release has begun";
      case WAITING -> "waits for a person";
      case PASSED -> "goes on";
      case SHIFTED -> "traffic has moved";
      case GOING_BACK -> "goes back";
      case ROLLED_BACK -> "rolled back";
      case DONE -> "done";
      case FAILED -> "failed";
    };
  }

  private static String colour(News news) {
    return switch (news) {
      case STARTED, PASSED, SHIFTED -> "#439fe0";
      case WAITING -> "warning";
      case DONE -> "good";
      case GOING_BACK, ROLLED_BACK, FAILED -> "danger";
    };
  }

  /** Without what Slack would take for a link, a mention or a command to everybody in the room. */
  private static String text(String message) {
    String plain = Secrets.withoutLogins(message);
    String cut =
        plain.length() <= MOST_LETTERS ? plain : plain.substring(0, MOST_LETTERS - 1) + "…";
    return cut.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
