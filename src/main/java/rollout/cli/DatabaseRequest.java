package rollout.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import rollout.model.UserError;
import rollout.port.Connect;
import rollout.strategy.Strategy;

/** Whose database is meant, and where the cluster is. */
record DatabaseRequest(Strategy strategy, Connect.Where where, Telling telling) {
  /**
   * Reads everything, and throws all problems at once.
   *
   * @param service overrides the strategy's
   * @param file a strategy
   * @throws UserError when something is wrong
   */
  static DatabaseRequest read(
      @Nullable String service,
      @Nullable String file,
      ConnectionOptions connection,
      OutputOptions output,
      Console console,
      FlagReader reader) {
    Optional<String> named =
        Optional.ofNullable(service).map(name -> reader.label("SERVICE", name));
    Optional<Strategy> strategy = new InputFiles(console.in(), reader).strategy(file);
    String namespace = connection.namespace(reader);
    reader.done();
    if (strategy.isEmpty() && named.isEmpty()) {
      throw UserError.of("SERVICE", "of which Service?", "Write: rollout migration status shop");
    }
    Strategy read =
        strategy
            .map(one -> one.named(named.orElse(one.service())))
            .orElseGet(() -> Strategy.of(named.orElseThrow(), ""));
    Strategy asked = read.in(namespace.isEmpty() ? read.namespace() : namespace);
    Telling telling =
        output
            .telling(console, reader, asked.service(), asked.namespace())
            .also(asked.subscribers());
    Connect.Where where =
        connection.where(
            Optional.of(asked.namespace()).filter(name -> !name.isEmpty()), Optional.empty());
    reader.done();
    return new DatabaseRequest(asked, where, telling);
  }
}
