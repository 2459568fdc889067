package rollout.demo;

import java.util.Map;
import rollout.model.Event;

/** What comes after the step in progress, in words. */
final class Next {
  static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry("claim", "make all that is needed, without pods yet"),
          Map.entry("create", "the migration, or hold stable still"),
          Map.entry("migrate", "hold stable still"),
          Map.entry("pause", "keep the Service to stable's pods"),
          Map.entry("pin", "make sure of stable, start the candidate"),
          Map.entry("prove", "remove the fresh pod"),
          Map.entry("remove-fresh", "start the candidate"),
          Map.entry("self-test", "a fresh pod of stable on the new schema"),
          Map.entry("undo", "save logs"),
          Map.entry("start", "check it before it has traffic"),
          Map.entry("preview", "test it through its preview"),
          Map.entry("smoke", "the checks"),
          Map.entry("verify", "switch all traffic"),
          Map.entry("hold", "a person promotes it"),
          Map.entry("attach", "its first share"),
          Map.entry("match", "its first share"),
          Map.entry("shift", "watch it"),
          Map.entry("watch", "the next share, or all"),
          Map.entry("gate", "a person promotes it"),
          Map.entry("unweigh", "its own Service out of the route"),
          Map.entry("detach", "put the rest in order"),
          Map.entry("remove-service", "put everything as it was"),
          Map.entry("raise-floor", "make sure of stable, start the candidate"),
          Map.entry("retarget", "bake: watch it with all traffic"),
          Map.entry("retarget-back", "drain the copy"),
          Map.entry("lower-floor", "put everything as it was"),
          Map.entry("switch", "bake: watch it with all traffic"),
          Map.entry("bake", "settle: stable takes the new version over"),
          Map.entry("begin-settle", "stable takes the new version over"),
          Map.entry("settle", "traffic to stable's new pods"),
          Map.entry("switch-to-stable", "drain the copy"),
          Map.entry("drain", "remove the copy"),
          Map.entry("remove-candidate", "put everything as it was"),
          Map.entry("retire", "put everything as it was"),
          Map.entry("preview-back", "remove the candidate"),
          Map.entry("free", "done"),
          Map.entry("traffic-back", "save logs, remove the candidate"),
          Map.entry("await-migration", "save logs, remove the candidate"),
          Map.entry("save-evidence", "remove the candidate"),
          Map.entry("restore", "remove the candidate"));

  private String words = "";

  void saw(Event event) {
    if (event.type().equals(Event.STEP_STARTED)) {
      String step = event.fields().textOrEmpty("step");
      words = WORDS.getOrDefault(step.replaceFirst("-\\d+$", ""), "");
    } else if (event.type().equals(Event.RESULT)) {
      words = "";
    }
  }

  String words() {
    return words;
  }
}
