package rollout.plan;

import java.util.ArrayList;
import java.util.List;
import rollout.document.Doc;
import rollout.model.Hashes;
import rollout.model.Marks;
import rollout.model.Service;
import rollout.router.Route;
import rollout.router.Router;
import rollout.router.Routers;

/** What a canary with routes makes beside the candidate: its own Service, and a router's object. */
final class Beside {
  private Beside() {}

  static List<Doc> of(Release release, Service target, Survey survey) {
    List<Doc> all = new ArrayList<>();
    List<Route> routes = release.routes();
    if (routes.isEmpty()) {
      return all;
    }
    all.add(
        hashed(
            Made.preview(
                target,
                routes.getFirst().candidate(),
                release.revision(),
                release.target().candidate())));
    for (Route route : routes) {
      Router router = Routers.of(route.router()).orElseThrow();
      survey.landscape().orElseThrow().of(route.kind()).stream()
          .filter(doc -> doc.textOrEmpty("metadata", "name").equals(router.original(route)))
          .findFirst()
          .flatMap(original -> router.made(original, route))
          .map(made -> marked(made, release))
          .ifPresent(all::add);
    }
    return all;
  }

  private static Doc marked(Doc made, Release release) {
    Doc labelled = made;
    for (var label : Made.marks(release.target().name(), release.revision()).entrySet()) {
      labelled = labelled.with(label.getValue(), "metadata", "labels", label.getKey());
    }
    return hashed(labelled);
  }

  private static Doc hashed(Doc body) {
    return body.with(Hashes.of(body.doc("spec")), "metadata", "annotations", Marks.SPEC_HASH);
  }
}
