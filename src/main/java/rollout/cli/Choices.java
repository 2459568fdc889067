package rollout.cli;

import java.util.Iterator;
import java.util.List;
import rollout.demo.Demos;
import rollout.strategy.Canary;
import rollout.strategy.Strategy;

/** The values of flags that a shell may complete. What is right is decided where they are read. */
abstract class Choices implements Iterable<String> {
  private final List<String> words;

  private Choices(List<String> words) {
    this.words = words;
  }

  @Override
  public final Iterator<String> iterator() {
    return words.iterator();
  }

  static final class Promotion extends Choices {
    Promotion() {
      super(List.of("copy", "swap"));
    }
  }

  static final class Routers extends Choices {
    Routers() {
      super(Canary.ROUTERS);
    }
  }

  static final class OnMissing extends Choices {
    OnMissing() {
      super(List.of("hold", "rollback", "pass"));
    }
  }

  static final class OnInterrupt extends Choices {
    OnInterrupt() {
      super(List.of("rollback", "leave"));
    }
  }

  static final class OnLost extends Choices {
    OnLost() {
      super(List.of("resume", "rollback", "hold"));
    }
  }

  static final class Metrics extends Choices {
    Metrics() {
      super(Strategy.METRIC_NAMES);
    }
  }

  static final class Scenarios extends Choices {
    Scenarios() {
      super(Demos.NAMES);
    }
  }

  static final class Output extends Choices {
    Output() {
      super(List.of("text", "json"));
    }
  }

  static final class Shells extends Choices {
    Shells() {
      super(List.of("bash", "zsh", "fish"));
    }
  }
}
