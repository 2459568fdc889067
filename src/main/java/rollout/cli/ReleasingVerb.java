package rollout.cli;

import java.util.function.Supplier;
import rollout.run.Rollouts.Driving;
import rollout.yaml.FilesRead;

/** A release of either kind: planned only, driven by a Job, or driven here. */
record ReleasingVerb(Parts parts, InClusterOptions options, boolean dryRun, boolean verbose) {
  /**
   * Does it.
   *
   * @param request reads what is asked for
   */
  ExitCode run(FlagReader reader, Supplier<ReleaseRequest> request) {
    if (options.inCluster && !dryRun) {
      FilesRead read = new FilesRead();
      ReleaseRequest asked = read.during(request);
      return new InClusterVerb(parts, options, asked, read, reader).run(verbose);
    }
    ReleaseRequest asked = request.get();
    if (dryRun) {
      return new PlanningVerb(parts, verbose).run(asked);
    }
    Driving driving = options.driving(asked, parts.console(), reader);
    reader.done();
    return new DrivenVerb(parts, asked.where(), asked.telling(), asked.exporting(), verbose)
        .run(verbs -> verbs.release(asked.strategy(), driving), ExitCode::of);
  }
}
