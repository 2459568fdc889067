package rollout.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Phase;
import rollout.port.Cluster;
import rollout.port.ClusterException;

class EventProgressTests {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2025-01-01T10:42:07Z"));
  private final List<Doc> created = new CopyOnWriteArrayList<>();

  /** A cluster that has one Service, and gives each new object to a function. */
  private static Cluster cluster(Function<Doc, Doc> create) {
    return (Cluster)
        Proxy.newProxyInstance(
            Cluster.class.getClassLoader(),
            new Class<?>[] {Cluster.class},
            (proxy, method, args) ->
                switch (method.getName()) {
                  case "get" -> Optional.of(Doc.of("metadata", Doc.of("uid", "u-1")));
                  case "create" -> create.apply((Doc) args[1]);
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private EventProgress progress(Function<Doc, Doc> create) {
    return new EventProgress(cluster(create), new Target("shop", "prod"), CLOCK);
  }

  private Doc keep(Doc event) {
    created.add(event);
    return event;
  }

  private static Event event(String type, Doc fields) {
    return new Event(type, Phase.SHIFT, "what happened", fields);
  }

  @Test
  void tellsWhatMattersOnTheService() {
    try (EventProgress progress = progress(this::keep)) {
      progress.tell(event(Event.TRAFFIC, Doc.EMPTY));
      progress.tell(event(Event.CHECK, Doc.EMPTY));
      progress.tell(event(Event.ROLLBACK, Doc.EMPTY));
      progress.tell(event(Event.RESULT, Doc.of("exitCode", 4)));
    }

    assertThat(created)
        .extracting(e -> e.textOrEmpty("reason") + " " + e.textOrEmpty("type"))
        .containsExactly(
            "RolloutTraffic Normal", "RolloutRollback Warning", "RolloutResult Warning");
    assertThat(created.getFirst().doc("involvedObject"))
        .isEqualTo(
            Doc.of(
                "apiVersion", "v1",
                "kind", "Service",
                "namespace", "prod",
                "name", "shop",
                "uid", "u-1"));
    assertThat(created).extracting(e -> e.textOrEmpty("metadata", "name")).doesNotHaveDuplicates();
  }

  @Test
  void aClusterThatSaysNoChangesNothing() {
    try (EventProgress progress =
        progress(
            event -> {
              created.add(event);
              throw new ClusterException.Forbidden("no events");
            })) {
      progress.tell(event(Event.TRAFFIC, Doc.EMPTY));
      progress.tell(event(Event.TRAFFIC, Doc.EMPTY));
    }

    assertThat(created).hasSize(2);
  }

  @Test
  void aClusterThatHangsHoldsNobodyUp() {
    CountDownLatch never = new CountDownLatch(1);
    EventProgress progress =
        progress(
            event -> {
              try {
                never.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return event;
            });
    for (int i = 0; i < 1000; i++) {
      progress.tell(event(Event.TRAFFIC, Doc.EMPTY));
    }
    long before = System.nanoTime();
    progress.close();

    assertThat(System.nanoTime() - before).isLessThan(10_000_000_000L);
  }
}
