package rollout.yaml;

import java.util.Optional;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.Parser;
import rollout.model.UserError;

/**
 * Stops at a text that is nested too deeply, has too many parts, or has tags of its own. The
 * composer behind it is recursive, and a few kilobytes of {@code [} would end it with a stack
 * overflow.
 */
final class BoundedParser implements Parser {
  /** Kubernetes objects are nested some 15 deep; schemas of custom resources some 50. */
  static final int DEPTH = 200;

  private final Parser parser;
  private final SourceText source;
  private final int mostEvents;
  private int depth;
  private int events;

  /**
   * Reads on behalf of the composer.
   *
   * @param mostEvents how many keys, values, beginnings and ends there may be
   */
  BoundedParser(Parser parser, SourceText source, int mostEvents) {
    this.parser = parser;
    this.source = source;
    this.mostEvents = mostEvents;
  }

  @Override
  public boolean checkEvent(Event.ID choice) {
    return parser.checkEvent(choice);
  }

  @Override
  public Event peekEvent() {
    return parser.peekEvent();
  }

  @Override
  public boolean hasNext() {
    return parser.hasNext();
  }

  @Override
  public Event next() {
    Event event = parser.next();
    switch (event.getEventId()) {
      case MappingStart, SequenceStart -> depth++;
      case MappingEnd, SequenceEnd -> depth--;
      default -> {}
    }
    if (depth > DEPTH) {
      throw refused(event, "nested more than " + DEPTH + " deep.", "Is it the right file?");
    }
    if (++events > mostEvents) {
      throw refused(
          event, "more than " + mostEvents + " keys and values.", "Is it the right file?");
    }
    checkTag(event);
    return event;
  }

  private void checkTag(Event event) {
    Optional<String> tag =
        switch (event) {
          case ScalarEvent scalar -> scalar.getTag();
          case CollectionStartEvent collection -> collection.getTag();
          default -> Optional.empty();
        };
    if (tag.isPresent() && !tag.get().startsWith(Tag.PREFIX)) {
      throw refused(event, "unknown tag '" + Seen.cut(tag.get()) + "'.", "Quote the value.");
    }
  }

  private UserError refused(Event event, String wrong, String right) {
    String place = event.getStartMark().map(source::place).orElse(source.name());
    return UserError.of(place, wrong, right);
  }
}
