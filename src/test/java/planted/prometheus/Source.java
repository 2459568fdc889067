package planted.prometheus;

/** What another adapter must not know. */
public final class Source {}
