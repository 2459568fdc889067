package rollout.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Kind;
import rollout.model.Query;
import rollout.model.Ref;
import rollout.port.Cluster.Send;

/** How objects are followed. */
abstract class ClusterFollowContract extends ClusterObjectsContract {
  private Query mine() {
    return Query.labelled(Kind.CONFIG_MAP, namespace(), Map.of("test", name));
  }

  @Test
  void followBeginsWithWhatIsThere() {
    Doc there = create(Kind.CONFIG_MAP, configMap(name, Map.of("a", "1")));

    try (Cluster.Follow follow = follow(mine())) {
      assertThat(follow.list(mine())).containsExactly(there);
      await("live", follow::live);
    }
  }

  @Test
  void followSeesAddChangeAndDelete() {
    Ref ref = ref(Kind.CONFIG_MAP, name);
    try (Cluster.Follow follow = follow(mine())) {
      assertThat(follow.list(mine())).isEmpty();

      Doc added = create(Kind.CONFIG_MAP, configMap(name, Map.of("a", "1")));
      await("added", () -> follow.list(mine()).equals(List.of(added)));
      assertThat(raised.getAndSet(0)).isPositive();

      Doc changed = cluster().patch(ref, Patch.none().put("2", "data", "a"), Send.REAL);
      await("changed", () -> follow.list(mine()).equals(List.of(changed)));
      assertThat(raised.getAndSet(0)).isPositive();

      cluster().delete(ref, uid(changed));
      await("deleted", () -> follow.list(mine()).isEmpty());
      assertThat(raised.get()).isPositive();
    }
  }

  @Test
  void followSeesAnObjectEnterAndLeaveByItsLabel() {
    Ref ref = ref(Kind.CONFIG_MAP, name);
    Doc outside = configMap(name, Map.of()).with(Map.of("test", "x" + name), "metadata", "labels");
    create(Kind.CONFIG_MAP, outside);
    try (Cluster.Follow follow = follow(mine())) {
      assertThat(follow.list(mine())).isEmpty();

      cluster().patch(ref, Patch.none().put(name, "metadata", "labels", "test"), Send.REAL);
      await("entered", () -> follow.list(mine()).size() == 1);

      cluster().patch(ref, Patch.none().put("x", "metadata", "labels", "test"), Send.REAL);
      await("left", () -> follow.list(mine()).isEmpty());
    }
  }

  @Test
  void secretIsFollowedByItsMetadataWhereItMayBe() {
    Ref ref = ref(Kind.SECRET, name);
    Query query = Query.named(ref);
    try (Cluster.Follow follow = followIfAllowed(query)) {
      await("known not to be there", () -> follow.live() && follow.list(query).isEmpty());

      Doc added = create(Kind.SECRET, secret(name, "Z2VoZWlt"));
      await("added", () -> follow.list(query).equals(List.of(added)));
      assertThat(raised.getAndSet(0)).isPositive();

      Patch patch = Patch.none().put("Z2FueiBnZWhlaW0=", "data", "password");
      Doc changed = cluster().patch(ref, patch, Send.REAL);
      await("changed", () -> follow.list(query).equals(List.of(changed)));
      assertThat(follow.list(query).getFirst().members())
          .containsOnlyKeys("apiVersion", "kind", "metadata");
      assertThat(raised.getAndSet(0)).isPositive();

      cluster().delete(ref, uid(changed));
      await("deleted", () -> follow.live() && follow.list(query).isEmpty());
    }
  }

  @Test
  void whatCannotBeFollowedIsNotKnownAndNoError() {
    Query unknown = Query.all(new Kind("nowhere.example/v1", "Nothing", "nothings"), namespace());
    Query known = Query.named(ref(Kind.SECRET, name));
    try (Cluster.Follow nothing = followIfAllowed(unknown);
        Cluster.Follow other = followIfAllowed(known)) {
      await("the other is known", other::live);
      assertThat(nothing.live()).isFalse();
    }
  }

  @Test
  void followsSeveralQueriesAndOneByName() {
    Query byName = Query.named(ref(Kind.SERVICE, name));
    Query unknown = Query.all(new Kind("nowhere.example/v1", "Nothing", "nothings"), namespace());
    try (Cluster.Follow follow = follow(mine(), byName, unknown)) {
      Doc service = create(Kind.SERVICE, service(name, Map.of("app", name), 80));
      create(Kind.SERVICE, service(name + "-other", Map.of("app", name), 80));
      Doc map = create(Kind.CONFIG_MAP, configMap(name, Map.of()));

      await("service", () -> follow.list(byName).equals(List.of(service)));
      await("config map", () -> follow.list(mine()).equals(List.of(map)));
      assertThat(follow.list(unknown)).isEmpty();
      assertThat(follow.list(Query.all(Kind.POD, namespace()))).as("not followed").isEmpty();
      await("live", follow::live);
    }
  }

  @Test
  void ownWriteIsInTheCacheAtOnceAndAnOlderOneChangesNothing() {
    Ref ref = ref(Kind.CONFIG_MAP, name);
    Doc old = create(Kind.CONFIG_MAP, configMap(name, Map.of("a", "1")));
    try (Cluster.Follow follow = follow(mine())) {
      Doc written = cluster().patch(ref, Patch.none().put("2", "data", "a"), Send.REAL);
      follow.saw(written);
      assertThat(follow.list(mine())).containsExactly(written);

      follow.saw(old);
      assertThat(follow.list(mine())).containsExactly(written);

      Doc newest = cluster().patch(ref, Patch.none().put("3", "data", "a"), Send.REAL);
      await("heard", () -> follow.list(mine()).equals(List.of(newest)));
      follow.saw(written);
      assertThat(follow.list(mine())).containsExactly(newest);
    }
  }

  @Test
  void ownCreateIsInTheCacheAtOnceAndDoesNotOutliveItsDelete() {
    Ref ref = ref(Kind.CONFIG_MAP, name);
    try (Cluster.Follow follow = follow(mine())) {
      Doc created = create(Kind.CONFIG_MAP, configMap(name, Map.of()));
      follow.saw(created);
      assertThat(follow.list(mine())).containsExactly(created);

      cluster().delete(ref, uid(created));
      await("deleted", () -> follow.list(mine()).isEmpty());
      follow.saw(created);
      assertThat(follow.list(mine())).isEmpty();
    }
  }

  @Test
  void ownWriteThatTakesAnObjectOutOfTheQueryTakesItOutOfTheCache() {
    Ref ref = ref(Kind.CONFIG_MAP, name);
    create(Kind.CONFIG_MAP, configMap(name, Map.of()));
    try (Cluster.Follow follow = follow(mine())) {
      follow.saw(
          cluster().patch(ref, Patch.none().put("x", "metadata", "labels", "test"), Send.REAL));

      assertThat(follow.list(mine())).isEmpty();
    }
  }

  @Test
  void closedFollowIsNotLive() {
    Cluster.Follow follow = follow(mine());
    await("live", follow::live);

    follow.close();

    assertThat(follow.live()).isFalse();
  }
}
