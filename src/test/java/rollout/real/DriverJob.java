package rollout.real;

import java.util.List;
import java.util.regex.Pattern;
import rollout.document.Doc;

/** The Job that drives the release of a shop, by its pods. */
record DriverJob(Shop shop) {
  private static final String TAKES_OVER = "going on with it";

  /** Gives the shop's namespace the account that such Jobs have, with the published Role. */
  static DriverJob underTheShippedRole(Shop shop) {
    shop.kubectl("apply", "-f", "manifests/rbac.yaml");
    return new DriverJob(shop);
  }

  /** Its pods; one that was evicted goes soon. */
  List<String> pods(String... more) {
    String[] words = {"get", "pods", "-l", "rollout/part=driver", "-o", "name"};
    String[] all = java.util.Arrays.copyOf(words, words.length + more.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    return shop.kubectl(all).lines().toList();
  }

  /** Evicts the pod that runs, as a drain of its node does; its name. */
  String evict() {
    String name = pods("--field-selector=status.phase=Running").getLast();
    String pod = name.replace("pod/", "");
    Doc eviction =
        Doc.of(
            "apiVersion",
            "policy/v1",
            "kind",
            "Eviction",
            "metadata",
            Doc.of("name", pod, "namespace", shop.namespace()));
    shop.kubectl(
        "create",
        "--raw",
        "/api/v1/namespaces/" + shop.namespace() + "/pods/" + pod + "/eviction",
        "-f",
        shop.file("eviction-" + pod + ".json", eviction.json()).toString());
    return name;
  }

  /** Returns when so many pods have gone on with what a pod before them began. */
  static void awaitNextPod(Program program, int times) {
    program.await(
        "pod that goes on, " + times,
        event -> takesOver(event) && count(program.transcript()) >= times);
  }

  /** Whether a pod says that it goes on with what a pod before it began. */
  static boolean takesOver(Doc event) {
    return event.textOrEmpty("message").contains(TAKES_OVER);
  }

  private static int count(String transcript) {
    return (int)
        Pattern.compile("^\\{.*" + TAKES_OVER, Pattern.MULTILINE)
            .matcher(transcript)
            .results()
            .count();
  }
}
