package rollout.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecentTests {
  private final List<List<Integer>> asked = new ArrayList<>();
  private final Recent<List<Integer>, Integer> size =
      new Recent<>(
          2,
          key -> {
            asked.add(key);
            return key.size();
          });

  @Test
  void sameObjectIsAskedOnceAndAnEqualOneAnew() {
    List<Integer> key = List.of(1);
    assertThat(size.of(key)).isOne();
    assertThat(size.of(key)).isOne();
    assertThat(asked).hasSize(1);
    assertThat(size.of(new ArrayList<>(key))).isOne();
    assertThat(asked).hasSize(2);
  }

  @Test
  void theOldestAnswerGoes() {
    List<Integer> first = List.of(1);
    List<Integer> second = List.of(1, 2);
    size.of(first);
    size.of(second);
    size.of(List.of(1, 2, 3));
    assertThat(size.of(second)).isEqualTo(2);
    assertThat(asked).as("it is kept").hasSize(3);
    assertThat(size.of(first)).isOne();
    assertThat(asked).as("it is not").hasSize(4);
  }
}
