package rollout.real;

import java.io.IOException;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test the real parts, and skips it where they are not: one line says why. With {@code
 * ROLLOUT_REQUIRE_REAL=1} a missing part is a failure.
 */
final class RealParts implements ExecutionCondition, ParameterResolver {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(RealParts.class);

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return switch (found(context)) {
      case Found.Missing(String why) -> ConditionEvaluationResult.disabled(Level4.skipped(why));
      case Found.Ready ready -> ConditionEvaluationResult.enabled("all parts are there");
    };
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Parts.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return switch (found(context)) {
      case Found.Ready(Parts parts) -> parts;
      case Found.Missing(String why) -> throw new IllegalStateException(why);
    };
  }

  private static Found found(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .computeIfAbsent(Found.class, key -> Found.look(), Found.class);
  }

  private sealed interface Found extends AutoCloseable {
    record Ready(Parts parts) implements Found {
      @Override
      public void close() {
        parts.close();
      }
    }

    record Missing(String why) implements Found {
      @Override
      public void close() {}
    }

    @Override
    void close();

    static Found look() {
      FullLab lab;
      try {
        lab = FullLab.find();
      } catch (FullLab.MissingException e) {
        return new Missing(e.getMessage());
      }
      try {
        return new Ready(Parts.start(lab));
      } catch (IOException e) {
        throw new AssertionError("the parts do not start", e);
      }
    }
  }
}
