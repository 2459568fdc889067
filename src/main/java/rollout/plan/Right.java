package rollout.plan;

import java.util.List;
import rollout.model.Kind;

/**
 * A rule of a Role.
 *
 * @param why for whoever reads the Role
 * @param group the API group; empty for the core group
 * @param resources plural, with a subresource after a slash
 */
public record Right(String why, String group, List<String> resources, List<String> verbs) {
  /** Copies the lists. */
  public Right {
    resources = List.copyOf(resources);
    verbs = List.copyOf(verbs);
  }

  /** On kinds of one API group. */
  static Right on(String why, List<Kind> kinds, String... verbs) {
    return new Right(
        why, kinds.getFirst().group(), kinds.stream().map(Kind::plural).toList(), List.of(verbs));
  }

  /** On one kind. */
  static Right on(String why, Kind kind, String... verbs) {
    return on(why, List.of(kind), verbs);
  }

  /** Each thing that it allows. */
  List<Access> accesses() {
    return resources.stream()
        .flatMap(resource -> verbs.stream().map(verb -> new Access(verb, group, resource)))
        .toList();
  }

  /** Only those of its verbs that are denied, by resource; none: all is allowed. */
  List<Right> deniedOf(List<Access> denied) {
    return resources.stream()
        .map(
            resource ->
                new Right(
                    why,
                    group,
                    List.of(resource),
                    verbs.stream()
                        .filter(verb -> denied.contains(new Access(verb, group, resource)))
                        .toList()))
        .filter(right -> !right.verbs().isEmpty())
        .toList();
  }

  /** As a rule of a Role, in one line. */
  public String line() {
    return "{apiGroups: [\"%s\"], resources: [%s], verbs: [%s]}"
        .formatted(group, String.join(", ", resources), String.join(", ", verbs));
  }
}
