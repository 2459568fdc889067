package rollout.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.function.Supplier;
import rollout.core.HistoryEntry;
import rollout.core.Outcome;
import rollout.core.Status;
import rollout.document.Doc;
import rollout.migration.MigrationState;
import rollout.migration.Standing;
import rollout.plan.Plan;
import rollout.run.DriverOrder;
import rollout.run.GuardOrder.OnLostDriver;
import rollout.run.JobEnd;
import rollout.run.RightsAnswer;
import rollout.run.RightsQuestion;
import rollout.run.Rollouts.Driving;
import rollout.run.Verbs;
import rollout.strategy.Preset;
import rollout.strategy.Strategy;

/** Verbs that write down what was asked of them, and answer what a test has said. */
final class RecordedVerbs implements Verbs {
  final List<Object> asked = new CopyOnWriteArrayList<>();
  final Deque<Status> statuses = new ArrayDeque<>();
  List<HistoryEntry> history = List.of();
  Plan plan = new Plan(List.of(), List.of(), List.of(), List.of());
  Standing migration = new Standing(Preset.FLYWAY, MigrationState.unknown("nobody asked"));
  RightsAnswer rights = new RightsAnswer("prod", List.of(), List.of(), List.of());
  Supplier<Outcome> outcome = () -> ended(Outcome.Result.DONE);

  JobEnd jobEnd = new JobEnd(false, 0, "Revision 3 is live.", Doc.of("outcome", "done"));

  Runnable onInterrupt = () -> {};

  static Outcome ended(Outcome.Result result) {
    return new Outcome(result, 3, "all on shop (revision 3), observed", "Revision 3 is live.");
  }

  @Override
  public Plan plan(Strategy strategy) {
    asked.add(strategy);
    return plan;
  }

  @Override
  public Outcome release(Strategy strategy, Driving driving) {
    asked.add(strategy);
    asked.add(driving);
    return outcome.get();
  }

  @Override
  public JobEnd releaseInCluster(DriverOrder order) {
    asked.add(order);
    return jobEnd;
  }

  @Override
  public Outcome rollback(
      String service, Optional<Integer> toRevision, String reason, Driving driving) {
    asked.add(List.of("rollback", service, toRevision, reason));
    return outcome.get();
  }

  @Override
  public Outcome guard(
      String service, Optional<OnLostDriver> onLost, String driverJob, String prometheus) {
    asked.add(List.of("guard", service, onLost, driverJob));
    return outcome.get();
  }

  @Override
  public Outcome promote(String service, boolean full, Driving driving) {
    asked.add(List.of("promote", service, full));
    return outcome.get();
  }

  @Override
  public Outcome resume(String service, Driving driving) {
    asked.add(List.of("resume", service));
    return outcome.get();
  }

  @Override
  public Outcome pause(String service) {
    asked.add(List.of("pause", service));
    return outcome.get();
  }

  @Override
  public Outcome repair(String service, boolean force, Driving driving) {
    asked.add(List.of("repair", service, force));
    return outcome.get();
  }

  @Override
  public Optional<Status> status(String service) {
    asked.add(List.of("status", service));
    return Optional.ofNullable(statuses.poll());
  }

  @Override
  public void watch(String service, Predicate<Status> more) {
    asked.add(List.of("watch", service));
    while (!statuses.isEmpty() && more.test(statuses.remove())) {
      // told the next
    }
  }

  @Override
  public Plan planOfContract(Strategy strategy) {
    asked.add(List.of("plan contract", strategy.service()));
    return plan;
  }

  @Override
  public Outcome contract(Strategy strategy, Driving driving) {
    asked.add(List.of("contract", strategy.service()));
    return outcome.get();
  }

  @Override
  public Standing migrationState(Strategy strategy) {
    asked.add(List.of("migration status", strategy.service()));
    return migration;
  }

  @Override
  public List<HistoryEntry> history(String service) {
    asked.add(List.of("history", service));
    return history;
  }

  @Override
  public RightsAnswer rights(RightsQuestion question) {
    asked.add(question);
    return rights;
  }

  @Override
  public List<Status> list(boolean allNamespaces) {
    asked.add(List.of("list", allNamespaces));
    return List.copyOf(statuses);
  }

  @Override
  public String onInterrupt() {
    return "traffic goes back first";
  }

  @Override
  public void interrupt(boolean terminated) {
    asked.add(List.of("interrupt", terminated));
    onInterrupt.run();
  }
}
