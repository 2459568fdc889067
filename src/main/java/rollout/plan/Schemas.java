package rollout.plan;

import java.util.List;
import java.util.Map;
import rollout.document.Doc;
import rollout.model.Marks;
import rollout.model.Schema;

/** Which version can live on which schema: what must hold before a release may begin. */
final class Schemas {
  private final Survey survey;
  private final Findings findings;

  Schemas(Survey survey, Findings findings) {
    this.survey = survey;
    this.findings = findings;
  }

  /**
   * The database when the migration is done; findings where the candidate or stable could not run.
   *
   * @param candidate pod template of the version to come
   * @param stable pod template of the version that serves, which must live on both schemas
   * @param migrates whether the release has a migration
   * @param floor that the migration declares; 0: none
   */
  Schema check(Doc candidate, Doc stable, boolean migrates, long floor) {
    isNumber(candidate, "the candidate");
    isNumber(stable, "the version that serves");
    long needs = Schema.built(candidate);
    long serves = Schema.built(stable);
    // What runs can run, so the database is at least as far as it needs.
    Schema before = survey.schema().after(serves, 0);
    Schema after = migrates ? before.after(needs, floor) : before;
    if (migrates && floor > 0 && after.head() > 0 && floor > after.head()) {
      findings.refuse(
          "the migration's floor " + floor + " is above the newest migration, " + after.head(),
          "A floor is the oldest migration that a version must have been built with.");
      return after;
    }
    if (needs > after.head()) {
      findings.refuse(
          "the candidate needs migration " + needs + ", but the database is at " + after.head(),
          "Release it with its migration: --migrate FILE.");
    }
    if (needs < after.floor()) {
      findings.refuse(says("the candidate", needs, after.floor()), able(after));
    }
    if (serves < after.floor() && after.floor() > before.floor()) {
      findings.refuse(
          says("the version that serves", serves, after.floor()),
          "It would not outlive the migration. Release first without this floor; contract when no"
              + " version below it can run any more.");
    }
    return after;
  }

  private void isNumber(Doc template, String whose) {
    Schema.said(template)
        .filter(said -> !Schema.isNumber(said))
        .ifPresent(
            said ->
                findings.refuse(
                    Marks.SCHEMA + " of " + whose + " is '" + said + "', which is no number",
                    "Write the number of the newest migration it was built with: "
                        + Marks.SCHEMA
                        + ": \"42\"."));
  }

  private static String says(String whose, long built, long floor) {
    return whose
        + (built == 0
            ? " does not say with which migration it was built (" + Marks.SCHEMA + ")"
            : " was built with migration " + built)
        + ", and on this schema only versions built with "
        + floor
        + " or newer can run";
  }

  /** The revisions of the history that can run on a schema. */
  private String able(Schema schema) {
    List<String> numbers =
        survey.revisions().entrySet().stream()
            .filter(entry -> schema.bears(entry.getValue().built()))
            .map(Map.Entry::getKey)
            .sorted()
            .map(String::valueOf)
            .toList();
    return numbers.isEmpty()
        ? "No revision of the history can."
        : "Revisions that can: " + String.join(", ", numbers) + ".";
  }

  /** For people: which versions are left behind, before by what; empty: none, or not known. */
  static String wall(Schema before, Schema after) {
    return after.floor() > before.floor()
        ? "point of no return for versions built with a migration before " + after.floor() + ": "
        : "";
  }
}
