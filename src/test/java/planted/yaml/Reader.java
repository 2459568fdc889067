package planted.yaml;

import planted.Main;

/** Knows the entry point. */
public final class Reader {
  final Class<?> main = Main.class;
}
