package rollout.migration;

import rollout.strategy.Preset;

/** Where a database stands, and which tool says so. */
public record Standing(Preset tool, MigrationState state) {}
