package rollout;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/**
 * The walls of the house as rules.
 *
 * @param root the package that holds the house; another one than {@code rollout} for the planted
 *     house, on which each rule has to find something
 */
record House(String root) {
  private static final Set<String> PORT = Set.of("document", "model", "port");

  /** Who may know whom. The root package, which puts the parts together, may know everybody. */
  static final Map<String, Set<String>> MAY_KNOW =
      Map.ofEntries(
          Map.entry("document", Set.of()),
          Map.entry("model", Set.of("document")),
          Map.entry("strategy", Set.of("document", "model")),
          Map.entry("migration", Set.of("document", "model", "strategy")),
          Map.entry("router", Set.of("document", "model")),
          Map.entry("plan", Set.of("document", "model", "strategy", "migration", "router")),
          Map.entry("core", Set.of("document", "model", "strategy", "migration", "router", "plan")),
          Map.entry(
              "port",
              Set.of("document", "model", "strategy", "migration", "router", "plan", "core")),
          Map.entry(
              "run",
              Set.of(
                  "document", "model", "strategy", "migration", "router", "plan", "core", "port")),
          Map.entry("yaml", Set.of("document", "model", "strategy", "migration")),
          Map.entry("kubernetes", PORT),
          Map.entry("prometheus", PORT),
          Map.entry("progress", PORT),
          Map.entry("notify", Set.of("document", "model", "strategy", "port")),
          Map.entry("exporter", PORT),
          Map.entry("sim", PORT),
          Map.entry(
              "demo",
              Set.of("document", "model", "strategy", "plan", "core", "port", "run", "sim")),
          Map.entry(
              "cli",
              Set.of(
                  "document",
                  "model",
                  "strategy",
                  "migration",
                  "plan",
                  "core",
                  "port",
                  "run",
                  "yaml",
                  "demo")));

  /** What decides, and what it decides on: values in, values out. */
  static final List<String> PURE =
      List.of("document", "model", "strategy", "migration", "router", "plan", "core");

  /** Which packages may use a library. */
  static final Map<String, Set<String>> FENCES =
      Map.of(
          "picocli", Set.of("cli"),
          "io.fabric8", Set.of("kubernetes"),
          "tools.jackson", Set.of("document", "yaml", "kubernetes", "progress", "prometheus"),
          "com.fasterxml", Set.of("document", "yaml", "kubernetes", "progress", "prometheus"),
          "org.snakeyaml", Set.of("yaml"),
          "java.net.http", Set.of("prometheus", "notify", "exporter"),
          "io.prometheus", Set.of("exporter"),
          "org.slf4j", Set.of("run", "yaml", "kubernetes", "prometheus", "progress"),
          "sun.misc", Set.of("cli"));

  private static final Set<String> OUTSIDE =
      Set.of("java.io", "java.net", "java.net.http", "java.nio.file", "java.util.concurrent");

  private static final Set<String> DICE =
      Set.of(
          "java.util.Random",
          "java.util.SplittableRandom",
          "java.security.SecureRandom",
          "java.util.concurrent.ThreadLocalRandom",
          "java.util.random.RandomGenerator");

  private static final Set<String> BLIND_WRITES = Set.of("edit", "replace", "accept", "scale");

  /** No package knows one that knows it, by whatever way round. */
  ArchRule noCycles() {
    return slices().matching(root + ".(*)..").should().beFreeOfCycles();
  }

  /** A package knows those of the house that it may know, and no others. */
  ArchRule knowsOnlyItsOwn(String room) {
    Set<String> known = MAY_KNOW.get(room);
    DescribedPredicate<JavaClass> stranger =
        DescribedPredicate.describe(
            "are of the house, and none of " + known,
            type -> ofHouse(type) && !room(type).equals(room) && !known.contains(room(type)));
    return in(List.of(room)).should().dependOnClassesThat(stranger).as(room + " knows too much");
  }

  /** A library is known where it is wrapped, and nowhere else. */
  ArchRule fenced(String library) {
    Set<String> inside = FENCES.get(library);
    return noClasses()
        .that(describe("outside " + inside, type -> !inside.contains(room(type))))
        .should()
        .dependOnClassesThat(describe("are of " + library, type -> within(type, library)));
  }

