package rollout.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import rollout.plan.Form;
import rollout.plan.Release;
import rollout.plan.Release.Configs;
import rollout.plan.Release.Database;
import rollout.plan.Release.JobName;
import rollout.plan.Release.Proof;
import rollout.plan.Release.Terms;
import rollout.strategy.Strategy.Limits;
import rollout.strategy.Strategy.OnMissing;

/** Releases for tests that differ from those of {@link Seen} in what few of them have. */
final class Releases {
  private Releases() {}

  /** Only a Job that takes from the database what older versions need. */
  static Release contract() {
    Release plain = Seen.migrating();
    return like(plain, Form.CONTRACT, plain.database(), plain.smoke(), plain.configs());
  }

  static Release smoked(Release release, JobName smoke) {
    return like(release, release.form(), release.database(), Optional.of(smoke), release.configs());
  }

  /** Both versions read these ConfigMaps. */
  static Release reading(Release release, String... configs) {
    Configs both = new Configs(List.of(configs), List.of());
    return like(release, release.form(), release.database(), release.smoke(), both);
  }

  /** Both versions read these Secrets. */
  static Release readingSecrets(Release release, String... secrets) {
    Configs both = new Configs(List.of(), List.of(secrets));
    return like(release, release.form(), release.database(), release.smoke(), both);
  }

  /** A migration, what proves that stable can live with it, and perhaps a Job that undoes it. */
  static Release proving(Proof proof, Optional<JobName> undo) {
    Release release = Seen.migrating();
    Database before = release.database();
    Database database =
        new Database(
            before.migration(),
            before.helpers(),
            Optional.of(proof),
            undo,
            before.tool(),
            before.name(),
            before.built(),
            before.before(),
            before.after());
    return like(release, release.form(), database, release.smoke(), release.configs());
  }

  private static Release like(
      Release release, Form form, Database database, Optional<JobName> smoke, Configs configs) {
    return new Release(
        release.namespace(),
        release.revision(),
        form,
        release.returnsTo(),
        release.stable(),
        release.candidate(),
        release.services(),
        release.preview(),
        database,
        smoke,
        configs,
        release.shifting(),
        release.scaler(),
        release.terms());
  }

  /** Its requests are counted; where they tell nothing, this follows. */
  static Release counted(Release release, OnMissing onNoData, OnMissing onUndecided) {
    Terms terms = release.terms();
    return Seen.with(
        release,
        new Terms(
            terms.hold(),
            terms.bake(),
            terms.checks(),
            Optional.of(Scraped.NAMES),
            terms.limits(),
            onNoData,
            onUndecided,
            terms.noWayBack()));
  }

  /** The whole of it may take so long. */
  static Release within(Release release, Duration overall) {
    Terms terms = release.terms();
    Limits limits = terms.limits();
    return Seen.with(
        release,
        new Terms(
            terms.hold(),
            terms.bake(),
            terms.checks(),
            terms.metricNames(),
            new Limits(
                limits.ready(),
                limits.gate(),
                limits.settle(),
                limits.noData(),
                Optional.of(overall),
                limits.keepFailed()),
            terms.onNoData(),
            terms.onUndecided(),
            terms.noWayBack()));
  }
}
