package rollout.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rollout.document.Doc;

class EndpointTests {
  private static Doc endpoint(String uid, Doc conditions) {
    return Doc.of(
        "addresses",
        List.of("10.0.0." + uid.length()),
        "conditions",
        conditions,
        "targetRef",
        Doc.of("kind", "Pod", "name", "pod-" + uid, "uid", uid));
  }

  private static Doc slice(Doc... endpoints) {
    return Doc.of("endpoints", List.of(endpoints));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "nil",
      value = {
        "nil, nil, nil, true",
        "true, nil, nil, true",
        "false, nil, nil, false",
        "false, true, false, true",
        "true, true, false, true",
        "true, false, false, false",
        "true, true, true, false",
        "nil, true, nil, true",
        "nil, nil, true, false",
      })
  void anAbsentConditionIsNoReasonAgainstIt(
      Boolean ready, Boolean serving, Boolean terminating, boolean takes) {
    Map<String, Object> conditions = new HashMap<>();
    conditions.put("ready", ready);
    conditions.put("serving", serving);
    conditions.put("terminating", terminating);
    assertThat(Endpoint.in(List.of(slice(endpoint("a", Doc.of(conditions))))))
        .singleElement()
        .satisfies(one -> assertThat(one.takesTraffic()).isEqualTo(takes));
  }

  @Test
  void anEndpointWithoutConditionsAtAllTakesTraffic() {
    assertThat(Endpoint.in(List.of(slice(endpoint("a", Doc.EMPTY).without("conditions")))))
        .containsExactly(new Endpoint("a", "pod-a", true, false));
  }

  @Test
  void aPodInTwoSlicesIsOneAndTheServingEntryCounts() {
    Doc gone = endpoint("a", Doc.of("serving", false, "terminating", true));
    Doc here = endpoint("a", Doc.of("serving", true));
    Endpoint taking = new Endpoint("a", "pod-a", true, false);
    assertThat(Endpoint.in(List.of(slice(gone), slice(here)))).containsExactly(taking);
    assertThat(Endpoint.in(List.of(slice(here), slice(gone)))).containsExactly(taking);
  }

  @Test
  void addressesThatAreNoPodsCountEachForItself() {
    Doc one = Doc.of("addresses", List.of("10.0.0.1"));
    Doc two = Doc.of("addresses", List.of("10.0.0.2"));
    assertThat(Endpoint.in(List.of(slice(one, two, one))))
        .containsExactly(new Endpoint("", "", true, false), new Endpoint("", "", true, false));
  }

  @Test
  void aSliceWithoutEndpointsIsEmpty() {
    Map<String, Object> none = new HashMap<>();
    none.put("endpoints", null);
    assertThat(Endpoint.in(List.of(Doc.of(none), Doc.EMPTY))).isEmpty();
  }
}
