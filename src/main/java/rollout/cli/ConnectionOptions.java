package rollout.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import rollout.port.Connect;
import rollout.strategy.PrometheusSource;

/** Which cluster and namespace, as of kubectl. */
final class ConnectionOptions {
  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description = "Namespace; the context's unless said.")
  @Nullable String namespace;

  @Option(names = "--context", paramLabel = "CONTEXT", description = "Context of the kubeconfig.")
  @Nullable String context;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description =
          "Kubeconfig; KUBECONFIG, ~/.kube/config or a pod's service account unless said.")
  @Nullable String kubeconfig;

  /** The namespace that was named; empty: none. */
  String namespace(FlagReader reader) {
    return namespace == null ? "" : reader.label("--namespace", namespace);
  }

  /** The place, with the Prometheus of the environment. */
  Connect.Where where(Console console, FlagReader reader) {
    return where(
        Optional.of(namespace(reader)).filter(name -> !name.isEmpty()),
        InputFiles.source(
            Optional.empty(), Optional.empty(), InputFiles.prometheusOf(console, reader)));
  }

  /** The place. */
  Connect.Where where(Optional<String> inNamespace, Optional<PrometheusSource> prometheus) {
    return new Connect.Where(
        Optional.ofNullable(kubeconfig),
        Optional.ofNullable(context),
        inNamespace,
        prometheus.map(PrometheusSource::url),
        prometheus.map(PrometheusSource::timeout).orElse(PrometheusSource.TIMEOUT).toMillis());
  }
}