  /** The pure packages use the JDK and each other; only {@code document} has a library. */
  ArchRule pureOnesUseTheJdkOnly() {
    DescribedPredicate<JavaClass> foreign =
        describe(
            "are neither of the JDK nor of the house",
            type ->
                Stream.of("java", "org.jspecify", root).noneMatch(home -> within(type, home))
                    && !type.isPrimitive()
                    && !type.isArray());
    List<String> withoutLibrary = PURE.stream().filter(room -> !room.equals("document")).toList();
    return in(withoutLibrary).should().dependOnClassesThat(foreign);
  }

  /** The pure packages neither read nor write anything, and run in one thread. */
  ArchRule pureOnesTouchNothingOutside() {
    return in(PURE)
        .should()
        .dependOnClassesThat(
            describe("reach outside", type -> OUTSIDE.contains(type.getPackageName())));
  }

  /** The same input gives the same answer, in the pure packages and in the simulated world. */
  ArchRule noClock() {
    return in(Stream.concat(PURE.stream(), Stream.of("sim")).toList())
        .should()
        .accessTargetWhere(target("a clock", House::clock));
  }

  /** The pure packages throw no dice; the simulated world has some, from its seed. */
  ArchRule noDice() {
    return in(PURE).should().accessTargetWhere(target("dice", House::dice));
  }

  /** Only the two entry points end the process, and only they have its three streams. */
  ArchRule onlyEntryPointsHoldTheProcess() {
    return noClasses()
        .that(
            describe(
                "are no entry points",
                type -> !Set.of(root + ".Main", root + ".Training").contains(type.getName())))
        .should()
        .accessTargetWhere(target("the process", House::process));
  }

  /** The writes of fabric8 that read first and overwrite what they found, or try ten times. */
  ArchRule noBlindWrites() {
    return noClasses()
        .should()
        .accessTargetWhere(
            target(
                "a write without a condition",
                (owner, name) ->
                    owner.startsWith("io.fabric8.")
                        && (BLIND_WRITES.contains(name) || name.startsWith("createOr"))));
  }

  /** The package right below the root that a class is in; empty for the root's own. */
  String room(JavaClass type) {
    String name = type.getPackageName();
    return name.startsWith(root + ".") ? name.substring(root.length() + 1).split("\\.")[0] : "";
  }

  private boolean ofHouse(JavaClass type) {
    return within(type, root);
  }

  private com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction in(List<String> rooms) {
    return noClasses().that(describe("are in " + rooms, type -> rooms.contains(room(type))));
  }

  private static boolean within(JavaClass type, String home) {
    return (type.getPackageName() + ".").startsWith(home + ".");
  }

  private static boolean clock(String owner, String name) {
    return switch (owner) {
      case "java.lang.System" -> name.equals("nanoTime") || name.equals("currentTimeMillis");
      case "java.lang.Thread" -> name.equals("sleep");
      case "java.time.Clock", "java.time.InstantSource" -> true;
      default -> owner.startsWith("java.time.") && name.equals("now");
    };
  }

  private static boolean dice(String owner, String name) {
    return DICE.contains(owner)
        || (owner.equals("java.lang.Math") && name.equals("random"))
        || (owner.equals("java.util.UUID") && name.equals("randomUUID"));
  }

  private static boolean process(String owner, String name) {
    return switch (owner) {
      case "java.lang.System" -> Set.of("exit", "in", "out", "err").contains(name);
      case "java.lang.Runtime" -> name.equals("exit") || name.equals("halt");
      default -> false;
    };
  }

  private static DescribedPredicate<JavaClass> describe(
      String words, java.util.function.Predicate<JavaClass> test) {
    return DescribedPredicate.describe(words, test);
  }

  private static DescribedPredicate<JavaAccess<?>> target(
      String words, BiPredicate<String, String> test) {
    return DescribedPredicate.describe(
        words,
        access -> test.test(access.getTargetOwner().getName(), access.getTarget().getName()));
  }
}
