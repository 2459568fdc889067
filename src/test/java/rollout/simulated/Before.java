package rollout.simulated;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Query;
import rollout.model.Ref;
import rollout.sim.RouterKind;
import rollout.sim.World;

/**
 * The Services, Deployments and scalers of a world as somebody left them: what a release must not
 * change but for what it was told to.
 *
 * @param objects spec, labels and annotations of each, by where it is
 */
public record Before(Map<Ref, Doc> objects) {
  static final Set<Kind> KINDS = kinds();

  private static Set<Kind> kinds() {
    Set<Kind> kinds =
        new LinkedHashSet<>(
            List.of(Kind.SERVICE, Kind.DEPLOYMENT, Kind.AUTOSCALER, Kind.SCALED_OBJECT));
    Arrays.stream(RouterKind.values()).forEach(one -> kinds.add(one.kind()));
    return Set.copyOf(kinds);
  }

  /** Copies the map. */
  public Before {
    objects = Map.copyOf(objects);
  }

  /** As it is now. */
  static Before of(World world) {
    Map<Ref, Doc> objects = new LinkedHashMap<>();
    for (Kind kind : KINDS) {
      for (Doc object : world.list(Query.all(kind, World.NAMESPACE))) {
        objects.put(Ref.to(kind, object), essence(object));
      }
    }
    return new Before(objects);
  }

  /** What people and releases write, without what the server and the controllers do. */
  static Doc essence(Doc object) {
    Map<String, String> annotations = new TreeMap<>(object.texts("metadata", "annotations"));
    annotations.remove("deployment.kubernetes.io/revision");
    return Doc.of(
        "labels",
        object.texts("metadata", "labels"),
        "annotations",
        annotations,
        "spec",
        object.doc("spec"));
  }

  /** The labels of the shop's pods. */
  Map<String, String> podLabels() {
    return of(Scene.DEPLOYMENT).texts("spec", "template", "metadata", "labels");
  }

  /** One object as it was. */
  Doc of(Ref ref) {
    return objects.getOrDefault(ref, Doc.EMPTY);
  }

  private static Doc unsized(Doc deployment) {
    return deployment.without("spec", "replicas");
  }

  /** What is no longer so, but for the objects that may differ; empty: all is as it was. */
  List<String> differences(World world, List<Ref> mayDiffer, boolean sizedByLoad) {
    Before now = of(world);
    List<String> found = new ArrayList<>();
    objects.forEach(
        (ref, doc) -> {
          boolean sized = sizedByLoad && ref.equals(Scene.DEPLOYMENT);
          Doc there = sized ? unsized(now.of(ref)) : now.of(ref);
          Doc was = sized ? unsized(doc) : doc;
          if (!mayDiffer.contains(ref) && !there.canonical().equals(was.canonical())) {
            found.add(ref + " was " + doc.json() + " and is " + there.json());
          }
        });
    now.objects.keySet().stream()
        .filter(ref -> !objects.containsKey(ref) && !mayDiffer.contains(ref))
        .forEach(ref -> found.add(ref + " is left over"));
    return found;
  }
}
