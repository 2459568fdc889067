package rollout.router;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import rollout.document.Doc;

/**
 * How objects of a kind list backends with weights.
 *
 * @param noun of a rule, for people; of the list where there is one only
 * @param rules path of the list of rules; empty: the object holds one list
 * @param list path of the backends in a rule, or in the object
 * @param name path of the name in a backend
 * @param weight what an absent weight counts
 */
record Shape(
    String noun,
    List<String> rules,
    List<String> list,
    List<String> name,
    int weight,
    Naming naming) {

  /** How a backend names a Service. */
  interface Naming {
    /**
     * The Service; empty: a backend of another kind, or a part of a Service only.
     *
     * @param namespace of the object
     */
    Optional<Named> service(Doc backend, String namespace);

    /** The name of the candidate's Service in the form that stable's has. */
    default String like(String stable, String candidate) {
      return candidate;
    }
  }

  /** A Service that a backend names. */
  record Named(String namespace, String service) {}

  /**
   * A list of backends.
   *
   * @param says for people: {@code rule 0}, {@code rule main}
   * @param isNamed whether its rule has a name, so that it is known again elsewhere
   * @param rule path of its rule
   * @param path its own
   */
  record Listed(
      String says, boolean isNamed, List<String> rule, List<String> path, List<Doc> backends) {}

  /** Every list of backends in the object. */
  List<Listed> lists(Doc object) {
    if (rules.isEmpty()) {
      return List.of(new Listed(noun, true, List.of(), list, object.docs(array(list))));
    }
    List<Listed> found = new ArrayList<>();
    for (int i = 0; i < object.docs(array(rules)).size(); i++) {
      List<String> rule = join(rules, List.of(Integer.toString(i)));
      Optional<String> name = object.text(array(rule, "name"));
      String says = noun + " " + name.orElse(Integer.toString(i));
      List<String> path = join(rule, list);
      found.add(new Listed(says, name.isPresent(), rule, path, object.docs(array(path))));
    }
    return found;
  }

  /** The backend as one of the candidate's Service, with everything else that stable's has. */
  Doc candidate(Doc stable, String candidate) {
    String[] path = array(name);
    return stable.with(naming.like(stable.textOrEmpty(path), candidate), path).without("weight");
  }

  /** What of an object a release writes, as jq names it. */
  String jq() {
    String lists = String.join(".", list);
    return "." + (rules.isEmpty() ? lists : String.join(".", rules) + "[]." + lists);
  }

  static List<String> join(List<String> path, List<String> rest) {
    List<String> all = new ArrayList<>(path);
    all.addAll(rest);
    return List.copyOf(all);
  }

  static String[] array(List<String> path) {
    return path.toArray(String[]::new);
  }

  static String[] array(List<String> path, String... rest) {
    return array(join(path, List.of(rest)));
  }
}
