package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;
import rollout.model.Marks;

/** Who wrote an object last, as it tells itself. */
class ManagersTests {
  private static Doc entry(String manager, String time, String part) {
    return Doc.of("manager", manager, "time", time, "fieldsV1", Doc.of("f:" + part, Doc.EMPTY));
  }

  @Test
  void lastOfThoseWhoWroteThisPartAndAreNotWeIsNamed() {
    Doc live =
        Doc.of(
            "metadata",
            Doc.of(
                "managedFields",
                List.of(
                    entry("kubectl-edit", "2026-01-01T11:58:00Z", "spec"),
                    entry("helm", "2026-01-01T11:57:00Z", "spec"),
                    entry("kube-controller-manager", "2026-01-01T12:30:00Z", "status"),
                    entry(Marks.MANAGER, "2026-01-01T12:00:00Z", "spec"))));
    assertThat(Managers.somebody(live, "spec"))
        .isEqualTo("somebody (kubectl-edit, 2026-01-01T11:58:00Z)");
    assertThat(Managers.newest(live, "status"))
        .contains("kube-controller-manager, 2026-01-01T12:30:00Z");
    assertThat(Managers.somebody(live, "data")).as("nobody tells").isEqualTo("somebody");
  }
}
