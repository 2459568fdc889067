package rollout.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tables of CONTRIBUTING.md that say which test holds which rule. */
class RulesTests {
  private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w*Tests)#(\\w+)`");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| (I\\d+) \\|");

  private static String tables() throws IOException {
    String text = Files.readString(Path.of("CONTRIBUTING.md"));
    int from = text.indexOf("## Which test holds which rule");
    assertThat(from).as("the section of the tables").isPositive();
    return text.substring(from, text.indexOf("\n## ", from + 1));
  }

  /** The text of every test class, by its simple name. */
  private static Map<String, String> sources() throws IOException {
    Map<String, String> sources = new HashMap<>();
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      for (Path file : files.filter(one -> one.toString().endsWith("Tests.java")).toList()) {
        String name = file.getFileName().toString().replace(".java", "");
        sources.put(name, Files.readString(file));
      }
    }
    return sources;
  }

  private static boolean isTest(String source, String method) {
    String annotated = "@(Test|ParameterizedTest|RepeatedTest|SeededTest)\\b[^;{}]*?";
    return Pattern.compile(annotated + "void " + method + "\\(", Pattern.DOTALL)
        .matcher(source.replaceAll("\\{[^{}]*\\}\\)", ")"))
        .find();
  }

  @Test
  void everyTestThatTheTablesNameExists() throws IOException {
    Map<String, String> sources = sources();
    List<String> missing = new ArrayList<>();
    Matcher named = NAMED.matcher(tables());
    int found = 0;
    while (named.find()) {
      found++;
      if (!isTest(sources.getOrDefault(named.group(1), ""), named.group(2))) {
        missing.add(named.group());
      }
    }
    assertThat(missing).isEmpty();
    assertThat(found).isGreaterThan(100);
  }

  @Test
  void everyInvariantHasItsRow() throws IOException {
    List<String> rows = ROW.matcher(tables()).results().map(row -> row.group(1)).toList();
    assertThat(rows).isEqualTo(IntStream.rangeClosed(1, 15).mapToObj(n -> "I" + n).toList());
  }

  @Test
  void everyScenarioSaysWhatFailsWithoutItsGuard() throws IOException {
    List<String> rows =
        tables()
            .lines()
            .dropWhile(line -> !line.startsWith("| scenario |"))
            .skip(2)
            .takeWhile(line -> line.startsWith("|"))
            .toList();
    assertThat(rows).hasSizeGreaterThanOrEqualTo(40);
    assertThat(rows)
        .allMatch(
            row -> row.matches("\\| [^|]+ \\| [^|]*`\\w+Tests(#\\w+)?`[^|]* \\| [^|]+: [^|]+ \\|"));
  }

  @Test
  void whatIsNoTestIsNotTakenForOne() {
    assertThat(isTest("@Test\n  void works() {}\n  void helps() {}", "works")).isTrue();
    assertThat(isTest("@Test\n  void works() {}\n  void helps() {}", "helps")).isFalse();
    assertThat(isTest("@ParameterizedTest\n  @ValueSource(ints = {1, 2})\n  void x(", "x"))
        .isTrue();
  }
}
