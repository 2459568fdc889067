package rollout.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import rollout.document.Doc;

class HashesTests {
  @Test
  void equalDocumentsHaveEqualHashesInWhateverOrder() {
    assertThat(Hashes.of(Doc.parse("{\"a\":1,\"b\":{\"c\":2,\"d\":3}}")))
        .isEqualTo(Hashes.of(Doc.parse("{\"b\":{\"d\":3,\"c\":2},\"a\":1}")))
        .hasSize(12)
        .matches("[0-9a-f]+");
    assertThat(Hashes.of(Doc.of("a", 1))).isNotEqualTo(Hashes.of(Doc.of("a", 2)));
    assertThat(Hashes.of(Doc.of("a", 1)))
        .as("an image tag 1 is no number 1")
        .isNotEqualTo(Hashes.of(Doc.of("a", "1")));
  }

  @Test
  void theOrderOfAListCounts() {
    assertThat(Hashes.of(Doc.parse("{\"a\":[1,2]}")))
        .isNotEqualTo(Hashes.of(Doc.parse("{\"a\":[2,1]}")));
  }

  @Test
  void isTheSameInEveryVersionOfTheProgram() {
    assertThat(Hashes.of("abc")).isEqualTo("ba7816bf8f01");
  }

  @Test
  void aNameIsCutOnlyWhenItIsTooLongAndKeepsItsHash() {
    assertThat(Hashes.name("a".repeat(63), 63)).isEqualTo("a".repeat(63));
    assertThat(Hashes.name("a".repeat(64), 63))
        .isEqualTo("a".repeat(50) + "-" + Hashes.of("a".repeat(64)))
        .hasSize(63);
  }

  @Test
  void aDeploymentsTemplateIsKnownAgainInItsReplicaSet() {
    Doc template = Doc.parse("{\"metadata\":{\"labels\":{\"app\":\"shop\"}},\"spec\":{}}");
    Deployment deployment = new Deployment(Doc.of("spec", Doc.of("template", template)));
    Doc hashed =
        template
            .with("abc", "metadata", "labels", Selector.TEMPLATE_HASH)
            .with(null, "metadata", "creationTimestamp");
    ReplicaSet set = new ReplicaSet(Doc.of("spec", Doc.of("template", hashed)));
    assertThat(set.templateHash()).isEqualTo(deployment.templateHash());
  }
}
