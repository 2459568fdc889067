package rollout.prometheus;

import java.lang.reflect.Proxy;
import java.time.Duration;
import rollout.port.Cluster;
import rollout.port.Cluster.ProxyAnswer;

/** A cluster that can do nothing but pass a GET on to a Service. */
final class NoCluster {
  private NoCluster() {}

  /** What the API server's proxy does with a GET. */
  @FunctionalInterface
  interface Gets {
    ProxyAnswer get(
        String namespace, String service, String port, String pathAndQuery, Duration timeout);
  }

  static Cluster that(Gets gets) {
    return (Cluster)
        Proxy.newProxyInstance(
            Cluster.class.getClassLoader(),
            new Class<?>[] {Cluster.class},
            (self, method, args) -> {
              if (!method.getName().equals("proxyGet")) {
                throw new UnsupportedOperationException(method.getName());
              }
              return gets.get(
                  (String) args[0],
                  (String) args[1],
                  (String) args[2],
                  (String) args[3],
                  (Duration) args[4]);
            });
  }

  static Cluster unused() {
    return that(
        (namespace, service, port, pathAndQuery, timeout) -> {
          throw new UnsupportedOperationException("proxyGet");
        });
  }
}
