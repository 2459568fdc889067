package planted.plan;

import java.net.http.HttpClient;
import org.slf4j.Logger;
import planted.model.Noun;

/** Uses every library that it must not. */
public final class Planner {
  private picocli.CommandLine line;
  private io.fabric8.kubernetes.client.KubernetesClient client;
  private tools.jackson.databind.JsonNode node;
  private com.fasterxml.jackson.annotation.JsonInclude.Include include;
  private org.snakeyaml.engine.v2.nodes.Node yaml;
  private HttpClient http;
  private io.prometheus.metrics.core.metrics.Counter counter;
  private Logger log;
  private sun.misc.Signal signal;

  /** Plans nothing. */
  public void plan(Noun noun) {}
}
