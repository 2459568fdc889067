package rollout.simulated;

import java.util.List;
import java.util.Map;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Ref;
import rollout.sim.World;

/**
 * A Secret that every version of the shop reads, and what people do to it and to the rights on it.
 */
final class SharedSecret {
  /** What is in it at first, and must not be told. */
  static final String CONTENT = "Z2VoZWlt";

  static final String NAME = "shop-db";
  private static final Ref REF = new Ref(Kind.SECRET, World.NAMESPACE, NAME);

  private final World world;

  SharedSecret(World world) {
    this.world = world;
  }

  /** Puts it into the world, and into the shop. */
  static void mount(World world) {
    new SharedSecret(world).write(CONTENT);
    Scene.mounting(world, Doc.of("name", "db", "secret", Doc.of("secretName", NAME)));
  }

  /** Somebody writes it, as a tool that keeps Secrets does; it is made where there is none. */
  void write(String content) {
    Doc metadata = Doc.of("name", NAME, "namespace", World.NAMESPACE);
    if (world.find(REF).isEmpty()) {
      world.create(Kind.SECRET, Doc.of("metadata", metadata));
    }
    Doc writer =
        Doc.of(
            "manager",
            "vault",
            "time",
            world.now().toString(),
            "fieldsV1",
            Doc.of("f:data", Doc.of("f:password", Doc.EMPTY)));
    world.edit(
        REF,
        live ->
            live.with(Map.of("password", content), "data")
                .with(List.of(writer), "metadata", "managedFields"));
  }

  /** Somebody deletes it. */
  void delete() {
    world.delete(REF);
  }

  /** Nobody may see Secrets any more; a watch that runs goes on until it ends. */
  void hide() {
    for (String verb : List.of("get", "list", "watch")) {
      world.forbid(verb, "secrets");
    }
  }
}
