package rollout.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import rollout.sim.TrafficReport;
import rollout.sim.World;
import rollout.strategy.Scenario;

/** Where the requests of a world go, second by second. */
final class Flows {
  private final World world;
  private final Scenario scenario;
  private Map<String, TrafficReport.Answers> before = Map.of();
  private long lostBefore;

  Flows(World world, Scenario scenario) {
    this.world = world;
    this.scenario = scenario;
  }

  Viewer.Second second(String next) {
    TrafficReport report = world.traffic();
    List<Viewer.Flow> flows = new ArrayList<>();
    Map<String, TrafficReport.Answers> versions = new TreeMap<>(report.byImage());
    versions.putIfAbsent(scenario.shop().image(), TrafficReport.Answers.NONE);
    versions.forEach((image, now) -> flows.add(flow(image, now)));
    flows.sort((a, b) -> Boolean.compare(!isOldName(a.version()), !isOldName(b.version())));
    long lost = report.dropped() - lostBefore;
    remember();
    return new Viewer.Second(world.now(), flows, lost, next);
  }

  private boolean isOldName(String version) {
    return version.equals(version(scenario.shop().image()));
  }

  private Viewer.Flow flow(String image, TrafficReport.Answers now) {
    TrafficReport.Answers then = before.getOrDefault(image, TrafficReport.Answers.NONE);
    long errors = now.errors() - then.errors();
    return new Viewer.Flow(version(image), now.good() - then.good() + errors, errors);
  }

  void remember() {
    TrafficReport report = world.traffic();
    before = report.byImage();
    lostBefore = report.dropped();
  }

  static String version(String image) {
    return image.substring(image.lastIndexOf('/') + 1);
  }
}
