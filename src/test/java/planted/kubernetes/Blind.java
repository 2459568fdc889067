package planted.kubernetes;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.RollableScalableResource;
import java.util.function.UnaryOperator;
import planted.prometheus.Source;

/** Writes in the ways that overwrite what somebody else wrote. */
public final class Blind {
  final Source neighbour = new Source();

  @SuppressWarnings("deprecation")
  void write(Resource<Service> service, RollableScalableResource<Deployment> deployment) {
    service.edit(UnaryOperator.identity());
    service.replace();
    service.createOrReplace();
    service.accept(live -> {});
    deployment.scale(0);
  }
}
