package rollout.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;

/** What is kept of a Secret, and what is not. */
class SecretMetadataTests {
  private static final Doc WHOLE =
      Doc.parse(
          """
          {"apiVersion": "v1", "kind": "Secret", "type": "Opaque", "immutable": false,
           "data": {"password": "Z2VoZWlt"}, "stringData": {"more": "geheim"},
           "metadata": {
             "name": "db", "namespace": "web", "uid": "u", "resourceVersion": "7",
             "creationTimestamp": "2026-01-01T00:00:00Z", "labels": {"is": "geheim"},
             "annotations": {
               "kubectl.kubernetes.io/last-applied-configuration": "{\\"data\\":\\"Z2VoZWlt\\"}"},
             "managedFields": [
               {"manager": "vault", "operation": "Update", "apiVersion": "v1",
                "time": "2026-01-01T00:00:00Z", "fieldsType": "FieldsV1",
                "fieldsV1": {"f:data": {".": {}, "f:password": {}}, "f:type": {}}},
               {"manager": "kubectl", "operation": "Apply", "subresource": "status",
                "fieldsV1": {"f:metadata": {"f:labels": {"f:geheim": {}}}}}]}}
          """);

  private static final Doc KEPT =
      Doc.parse(
          """
          {"apiVersion": "v1", "kind": "Secret",
           "metadata": {
             "name": "db", "namespace": "web", "uid": "u", "resourceVersion": "7",
             "managedFields": [
               {"manager": "vault", "operation": "Update", "time": "2026-01-01T00:00:00Z",
                "fieldsV1": {"f:data": {}}},
               {"manager": "kubectl", "operation": "Apply", "subresource": "status"}]}}
          """);

  @Test
  void nameVersionAndWhoWroteItAreKeptAndNothingElse() {
    assertThat(SecretMetadata.of(WHOLE)).isEqualTo(KEPT);
    assertThat(SecretMetadata.kept(Kind.SECRET, WHOLE)).isEqualTo(KEPT);
    assertThat(SecretMetadata.kept(Kind.CONFIG_MAP, WHOLE)).isEqualTo(WHOLE);
  }

  @Test
  void metadataThatComesAloneIsASecretsAll() {
    Doc partial =
        Doc.of(
            "apiVersion",
            "meta.k8s.io/v1",
            "kind",
            "PartialObjectMetadata",
            "metadata",
            WHOLE.doc("metadata"));
    assertThat(SecretMetadata.of(partial)).isEqualTo(KEPT);
  }

  @Test
  void listSaysWhereItStandsAndWhetherItGoesOn() {
    Doc metadata = Doc.of("resourceVersion", "9", "continue", "next", "selfLink", "x");
    Doc list = Doc.of("kind", "SecretList", "metadata", metadata, "items", List.of(WHOLE));
    assertThat(SecretMetadata.list(list))
        .isEqualTo(Doc.of("metadata", metadata.without("selfLink"), "items", List.of(KEPT)));
  }

  @Test
  void whatIsNoTextWhereOneBelongsIsNotKept() {
    Doc odd = Doc.of("metadata", Doc.of("name", Doc.of("password", "geheim")));
    assertThat(SecretMetadata.of(odd).doc("metadata")).isEqualTo(Doc.EMPTY);
  }
}
