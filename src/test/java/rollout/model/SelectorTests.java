package rollout.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;

class SelectorTests {
  private static final Selector SHOP = new Selector(Map.of("app", "shop"));

  @Test
  void selectsPodsThatCarryAllOfItsLabels() {
    assertThat(SHOP.selects(Map.of("app", "shop", "tier", "web"))).isTrue();
    assertThat(SHOP.and("tier", "web").selects(Map.of("app", "shop"))).isFalse();
    assertThat(SHOP.selects(Map.of("app", "mail"))).isFalse();
  }

  @Test
  void theEmptyOneSelectsNothing() {
    assertThat(new Selector(Map.of()).selects(Map.of("app", "shop"))).isFalse();
    assertThat(new Selector(Map.of()).selects(Map.of())).isFalse();
  }

  @Test
  void oneLabelMoreReplacesOneOfTheSameName() {
    assertThat(SHOP.and("app", "mail")).isEqualTo(new Selector(Map.of("app", "mail")));
  }

  @Test
  void isWrittenInTheOrderOfTheNames() {
    assertThat(new Selector(Map.of("b", "2", "a", "1", "c", "3"))).hasToString("a=1,b=2,c=3");
    assertThat(new Selector(Map.of("b", "2", "a", "1")).doc())
        .isEqualTo(Doc.of("a", "1", "b", "2"));
  }

  @Test
  void doesNotChangeWithTheMapItWasMadeOf() {
    Map<String, String> labels = new HashMap<>(Map.of("app", "shop"));
    Selector selector = new Selector(labels);
    labels.put("app", "mail");
    assertThat(selector).isEqualTo(SHOP);
  }
}
