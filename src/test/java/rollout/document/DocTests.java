package rollout.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocTests {
  private static final Doc OBJECT =
      Doc.parse(
          """
          {"kind":"Service","metadata":{"name":"shop","labels":{"n":1,"b":true,"x":null}},
           "spec":{"ports":[{"port":80},"odd",{"port":443}],"paused":true,"replicas":3}}
          """);

  @Test
  void aMissingPathIsNeverAnError() {
    assertThat(OBJECT.textOrEmpty("metadata", "name", "deeper")).isEmpty();
    assertThat(OBJECT.number(7, "spec", "none")).isEqualTo(7);
    assertThat(OBJECT.doc("spec", "ports")).isEqualTo(Doc.EMPTY);
    assertThat(OBJECT.docs("none")).isEmpty();
    assertThat(OBJECT.isTrue("spec", "replicas")).isFalse();
    assertThat(OBJECT.has("metadata", "labels", "x")).as("null is no value").isFalse();
  }

  @Test
  void readsWhatIsThere() {
    assertThat(OBJECT.textOrEmpty("metadata", "name")).isEqualTo("shop");
    assertThat(OBJECT.number(0, "spec", "replicas")).isEqualTo(3);
    assertThat(OBJECT.isTrue("spec", "paused")).isTrue();
    assertThat(OBJECT.docs("spec", "ports"))
        .containsExactly(Doc.of("port", 80), Doc.of("port", 443));
    assertThat(OBJECT.textList("spec", "ports")).containsExactly("odd");
    assertThat(OBJECT.texts("metadata", "labels")).isEqualTo(Map.of("n", "1", "b", "true"));
  }

  @Test
  void aChangeLeavesEverythingElseAndTheOriginalAsTheyWere() {
    Doc changed = OBJECT.with(5, "spec", "replicas").with("y", "new", "deep", "path");
    assertThat(changed.without("new").with(3, "spec", "replicas")).isEqualTo(OBJECT);
    assertThat(OBJECT.number(0, "spec", "replicas")).isEqualTo(3);
    assertThat(changed.textOrEmpty("new", "deep", "path")).isEqualTo("y");
    assertThat(changed.json()).contains("\"labels\":{\"n\":1,\"b\":true,\"x\":null}");
  }

  @Test
  void withoutTakesAwayANullToo() {
    assertThat(OBJECT.without("metadata", "labels", "x").json()).doesNotContain("null");
    assertThat(OBJECT.without("metadata", "none")).isSameAs(OBJECT);
  }

  @Test
  void equalityDoesNotGoByTheOrderOfMembers() {
    assertThat(Doc.parse("{\"a\":1,\"b\":2}")).isEqualTo(Doc.parse("{\"b\":2,\"a\":1}"));
    assertThat(Doc.parse("{\"a\":1,\"b\":2}")).hasSameHashCodeAs(Doc.parse("{\"b\":2,\"a\":1}"));
    assertThat(Doc.parse("{\"a\":null}")).isNotEqualTo(Doc.EMPTY);
    assertThat(Doc.parse("{\"a\":[1,2]}")).isNotEqualTo(Doc.parse("{\"a\":[2,1]}"));
  }

  @Test
  void isNotChangedThroughWhatItWasMadeOf() {
    List<String> list = new ArrayList<>(List.of("a"));
    Map<String, Object> map = new HashMap<>(Map.of("list", list));
    Doc doc = Doc.of(map);
    list.add("b");
    map.put("more", 1);
    assertThat(doc).isEqualTo(Doc.of("list", List.of("a")));
    assertThatThrownBy(() -> doc.members().put("x", 1))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void numbersKeepTheirDigits() {
    Doc doc = Doc.parse("{\"big\":12345678901234567890,\"exact\":0.1000000000000000055}");
    assertThat(doc.json())
        .isEqualTo("{\"big\":12345678901234567890,\"exact\":0.1000000000000000055}");
    assertThat(doc.value("exact")).isEqualTo(new BigDecimal("0.1000000000000000055"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "1", "\"text\"", "{", "{\"a\":}", "null"})
  void whatIsNoObjectIsRefused(String json) {
    assertThatThrownBy(() -> Doc.parse(json)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void elementsOfListsAreReadAndChangedByTheirIndex() {
    assertThat(OBJECT.number(0, "spec", "ports", "2", "port")).isEqualTo(443);
    assertThat(OBJECT.value("spec", "ports", "3")).isNull();
    assertThat(OBJECT.value("spec", "ports", "-1")).isNull();
    Doc changed = OBJECT.with(8443, "spec", "ports", "2", "port").without("spec", "ports", "1");
    assertThat(changed.docs("spec", "ports"))
        .containsExactly(Doc.of("port", 80), Doc.of("port", 8443));
    assertThat(OBJECT.without("spec", "ports", "3")).isSameAs(OBJECT);
  }
}
