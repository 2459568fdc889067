package rollout.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Query;

final class ObjectCacheTests {
  private final ObjectCache cache =
      new ObjectCache(Query.labelled(Kind.CONFIG_MAP, "ns", Map.of("a", "1")));

  private static Doc object(String version, String label) {
    return Doc.of(
        "apiVersion",
        "v1",
        "kind",
        "ConfigMap",
        "metadata",
        Doc.of(
            "name",
            "x",
            "namespace",
            "ns",
            "resourceVersion",
            version,
            "labels",
            Map.of("a", label)));
  }

  @Test
  void eventOlderThanTheOwnWriteIsIgnored() {
    cache.listed(List.of(object("5", "1")), "9");
    cache.saw(object("12", "1"));

    cache.told("MODIFIED", object("11", "1"));
    assertThat(cache.list()).containsExactly(object("12", "1"));

    cache.told("MODIFIED", object("12", "1"));
    cache.told("DELETED", object("13", "1"));
    assertThat(cache.list()).isEmpty();
  }

  @Test
  void ownWriteThatTheWatchHasToldAlreadyIsIgnored() {
    cache.listed(List.of(), "9");
    cache.told("ADDED", object("10", "1"));
    cache.told("DELETED", object("11", "1"));

    cache.saw(object("10", "1"));

    assertThat(cache.list()).isEmpty();
  }

  @Test
  void versionsAreComparedAsNumbers() {
    cache.listed(List.of(object("9", "1")), "9");

    cache.saw(object("10", "1"));

    assertThat(cache.list()).containsExactly(object("10", "1"));
    assertThat(ObjectCache.isNewer("10", "9")).isTrue();
    assertThat(ObjectCache.isNewer("9", "10")).isFalse();
    assertThat(ObjectCache.isNewer("10", "10")).isFalse();
    assertThat(ObjectCache.isNewer("abc", "10")).isTrue();
  }

  @Test
  void ownWriteNewerThanAFreshListStays() {
    cache.listed(List.of(), "9");
    cache.saw(object("12", "1"));

    cache.listed(List.of(object("10", "1")), "11");
    assertThat(cache.list()).containsExactly(object("12", "1"));

    cache.listed(List.of(), "13");
    assertThat(cache.list()).isEmpty();
  }

  @Test
  void ownWriteThatLeavesTheQueryIsOutEvenBeforeTheWatchSaysSo() {
    cache.listed(List.of(object("5", "1")), "9");

    cache.saw(object("12", "2"));
    cache.told("MODIFIED", object("11", "1"));

    assertThat(cache.list()).isEmpty();
  }

  @Test
  void objectOfAnotherKindIsNotTakenIn() {
    cache.listed(List.of(), "9");

    cache.saw(object("12", "1").with("Secret", "kind"));

    assertThat(cache.list()).isEmpty();
  }
}
