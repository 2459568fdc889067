package planted.run;

/** What the core must not know. */
public final class Runner {}
