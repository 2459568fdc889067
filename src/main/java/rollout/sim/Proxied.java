package rollout.sim;

import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import rollout.model.Kind;
import rollout.model.Ref;
import rollout.port.Cluster.ProxyAnswer;

/** What the API server answers by itself: its version, and for the Services behind its proxy. */
final class Proxied {
  private final Store store;
  private final Map<String, UnaryOperator<String>> answers = new HashMap<>();
  private String version = "1.35";

  Proxied(Store store) {
    this.store = store;
  }

  String version() {
    return version;
  }

  void version(String now) {
    version = now;
  }

  /** A Service answers with 200 and a body made from path and query. */
  void answer(String namespace, String service, UnaryOperator<String> body) {
    answers.put(namespace + "/" + service, body);
  }

  ProxyAnswer get(String namespace, String service, String port, String pathAndQuery) {
    @Nullable UnaryOperator<String> body = answers.get(namespace + "/" + service);
    if (body != null) {
      return new ProxyAnswer(200, body.apply(pathAndQuery));
    }
    boolean there = store.get(new Ref(Kind.SERVICE, namespace, service)) != null;
    return there
        ? new ProxyAnswer(
            503, "no endpoints available for service \"" + service + ":" + port + "\"")
        : new ProxyAnswer(404, "services \"" + service + "\" not found");
  }
}
