package planted.document;

import planted.model.Noun;

/** A leaf that knows a branch. */
public final class Leaf {
  final Noun noun = new Noun();
}
