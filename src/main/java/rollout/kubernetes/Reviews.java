package rollout.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.port.Cluster.Send;
import rollout.port.ClusterException;

/** Questions to the API server, several at a time: one after another, dozens take seconds. */
final class Reviews {
  /** Few enough that no server's fairness takes us for a flood. */
  private static final int AT_ONCE = 8;

  private final Connection connection;

  Reviews(Connection connection) {
    this.connection = connection;
  }

  /** The answers, in the order of the questions; the first that is refused is thrown. */
  List<Doc> ask(Kind kind, List<Doc> questions) {
    try (ExecutorService asking =
        Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().name("review-", 0).factory())) {
      List<Future<Doc>> coming = new ArrayList<>();
      questions.forEach(question -> coming.add(asking.submit(() -> answer(kind, question))));
      List<Doc> answers = new ArrayList<>();
      for (Future<Doc> one : coming) {
        answers.add(answered(one, asking));
      }
      return answers;
    }
  }

  private Doc answer(Kind kind, Doc question) {
    Call call = Call.post(Paths.creation(kind, "", Send.REAL), question.json());
    Answer answer = connection.read(call);
    if (answer.isGood()) {
      return answer.object(call);
    }
    throw answer.refusal(call);
  }

  private static Doc answered(Future<Doc> coming, ExecutorService asking) {
    try {
      return coming.get();
    } catch (InterruptedException e) {
      asking.shutdownNow();
      Thread.currentThread().interrupt();
      throw new ClusterException.Unknown("interrupted", e);
    } catch (ExecutionException e) {
      asking.shutdownNow();
      if (e.getCause() instanceof ClusterException said) {
        throw said;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
