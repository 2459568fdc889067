package rollout.strategy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A migration tool that the program knows how to run, to read and to repair. */
public enum Preset {
  /** Flyway, community edition. */
  FLYWAY("flyway"),
  /** Alembic by itself. */
  ALEMBIC("alembic"),
  /** Flask-Migrate: Alembic under Flask's command line. */
  FLASK("flask"),
  /** golang-migrate, version 4. */
  GOLANG_MIGRATE("golang-migrate"),
  /** A migration bundle of Entity Framework Core. */
  EF("ef"),
  /** Liquibase, open source. */
  LIQUIBASE("liquibase");

  private final String word;

  Preset(String word) {
    this.word = word;
  }

  /** As in a strategy file. */
  public String word() {
    return word;
  }

  /** Every word. */
  public static List<String> words() {
    return Arrays.stream(values()).map(Preset::word).toList();
  }

  /** Reads {@link #word}. */
  public static Optional<Preset> of(String word) {
    return Arrays.stream(values()).filter(one -> one.word.equals(word)).findFirst();
  }
}
