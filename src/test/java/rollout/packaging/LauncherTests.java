package rollout.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher with pretended JDKs and a pretended Maven, in folders with spaces. */
class LauncherTests {
  @TempDir Path root;
  private Path project;
  private Path jdk;
  private Path bin;

  private record Ended(int code, String out, String err) {}

  @BeforeEach
  void aBuiltProject() throws IOException {
    project = Files.createDirectories(root.resolve("my project"));
    Files.copy(Path.of("rollout"), project.resolve("rollout"), StandardCopyOption.COPY_ATTRIBUTES);
    Files.createDirectories(project.resolve("target/lib"));
    Files.createDirectories(project.resolve("src/main"));
    Files.writeString(project.resolve("pom.xml"), "<project/>");
    Files.writeString(project.resolve("target/lib/a.jar"), "a");
    Files.writeString(project.resolve("target/rollout.jar"), "jar");
    older(project.resolve("pom.xml"));
    older(project.resolve("src/main"));
    jdk = jdk("jdk 25", "25.0.3");
    bin = Files.createDirectories(root.resolve("bin"));
  }

  private static void older(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
  }

  private Path jdk(String name, String version) throws IOException {
    Path home = Files.createDirectories(root.resolve(name));
    Files.writeString(
        home.resolve("release"),
        "IMPLEMENTOR=\"x\"\nJAVA_RUNTIME_VERSION=\""
            + version
            + "+9\"\nJAVA_VERSION=\""
            + version
            + "\"\n");
    // In training it makes a cache, else it says how it was called.
    script(
        home.resolve("bin/java"),
        """
        for a; do case $a in -XX:AOTCacheOutput=*) echo cache >"${a#*=}"; exit;; esac; done
        for a; do printf '<%s>\\n' "$a"; done
        """);
    return home;
  }

  private static void script(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private Ended run(Path launcher, Map<String, String> more, String... words) throws Exception {
    Path out = root.resolve("out");
    Path err = root.resolve("err");
    ProcessBuilder start =
        new ProcessBuilder(Stream.concat(Stream.of(launcher.toString()), Stream.of(words)).toList())
            .directory(root.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    start.environment().clear();
    start.environment().put("PATH", bin + ":/usr/bin:/bin");
    start.environment().put("HOME", root.toString());
    start.environment().put("ROLLOUT_AOT", "off");
    start.environment().putAll(more);
    Process process = start.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private Ended run(String... words) throws Exception {
    return run(project.resolve("rollout"), Map.of("JAVA_HOME", jdk.toString()), words);
  }

  @Test
  void wordsReachTheProgramAsTheyAre() throws Exception {
    Ended ended = run("status", "a b", "", "$HOME", "*");

    assertThat(ended.code()).isZero();
    assertThat(ended.err()).isEmpty();
    assertThat(ended.out())
        .endsWith(
            "<-jar>\n<"
                + project.toRealPath()
                + "/target/rollout.jar>\n"
                + "<status>\n<a b>\n<>\n<$HOME>\n<*>\n");
  }

  @Test
  void itWorksThroughSymlinks() throws Exception {
    Path first = Files.createSymbolicLink(root.resolve("first"), Path.of("my project/rollout"));
    Path second = Files.createSymbolicLink(bin.resolve("second"), first);

    assertThat(run(second, Map.of("JAVA_HOME", jdk.toString()), "version").out())
        .contains("<" + project.toRealPath() + "/target/rollout.jar>");
  }

  @Test
  void longCommandsGetAllTiersAndShortOnesStartFast() throws Exception {
    assertThat(run("bluegreen", "shop").out()).doesNotContain("TieredStopAtLevel");
    assertThat(run("undo", "shop").out()).doesNotContain("TieredStopAtLevel");
    assertThat(run("status", "shop").out()).contains("<-XX:TieredStopAtLevel=1>");
  }

  @Test
  void anOldJavaHomeIsPassedOver() throws Exception {
    Path old = jdk("jdk 17", "17.0.1");
    Files.createSymbolicLink(bin.resolve("java"), jdk.resolve("bin/java"));

    assertThat(run(project.resolve("rollout"), Map.of("JAVA_HOME", old.toString()), "x").out())
        .contains("<x>");
  }

  @Test
  void anOldJdkThatWasAskedForIsRefused() throws Exception {
    Path old = jdk("jdk 17", "17.0.1");
    Ended ended = run(project.resolve("rollout"), Map.of("ROLLOUT_JAVA_HOME", old.toString()), "x");

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).contains("holds no JDK 25 or newer").contains("Nothing was changed");
  }

  @Test
  void itBuildsOnceWhenSourcesAreNewer() throws Exception {
    script(bin.resolve("mvn"), "echo built >>\"" + root + "/builds\"\n");
    Files.writeString(project.resolve("src/main/A.java"), "class A {}");
    Files.setLastModifiedTime(
        project.resolve("target/rollout.jar"),
        FileTime.from(Instant.parse("2021-01-01T00:00:00Z")));

    Ended first = run("version");
    Ended second = run("version");

    assertThat(first.code()).isZero();
    assertThat(first.err()).contains("building").hasLineCount(1);
    assertThat(first.out()).doesNotContain("building");
    assertThat(second.err()).isEmpty();
    assertThat(Files.readAllLines(root.resolve("builds"))).containsExactly("built");
  }

  @Test
  void aFailedBuildShowsItsLog() throws Exception {
    script(bin.resolve("mvn"), "echo 'cannot find symbol'; exit 1\n");
    Files.delete(project.resolve("target/rollout.jar"));

    Ended ended = run("version");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err()).contains("cannot find symbol").contains("the build failed");
    assertThat(ended.out()).isEmpty();
    assertThat(project.resolve("target/.building")).doesNotExist();
  }

  @Test
  void theCacheIsMadeOnceAndNamedByWhatIsInTheJars() throws Exception {
    Map<String, String> environment =
        Map.of("JAVA_HOME", jdk.toString(), "ROLLOUT_AOT", "", "XDG_CACHE_HOME", root + "/cache");
    Path cache = root.resolve("cache/rollout");

    assertThat(run(project.resolve("rollout"), environment, "x").out()).doesNotContain("AOTCache");
    Path made = awaitCaches(cache, 1).getFirst();
    assertThat(run(project.resolve("rollout"), environment, "x").out())
        .contains("<-XX:AOTCache=" + made + ">");
    Files.writeString(project.resolve("target/rollout.jar"), "another jar");
    assertThat(run(project.resolve("rollout"), environment, "x").out()).doesNotContain("AOTCache");
    assertThat(awaitCaches(cache, 2)).contains(made);
  }

  @Test
  void withoutAFolderForTheCacheItRunsWithoutOne() throws Exception {
    Files.writeString(root.resolve("file"), "");
    Map<String, String> environment =
        Map.of("JAVA_HOME", jdk.toString(), "ROLLOUT_AOT", "", "XDG_CACHE_HOME", root + "/file");

    Ended ended = run(project.resolve("rollout"), environment, "x");

    assertThat(ended.code()).isZero();
    assertThat(ended.err()).isEmpty();
    assertThat(ended.out()).contains("<x>").doesNotContain("AOTCache");
  }

  // Made by a process that nobody waits for, so a test can only look again and again.
  private static List<Path> awaitCaches(Path folder, int count) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    List<Path> found = List.of();
    while (found.size() < count && System.nanoTime() < deadline) {
      try (Stream<Path> files = Files.list(folder)) {
        found = files.filter(file -> file.toString().endsWith(".aot")).toList();
      }
      Thread.onSpinWait();
    }
    assertThat(found).hasSize(count);
    return found;
  }
}
