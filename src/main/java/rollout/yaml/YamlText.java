package rollout.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.ConstructNode;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.Schema;
import rollout.model.UserError;

/** From YAML or JSON text to trees that know their places. */
final class YamlText {
  /**
   * A scalar without quotes and without a tag. What it means is decided by the reader: manifests
   * follow kubectl, strategy files the YAML 1.2 core schema.
   */
  static final Tag PLAIN = new Tag("tag:rollout,plain");

  private static final LoadSettings SETTINGS =
      LoadSettings.builder()
          .setSchema(new Plain())
          .setCodePointLimit(Integer.MAX_VALUE)
          // What aliases expand to is bounded where they are expanded; here they cost nothing.
          .setMaxAliasesForCollections(Integer.MAX_VALUE)
          .setAllowNonScalarKeys(true)
          .build();

  private YamlText() {}

  /**
   * The documents of a text; those without content are not among them.
   *
   * @param mostEvents how many keys, values, beginnings and ends there may be
   * @throws UserError when it is not YAML, or too much of it
   */
  static List<Node> documents(SourceText source, int mostEvents) {
    String text = source.text();
    if (text.stripLeading().startsWith("{") || text.stripLeading().startsWith("[")) {
      // JSON may be indented by tabs. Inside its strings there are none, so nothing else changes.
      text = text.replace('\t', ' ');
    }
    try {
      List<Node> documents = new ArrayList<>();
      Composer composer =
          new Composer(
              SETTINGS,
              new BoundedParser(
                  new ParserImpl(SETTINGS, new StreamReader(SETTINGS, text)), source, mostEvents));
      while (composer.hasNext()) {
        Node document = composer.next();
        if (!Scalars.isNull(document)) {
          documents.add(document);
        }
      }
      return documents;
    } catch (MarkedYamlEngineException e) {
      throw notYaml(source, e);
    } catch (ReaderException e) {
      throw notPrintable(source, e);
    } catch (YamlEngineException e) {
      throw UserError.of(source.name(), "not valid YAML: " + e.getMessage() + ".", "");
    }
  }

  private static UserError notYaml(SourceText source, MarkedYamlEngineException e) {
    Mark mark = e.getProblemMark().or(e::getContextMark).orElse(null);
    if (mark == null) {
      return UserError.of(source.name(), "not valid YAML: " + e.getProblem() + ".", "");
    }
    int tab = tabThatIndents(source.text(), mark);
    if (tab >= 0) {
      return UserError.of(
          source.placeAt(mark.getLine(), tab),
          "a tab, where YAML allows only spaces.",
          "Indent with spaces.");
    }
    String problem = e.getProblem().replaceFirst("\\. ?\\(Do not use .*\\)$", "");
    return UserError.of(
        source.place(mark),
        "not valid YAML: " + problem + ".",
        hint(problem, lineOf(source.text(), mark)));
  }

  private static String hint(String problem, String line) {
    if (line.contains("{{")) {
      return "Quote a value with '{{'; a template must be rendered first.";
    }
    if (problem.startsWith("mapping values are not allowed")) {
      return "Quote a value that contains ': ', and check the indentation.";
    }
    if (problem.startsWith("could not find expected ':'")) {
      return "Write 'name: value', with a space after the colon.";
    }
    if (problem.startsWith("found undefined alias")) {
      return "Quote a value that begins with '*'.";
    }
    return problem.contains("cannot start any token")
        ? "Quote the value."
        : "Check the indentation and the quotes up to here.";
  }

  private static int tabThatIndents(String text, Mark mark) {
    String line = lineOf(text, mark);
    int tab = line.indexOf('\t');
    boolean indents = tab >= 0 && line.substring(0, tab).isBlank();
    return indents || (tab >= 0 && tab == mark.getColumn()) ? tab : -1;
  }

  private static String lineOf(String text, Mark mark) {
    return text.lines().skip(mark.getLine()).findFirst().orElse("");
  }

  private static UserError notPrintable(SourceText source, ReaderException e) {
    int index = source.text().offsetByCodePoints(0, e.getPosition());
    return UserError.of(
        source.placeOfIndex(index),
        "a character that YAML does not allow: U+%04X.".formatted(e.getCodePoint()),
        "Is it a text file?");
  }

  /** Leaves plain scalars as they are. */
  private record Plain() implements Schema {
    @Override
    public ScalarResolver getScalarResolver() {
      return (value, implicit) -> implicit ? PLAIN : Tag.STR;
    }

    @Override
    public Map<Tag, ConstructNode> getSchemaTagConstructors() {
      return Map.of();
    }
  }
}
