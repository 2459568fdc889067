package rollout.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The words of a canary beside those of every release; {@link CanaryFlags} has their values. */
final class CanaryOptions {
  @Option(
      names = "--steps",
      paramLabel = "STEPS",
      description =
          "Share by share: '5@2m,25@5m,gate,50'. All of the traffic follows the last; a gate waits"
              + " for 'rollout promote'.")
  @Nullable String steps;

  @Option(
      names = "--step-duration",
      paramLabel = "DURATION",
      description = "How long a step without a duration of its own is watched; 2m.")
  @Nullable String stepDuration;

  @Option(
      names = "--router",
      paramLabel = "ROUTER",
      completionCandidates = Choices.Routers.class,
      description =
          "What divides the requests: auto, replicas, gateway-api, traefik, istio, ingress-nginx;"
              + " auto. replicas needs none: the share of the pods is that of the requests.")
  @Nullable String router;

  @Option(
      names = "--route-name",
      paramLabel = "NAME",
      description =
          "The route object, where several could be meant; NAMESPACE/NAME of another namespace, and"
              + " KIND/ before it where that is not clear. May be repeated.")
  List<String> routes = new ArrayList<>();

  @Option(
      names = "--route",
      paramLabel = "FILE",
      description =
          "A route that is made where there is none of its name, before the first share; it stays"
              + " afterwards, and one that is there is used as it stands.")
  @Nullable String route;

  @Option(
      names = "--match",
      paramLabel = "header:NAME=VALUE",
      description =
          "Requests that go to the candidate ahead of the weights; or cookie:NAME=VALUE. Needs a"
              + " router.")
  @Nullable String match;

  @Option(
      names = "--max-effective-weight",
      paramLabel = "PERCENT",
      description = "By replicas: the most that a step may really send to the candidate.")
  @Nullable String maxEffective;
}
