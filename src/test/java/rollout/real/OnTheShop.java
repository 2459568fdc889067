package rollout.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;
import rollout.document.Doc;

/** A test with a fresh shop, and what such tests say about its end. */
@ExtendWith(RealParts.class)
abstract class OnTheShop {
  Parts parts;
  Shop shop;
  private String name;

  @BeforeEach
  void open(Parts real, TestInfo info) {
    String method = info.getTestMethod().orElseThrow().getName();
    // Each turn of a parameterized test has a folder of its own, and a number in its name.
    String turn = info.getDisplayName().replaceFirst("^.*?(\\[\\d+\\])?.*$", "$1");
    open(real, method + turn, UnaryOperator.identity());
  }

  /** Opens a shop of this manifest, for what goes by this name in all that is printed and kept. */
  final void open(Parts real, String what, UnaryOperator<String> manifest) {
    parts = real;
    name = what;
    shop = Shop.open(real, getClass().getSimpleName() + "." + name, manifest);
  }

  @AfterEach
  void close() {
    if (shop != null) {
      shop.close();
    }
  }

  /** The program ended with this code and outcome, and its result came last. */
  void assertEnded(Program.Ended ended, int exitCode, String outcome) {
    assertThat(ended.exitCode()).as(ended.transcript()).isEqualTo(exitCode);
    Doc last = ended.last();
    assertThat(List.of(last.textOrEmpty("type"), last.textOrEmpty("outcome")))
        .as(ended.transcript())
        .containsExactly("result", outcome);
    assertThat(last.number(-1, "exitCode")).isEqualTo(exitCode);
  }

  /** Nothing of a release is left: the shop is as before but for this image. */
  void assertShopRuns(String image) {
    assertThat(shop.shape()).isEqualTo(shop.before());
    Doc deployment = shop.deployment();
    assertThat(imageOf(deployment)).isEqualTo(image);
    assertThat(shop.leftovers()).isEmpty();
    assertThat(deployment.texts("spec", "template", "metadata", "labels")).containsOnlyKeys("app");
  }

  static String imageOf(Doc deployment) {
    return deployment
        .doc("spec", "template", "spec")
        .docs("containers")
        .getFirst()
        .textOrEmpty("image");
  }

  /** Ends the load; no request may have failed. */
  LoadReport assertNoneFailed(Load load) {
    LoadReport report = end(load);
    assertThat(report.failures()).as(report.line()).isEmpty();
    return report;
  }

  /** Ends the load; no request may have failed but by an answer of this bad version itself. */
  LoadReport assertNoneFailedBesides(Load load, String badVersion) {
    LoadReport report = end(load);
    assertThat(report.failuresBesides(badVersion)).as(report.line()).isEmpty();
    return report;
  }

  /** Ends the load. */
  LoadReport end(Load load) {
    LoadReport report = load.end();
    System.out.println(name + ": " + report.line());
    return report;
  }

  /** The four times of the rollback, printed. */
  RollbackTimes times(Program.Ended ended) {
    RollbackTimes times =
        ended
            .rollbackTimes()
            .orElseThrow(() -> new AssertionError("no rollback event:\n" + ended.transcript()));
    System.out.println(name + ": " + times.line());
    assertThat(List.of(times.detected(), times.decided(), times.written(), times.observed()))
        .isSorted();
    return times;
  }
}
