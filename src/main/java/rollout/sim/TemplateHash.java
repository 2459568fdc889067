package rollout.sim;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;

/** The pod-template-hash: equal templates have equal ones. */
final class TemplateHash {
  static final String LABEL = "pod-template-hash";

  private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789";

  private final Map<String, Known> byDeployment = new HashMap<>();

  private record Known(Object template, String hash) {}

  /** The hash of a Deployment's template. Worked out once for each template. */
  String of(Doc deployment) {
    String uid = Meta.uid(deployment);
    @Nullable Object template = deployment.value("spec", "template");
    @Nullable Known known = byDeployment.get(uid);
    // Documents share what did not change, so the same template is the same object.
    if (known != null && known.template == template) {
      return known.hash;
    }
    String hash = hash(deployment.doc("spec", "template").canonical());
    if (template != null) {
      byDeployment.put(uid, new Known(template, hash));
    }
    return hash;
  }

  private static String hash(String text) {
    long sum = 0xcbf29ce484222325L;
    for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
      sum = (sum ^ one) * 0x100000001b3L;
    }
    StringBuilder hash = new StringBuilder();
    for (int i = 0; i < 10; i++) {
      hash.append(LETTERS.charAt((int) Long.remainderUnsigned(sum, LETTERS.length())));
      sum = Long.divideUnsigned(sum, LETTERS.length());
    }
    return hash.toString();
  }
}
