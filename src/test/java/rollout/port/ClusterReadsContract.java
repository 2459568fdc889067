package rollout.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Query;

/** How lists are read, and what the server says of itself. */
abstract class ClusterReadsContract extends ClusterRoutesContract {
  @Test
  void listsByLabelByNameAndAll() {
    Doc one = create(Kind.CONFIG_MAP, configMap(name + "-1", Map.of()));
    Doc two = create(Kind.CONFIG_MAP, configMap(name + "-2", Map.of()));
    Doc other =
        create(
            Kind.CONFIG_MAP,
            configMap(name + "-3", Map.of())
                .with(Map.of("test", "x" + name), "metadata", "labels"));

    assertThat(uids(labelled(Kind.CONFIG_MAP, Map.of("test", name))))
        .containsExactlyInAnyOrder(uid(one), uid(two));
    assertThat(cluster().list(Query.named(ref(Kind.CONFIG_MAP, name + "-2"))))
        .extracting(ClusterStage::uid)
        .containsExactly(uid(two));
    assertThat(uids(cluster().list(Query.all(Kind.CONFIG_MAP, namespace()))))
        .contains(uid(one), uid(two), uid(other));
    assertThat(uids(cluster().list(Query.labelled(Kind.CONFIG_MAP, "", Map.of("test", name)))))
        .as("in all namespaces")
        .containsExactlyInAnyOrder(uid(one), uid(two));
  }

  @Test
  void listedObjectsSayTheirKind() {
    create(Kind.SERVICE, service(name, Map.of("app", name), 80));

    assertThat(labelled(Kind.SERVICE, Map.of("test", name)))
        .singleElement()
        .isEqualTo(read(ref(Kind.SERVICE, name)));
  }

  @Test
  void listsAllPages() {
    for (int i = 0; i < 505; i++) {
      create(Kind.CONFIG_MAP, configMap(name + "-" + i, Map.of()));
    }

    assertThat(uids(labelled(Kind.CONFIG_MAP, Map.of("test", name)))).hasSize(505);
  }

  @Test
  void kindThatTheServerDoesNotHaveHasNoObjects() {
    Kind unknown = new Kind("nowhere.example/v1", "Nothing", "nothings");

    assertThat(cluster().list(Query.all(unknown, namespace()))).isEmpty();
    assertThat(cluster().get(ref(unknown, name))).isEmpty();
    assertThat(cluster().kind("nowhere.example/v1", "Nothing")).isEmpty();
    assertThat(cluster().kind("apps/v1", "Nothing")).isEmpty();
  }

  @Test
  void knownKindsAreFound() {
    assertThat(cluster().kind("apps/v1", "Deployment")).contains(Kind.DEPLOYMENT);
    assertThat(cluster().kind("v1", "Service")).contains(Kind.SERVICE);
  }

  @Test
  void versionIsMajorDotMinor() {
    assertThat(cluster().version()).matches("\\d+\\.\\d+");
  }

  @Test
  void accessReviewAnswers() {
    Doc attributes =
        Doc.of("namespace", namespace(), "verb", "patch", "group", "", "resource", "services");
    Doc review =
        Doc.of(
            "apiVersion",
            "authorization.k8s.io/v1",
            "kind",
            "SelfSubjectAccessReview",
            "spec",
            Doc.of("resourceAttributes", attributes));

    assertThat(create(Kind.ACCESS_REVIEW, review).isTrue("status", "allowed")).isTrue();
    Doc nonsense = review.with("no such thing", "spec", "resourceAttributes", "resource");
    assertThat(cluster().review(Kind.ACCESS_REVIEW, List.of(review, nonsense, review)))
        .extracting(answer -> answer.textOrEmpty("spec", "resourceAttributes", "resource"))
        .containsExactly("services", "no such thing", "services");
  }
}
