import com.google.googlejavaformat.java.Formatter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks ({@code --dry-run}) or rewrites ({@code --write}) every Java file below a folder in Google
 * style. Run by Maven on JDK 25, since the formatter reads only the Java that its own JDK knows.
 */
class Format {
  public static void main(String[] args) throws Exception {
    boolean write = args[0].equals("--write");
    List<Path> wrong = new ArrayList<>();
    List<Path> files;
    try (var walk = Files.walk(Path.of(args[1]))) {
      files = walk.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
    for (Path file : files) {
      if (differs(file, write)) {
        wrong.add(file);
      }
    }
    if (write || wrong.isEmpty()) {
      return;
    }
    wrong.forEach(file -> System.err.println("not formatted: " + file));
    System.err.println(
        wrong.size() + " of " + files.size() + " files are not formatted; run ./format");
    System.exit(1);
  }

  private static boolean differs(Path file, boolean write) throws IOException {
    String before = Files.readString(file);
    String after;
    try {
      after = new Formatter().formatSourceAndFixImports(before);
    } catch (com.google.googlejavaformat.java.FormatterException e) {
      System.err.println(file + ": " + e.getMessage());
      return true;
    }
    if (after.equals(before)) {
      return false;
    }
    if (write) {
      Files.writeString(file, after);
    }
    return true;
  }
}
