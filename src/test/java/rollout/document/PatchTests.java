package rollout.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PatchTests {
  private static final Doc OBJECT =
      Doc.parse(
          "{\"metadata\":{\"uid\":\"u\",\"resourceVersion\":\"7\",\"annotations\":{\"a/b\":\"1\"}},"
              + "\"spec\":{\"selector\":{\"app\":\"shop\",\"old\":\"x\"}}}");

  private static void refused(Patch patch, String message) {
    assertThatThrownBy(() -> patch.apply(OBJECT))
        .isInstanceOf(Patch.Refused.class)
        .hasMessage(message);
  }

  @Test
  void putReplacesAnObjectWhole() throws Patch.Refused {
    Doc patched =
        Patch.none().put(Doc.of("app", "shop", "new", "y"), "spec", "selector").apply(OBJECT);
    assertThat(patched.doc("spec", "selector")).isEqualTo(Doc.of("app", "shop", "new", "y"));
    assertThat(patched.doc("metadata")).isEqualTo(OBJECT.doc("metadata"));
  }

  @Test
  void putMakesAMemberButNotItsParents() throws Patch.Refused {
    assertThat(Patch.none().put(true, "spec", "paused").apply(OBJECT).isTrue("spec", "paused"))
        .isTrue();
    refused(Patch.none().put(1, "status", "x"), "no object to add to at /status/x");
  }

  @Test
  void removeNeedsWhatItTakesAway() throws Patch.Refused {
    assertThat(Patch.none().remove("spec", "selector", "old").apply(OBJECT).doc("spec", "selector"))
        .isEqualTo(Doc.of("app", "shop"));
    refused(Patch.none().remove("spec", "paused"), "nothing to remove at /spec/paused");
  }

  @Test
  void testComparesWhateverTheOrderOfMembers() throws Patch.Refused {
    Patch same = Patch.none().test(Doc.of("old", "x", "app", "shop"), "spec", "selector");
    assertThat(same.apply(OBJECT)).isEqualTo(OBJECT);
    refused(Patch.none().test("other", "metadata", "uid"), "test of /metadata/uid failed");
  }

  @Test
  void testOfAbsence() throws Patch.Refused {
    assertThat(Patch.none().test(null, "metadata", "annotations", "none").apply(OBJECT))
        .isEqualTo(OBJECT);
    refused(
        Patch.none().test(null, "metadata", "annotations", "a/b"),
        "test of /metadata/annotations/a~1b failed");
  }

  @Test
  void nothingIsDoneWhenOneOperationIsRefused() {
    Patch patch = Patch.none().put(true, "spec", "paused").test("other", "metadata", "uid");
    refused(patch, "test of /metadata/uid failed");
    assertThat(OBJECT.has("spec", "paused")).isFalse();
  }

  @Test
  void operationsSeeWhatThoseBeforeThemDid() throws Patch.Refused {
    Patch patch =
        Patch.none()
            .put(Map.of("n", 1), "spec", "new")
            .and(Patch.none().put(2, "spec", "new", "m"));
    assertThat(patch.apply(OBJECT).doc("spec", "new")).isEqualTo(Doc.of("n", 1, "m", 2));
  }

  @Test
  void isSentAsThatText() {
    Patch patch =
        Patch.at("7")
            .test(null, "metadata", "annotations", "a/b~c")
            .put(1, "spec", "replicas")
            .remove("spec", "paused");
    assertThat(patch.json())
        .isEqualTo(
            "[{\"op\":\"replace\",\"path\":\"/metadata/resourceVersion\",\"value\":\"7\"},"
                + "{\"op\":\"test\",\"path\":\"/metadata/annotations/a~1b~0c\",\"value\":null},"
                + "{\"op\":\"add\",\"path\":\"/spec/replicas\",\"value\":1},"
                + "{\"op\":\"remove\",\"path\":\"/spec/paused\"}]");
  }

  private static final Doc LISTS =
      Doc.parse(
          "{\"rules\":[{\"to\":[{\"name\":\"a\",\"weight\":1},{\"name\":\"b\"}]},{\"to\":[]}]}");

  @Test
  void elementsOfListsAreAddressedByTheirIndex() throws Patch.Refused {
    Patch patch =
        Patch.none()
            .test("b", "rules", "0", "to", "1", "name")
            .test(null, "rules", "0", "to", "1", "weight")
            .put(9, "rules", "0", "to", "1", "weight")
            .remove("rules", "0", "to", "0", "weight");
    assertThat(patch.apply(LISTS).json())
        .isEqualTo(
            "{\"rules\":[{\"to\":[{\"name\":\"a\"},{\"name\":\"b\",\"weight\":9}]},{\"to\":[]}]}");
  }

  @Test
  void putIntoAListInsertsAndRemoveClosesTheGap() throws Patch.Refused {
    assertThat(
            Patch.none()
                .put("x", "rules", "0", "to", "0")
                .put("y", "rules", "1", "to", Patch.END)
                .remove("rules", "0", "to", "1")
                .apply(LISTS)
                .json())
        .isEqualTo("{\"rules\":[{\"to\":[\"x\",{\"name\":\"b\"}]},{\"to\":[\"y\"]}]}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "01", "-1", "name"})
  void anIndexThatTheListDoesNotHaveIsRefused(String index) {
    Patch patch = Patch.none().put("x", "rules", "0", "to", index);
    assertThatThrownBy(() -> patch.apply(LISTS))
        .isInstanceOf(Patch.Refused.class)
        .hasMessage("no such place in the list at /rules/0/to/" + index);
    assertThatThrownBy(() -> Patch.none().remove("rules", "0", "to", "2").apply(LISTS))
        .hasMessage("nothing to remove at /rules/0/to/2");
  }

  @Test
  void documentsWithinListsAreSentAsTheyAre() {
    Patch patch = Patch.none().put(List.of(Doc.of("name", "a", "port", 80)), "spec", "backends");
    assertThat(patch.json())
        .isEqualTo(
            "[{\"op\":\"add\",\"path\":\"/spec/backends\","
                + "\"value\":[{\"name\":\"a\",\"port\":80}]}]");
  }
}
