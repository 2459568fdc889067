package rollout.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;
import rollout.model.UserError;

/**
 * The text of a file and what to call it in messages.
 *
 * @param name as the user named it; {@code stdin} or the like for a stream
 */
record SourceText(String name, String text) {
  /**
   * How much is read.
   *
   * @param mebibytes more than this is refused without a look at it
   * @param events how many keys, values, beginnings and ends there may be
   * @param hint what to do about a larger file
   */
  record Limit(int mebibytes, int events, String hint) {
    int bytes() {
      return mebibytes * 1024 * 1024;
    }
  }

  /**
   * Reads a file.
   *
   * @throws UserError when it is missing, a directory, too large, or not UTF-8
   */
  static SourceText read(Path file, Limit limit) {
    String name = file.toString();
    if (Files.isDirectory(file)) {
      throw UserError.of(name, "is a directory.", "Name a file in it.");
    }
    try (InputStream in = Files.newInputStream(file)) {
      SourceText read = read(name, in, limit);
      FilesRead.file(file, read.text());
      return read;
    } catch (NoSuchFileException e) {
      throw UserError.of(name, "there is no such file.", "Check the path.");
    } catch (AccessDeniedException e) {
      throw UserError.of(name, "may not be read.", "Check the file's permissions.");
    } catch (IOException e) {
      throw UserError.of(name, "cannot be read: " + e.getMessage() + ".", "");
    }
  }

  /**
   * Reads a stream to its end, or to the limit.
   *
   * @throws UserError when it is too large or not UTF-8
   */
  static SourceText read(String name, InputStream in, Limit limit) throws IOException {
    byte[] bytes = in.readNBytes(limit.bytes() + 1);
    if (bytes.length > limit.bytes()) {
      throw UserError.of(name, "is larger than " + limit.mebibytes() + " MiB.", limit.hint());
    }
    return new SourceText(name, decode(name, bytes));
  }

  private static String decode(String name, byte[] bytes) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    CharBuffer text = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), text, true);
    String read = text.flip().toString();
    if (result.isError()) {
      throw UserError.of(
          new SourceText(name, read).placeOfIndex(read.length()),
          "not UTF-8 from here on.",
          "Save the file as UTF-8.");
    }
    return read.startsWith("\uFEFF") ? read.substring(1) : read;
  }

  /** File, line and column of a node. */
  String place(Node node) {
    return node.getStartMark().map(this::place).orElse(name);
  }

  /** File and line of a node. */
  String line(Node node) {
    return node.getStartMark().map(mark -> name + ":" + (mark.getLine() + 1)).orElse(name);
  }

  String place(Mark mark) {
    return placeAt(mark.getLine(), mark.getColumn());
  }

  /** File, line and column, both counted from 0. */
  String placeAt(int line, int column) {
    return name + ":" + (line + 1) + ":" + (column + 1);
  }

  /** File, line and column of a character. */
  String placeOfIndex(int index) {
    String before = text.substring(0, index);
    int line = (int) before.chars().filter(c -> c == '\n').count();
    return placeAt(line, index - (before.lastIndexOf('\n') + 1));
  }
}
