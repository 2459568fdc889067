package rollout.sim;

import java.util.List;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Ref;

/** Creates pods for controllers, within the quota of the namespace. */
final class PodMaker {
  private final Store store;
  private final Dice dice;
  private final EventLog events;

  PodMaker(Store store, Dice dice, EventLog events) {
    this.store = store;
    this.dice = dice;
    this.events = events;
  }

  /** Creates a pod from a template; why not, when a quota forbids it, else the empty text. */
  String create(Kind kind, Doc owner, Doc template, String prefix) {
    String namespace = Meta.namespace(owner);
    String name = prefix + dice.suffix();
    String refused = quota(namespace, name);
    if (!refused.isEmpty()) {
      events.warn(
          Ref.to(kind, owner), Meta.uid(owner), "FailedCreate", "Error creating: " + refused);
      return refused;
    }
    Doc metadata =
        template
            .doc("metadata")
            .with(name, "name")
            .with(prefix, "generateName")
            .with(namespace, "namespace")
            .with(List.of(Meta.ownerReference(kind, owner)), "ownerReferences");
    Doc pod =
        Doc.of(
            "apiVersion",
            "v1",
            "kind",
            "Pod",
            "metadata",
            metadata,
            "spec",
            template.doc("spec"),
            "status",
            Doc.of("phase", "Pending"));
    store.add(Kind.POD, store.born(Kind.POD, pod));
    return "";
  }

  private String quota(String namespace, String pod) {
    for (Doc quota : store.list(Kind.RESOURCE_QUOTA, namespace)) {
      @Nullable Object hard = quota.value("spec", "hard", "pods");
      if (hard != null) {
        long limit = Long.parseLong(hard.toString());
        long used = store.list(Kind.POD, namespace).stream().filter(there -> !ended(there)).count();
        if (used >= limit) {
          return ("pods \"%s\" is forbidden: exceeded quota: %s, requested: pods=1, used: pods=%d,"
                  + " limited: pods=%d")
              .formatted(pod, Meta.name(quota), used, limit);
        }
      }
    }
    return "";
  }

  private static boolean ended(Doc pod) {
    String phase = pod.textOrEmpty("status", "phase");
    return phase.equals("Failed") || phase.equals("Succeeded");
  }
}
