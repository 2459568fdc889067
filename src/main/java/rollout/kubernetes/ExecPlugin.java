package rollout.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import rollout.document.Doc;
import rollout.model.UserError;

/** A program that knows credentials, as kubeconfig files name it: {@code users[].user.exec}. */
final class ExecPlugin {
  private static final int LONGEST_RUN_SECONDS = 60;

  private final String place;
  private final Doc exec;
  private final Path folder;

  /**
   * A plugin.
   *
   * @param place the kubeconfig file, for messages
   * @param folder what a relative path of the program is relative to
   */
  ExecPlugin(String place, Doc exec, Path folder) {
    this.place = place;
    this.exec = exec;
    this.folder = folder;
  }

  /**
   * Runs it, and gives the {@code status} of the ExecCredential that it prints. What it says on
   * stderr goes to ours, as with kubectl.
   *
   * @throws UserError when it gives none
   */
  Doc status() {
    try {
      Process process = start();
      Thread limit = Thread.ofVirtual().start(() -> endWhenLate(process));
      String output;
      try (InputStream stdout = process.getInputStream()) {
        output = new String(stdout.readAllBytes(), StandardCharsets.UTF_8);
      }
      int code = process.waitFor();
      limit.interrupt();
      if (code != 0) {
        throw failed("ended with code " + code + ".");
      }
      return Doc.parse(output).doc("status");
    } catch (IllegalArgumentException e) {
      throw failed("printed no ExecCredential.");
    } catch (IOException e) {
      throw failed("cannot be run.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("was interrupted.");
    }
  }

  private Process start() throws IOException {
    List<String> command = new ArrayList<>();
    String program = exec.textOrEmpty("command");
    // a name alone is looked up on PATH; anything with a slash is a file
    command.add(program.contains("/") ? folder.resolve(program).toString() : program);
    command.addAll(exec.textList("args"));
    ProcessBuilder process = new ProcessBuilder(command);
    exec.docs("env")
        .forEach(
            env -> process.environment().put(env.textOrEmpty("name"), env.textOrEmpty("value")));
    process.environment().put("KUBERNETES_EXEC_INFO", info());
    process.redirectError(ProcessBuilder.Redirect.INHERIT);
    Process started = process.start();
    started.getOutputStream().close();
    return started;
  }

  private String info() {
    return Doc.of(
            "apiVersion",
            exec.textOrEmpty("apiVersion"),
            "kind",
            "ExecCredential",
            "spec",
            Doc.of("interactive", false))
        .json();
  }

  private static void endWhenLate(Process process) {
    try {
      if (!process.waitFor(LONGEST_RUN_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      // it ended in time
    }
  }

  private UserError failed(String what) {
    String hint = exec.textOrEmpty("installHint").strip();
    return UserError.of(
        place, "the credential plugin " + exec.textOrEmpty("command") + " " + what, hint);
  }
}
