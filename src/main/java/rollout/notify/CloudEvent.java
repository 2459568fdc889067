package rollout.notify;

import rollout.document.Doc;
import rollout.model.Secrets;
import rollout.model.Told;

/**
 * A notice as a CloudEvent 1.0 in structured mode. Its data is the object that {@code -o json}
 * writes.
 *
 * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md">CloudEvents
 *     1.0</a>
 */
final class CloudEvent {
  static final String CONTENT_TYPE = "application/cloudevents+json; charset=utf-8";

  private CloudEvent() {}

  static String json(Notice notice) {
    Told told = notice.told();
    Doc event =
        Doc.of(
            "specversion",
            "1.0",
            "id",
            notice.id(),
            "source",
            "/namespaces/%s/services/%s".formatted(told.namespace(), told.service()),
            "type",
            "rollout." + notice.news().word(),
            "subject",
            told.service(),
            "time",
            told.time(),
            "datacontenttype",
            "application/json",
            "data",
            told.doc().members());
    return Secrets.withoutLoginsInJson(event.json());
  }
}
