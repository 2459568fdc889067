package rollout.run;

import java.util.ArrayList;
import java.util.List;
import rollout.core.RouteText;
import rollout.document.Doc;
import rollout.model.Autoscaler;
import rollout.model.Deployment;
import rollout.model.Kind;
import rollout.model.Ref;
import rollout.model.Service;
import rollout.model.Stamp;
import rollout.plan.Release;
import rollout.port.Cluster;
import rollout.router.Route;

/** The epoch of a new driver: above every one that stands anywhere. */
final class Epochs {
  private Epochs() {}

  static long next(Cluster cluster, Release release, long journal, Doc lease) {
    long highest = Math.max(journal, LeaseKeeper.epoch(lease));
    List<Doc> stamped = new ArrayList<>();
    for (Release.Steered steered : release.services()) {
      cluster
          .get(new Ref(Kind.SERVICE, release.namespace(), steered.name()))
          .ifPresent(doc -> stamped.add(new Service(doc).state()));
    }
    if (!release.stable().uid().isEmpty()) {
      cluster
          .get(new Ref(Kind.DEPLOYMENT, release.namespace(), release.stable().name()))
          .ifPresent(doc -> stamped.add(new Deployment(doc).claim()));
    }
    for (Route route : release.routes()) {
      cluster.get(route.ref()).ifPresent(doc -> stamped.add(RouteText.state(doc)));
    }
    release
        .stableScaler()
        .flatMap(one -> cluster.get(new Ref(one.kind(), release.namespace(), one.name())))
        .ifPresent(doc -> stamped.add(new Autoscaler(Kind.AUTOSCALER, doc).state()));
    return 1 + stamped.stream().map(Stamp::in).mapToLong(Stamp::epoch).reduce(highest, Math::max);
  }
}
