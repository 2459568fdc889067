package rollout.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Who drives: this process, or a Job in the cluster. */
final class InClusterOptions {
  static final String IMAGE_VARIABLE = "ROLLOUT_IMAGE";
  static final String SERVICE_ACCOUNT = "rollout";

  @Spec(Spec.Target.MIXEE)
  @Nullable CommandSpec command;

  @Option(
      names = "--in-cluster",
      description = "Run as a Job in the cluster, follow it, and return its exit code.")
  boolean inCluster;

  @Option(
      names = "--job-image",
      paramLabel = "IMAGE",
      description = "Image of rollout for Jobs in the cluster; ROLLOUT_IMAGE unless said.")
  @Nullable String image;

  @Option(
      names = "--service-account",
      paramLabel = "NAME",
      description = "Whose rights these Jobs have; rollout.")
  @Nullable String serviceAccount;
}
