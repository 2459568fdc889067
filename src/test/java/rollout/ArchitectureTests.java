package rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The walls hold, and each of them would be seen to fall: a planted house breaks them all. */
class ArchitectureTests {
  private static final House HOUSE = new House("rollout");
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("rollout");

  private static final House PLANTED = new House("planted");
  private static final JavaClasses PLANTED_CLASSES =
      new ClassFileImporter().importPackages("planted");

  private static List<String> broken(ArchRule rule, JavaClasses classes) {
    return rule.allowEmptyShould(true).evaluate(classes).getFailureReport().getDetails();
  }

  private static List<String> planted(ArchRule rule) {
    return broken(rule, PLANTED_CLASSES);
  }

  static Stream<String> rooms() {
    return House.MAY_KNOW.keySet().stream().sorted();
  }

  static Stream<String> libraries() {
    return House.FENCES.keySet().stream().sorted();
  }

  @Test
  void everyPackageHasItsPlaceInTheTable() {
    Set<String> found = new TreeSet<>();
    CLASSES.forEach(type -> found.add(HOUSE.room(type)));
    found.remove("");
    assertThat(found).isEqualTo(new TreeSet<>(House.MAY_KNOW.keySet()));
  }

  @Test
  void packagesFormNoCycle() {
    assertThat(broken(HOUSE.noCycles(), CLASSES)).isEmpty();
    assertThat(planted(PLANTED.noCycles())).singleElement().asString().contains("Slice model");
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void eachPackageKnowsOnlyThoseOfTheTable(String room) {
    assertThat(broken(HOUSE.knowsOnlyItsOwn(room), CLASSES)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "document, planted.document.Leaf, planted.model.Noun",
    "model, planted.model.Noun, planted.plan.Planner",
    "core, planted.core.Curious, planted.run.Runner",
    "kubernetes, planted.kubernetes.Blind, planted.prometheus.Source",
    "yaml, planted.yaml.Reader, planted.Main",
  })
  void packageThatKnowsTooMuchIsFound(String room, String from, String to) {
    assertThat(planted(PLANTED.knowsOnlyItsOwn(room)))
        .anySatisfy(line -> assertThat(line).contains(from).contains(to));
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void librariesStayBehindTheirFences(String library) {
    assertThat(broken(HOUSE.fenced(library), CLASSES)).isEmpty();
    assertThat(planted(PLANTED.fenced(library)))
        .allSatisfy(line -> assertThat(line).contains("planted.plan.Planner"))
        .isNotEmpty();
  }

  @Test
  void pureOnesUseTheJdkOnly() {
    assertThat(broken(HOUSE.pureOnesUseTheJdkOnly(), CLASSES)).isEmpty();
    assertThat(planted(PLANTED.pureOnesUseTheJdkOnly()))
        .anySatisfy(line -> assertThat(line).contains("picocli"));
  }

  @Test
  void pureOnesTouchNothingOutside() {
    assertThat(broken(HOUSE.pureOnesTouchNothingOutside(), CLASSES)).isEmpty();
    assertThat(planted(PLANTED.pureOnesTouchNothingOutside()))
        .anySatisfy(line -> assertThat(line).contains("java.nio.file.Files"));
  }

  @Test
  void pureOnesReadNoClock() {
    assertThat(broken(HOUSE.noClock(), CLASSES)).isEmpty();
    assertThat(String.join("\n", planted(PLANTED.noClock())))
        .contains("Instant.now", "LocalDate.now", "System.nanoTime", "System.currentTimeMillis")
        .contains("Thread.sleep", "Clock.systemUTC", "InstantSource.system");
  }

  @Test
  void pureOnesThrowNoDice() {
    assertThat(broken(HOUSE.noDice(), CLASSES)).isEmpty();
    assertThat(String.join("\n", planted(PLANTED.noDice())))
        .contains("Math.random", "UUID.randomUUID", "java.util.Random", "ThreadLocalRandom");
  }

  @Test
  void onlyTheEntryPointsHoldTheProcess() {
    assertThat(broken(HOUSE.onlyEntryPointsHoldTheProcess(), CLASSES)).isEmpty();
    assertThat(String.join("\n", planted(PLANTED.onlyEntryPointsHoldTheProcess())))
        .contains("System.exit", "System.out", "System.err", "System.in")
        .contains("Runtime.halt", "Runtime.exit")
        .doesNotContain("planted.Main");
  }

  @Test
  void nothingIsWrittenBlindly() {
    assertThat(broken(HOUSE.noBlindWrites(), CLASSES)).isEmpty();
    assertThat(String.join("\n", planted(PLANTED.noBlindWrites())))
        .contains(".edit(", ".replace(", ".accept(", ".scale(", ".createOrReplace(");
  }
}
