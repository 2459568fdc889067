package rollout.real;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The real cluster that tests may use, when there is one. */
public final class Lab {
  private static final Pattern SERVER = Pattern.compile("server: *\"?(https?://[^\\s\",}]+)");
  private static final int CONNECT_MILLIS = 2_000;

  private Lab() {}

  /**
   * The kubeconfig of a server that listens: of {@code ROLLOUT_TEST_KUBECONFIG}, or of the lab in
   * {@code ROLLOUT_LAB} ({@code ../shared/lab} when not set). Without one it says so in a line.
   */
  public static Optional<Path> kubeconfig() {
    String named = System.getenv().getOrDefault("ROLLOUT_TEST_KUBECONFIG", "");
    Optional<Path> file = named.isEmpty() ? ofLab() : Optional.of(Path.of(named));
    Optional<Path> usable = file.filter(Lab::listens);
    if (usable.isEmpty()) {
      System.out.println(
          "No real cluster: neither ROLLOUT_TEST_KUBECONFIG nor a lab that is up (ROLLOUT_LAB);"
              + " the tests on one are skipped.");
    }
    return usable;
  }

  private static Optional<Path> ofLab() {
    Path lab = Path.of(System.getenv().getOrDefault("ROLLOUT_LAB", "../shared/lab"), "lab");
    if (!Files.isExecutable(lab)) {
      return Optional.empty();
    }
    try {
      Process process = new ProcessBuilder(lab.toString(), "kubeconfig").start();
      try (InputStream output = process.getInputStream()) {
        String path = new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
        return path.isEmpty() ? Optional.empty() : Optional.of(Path.of(path));
      }
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean listens(Path kubeconfig) {
    try (Socket socket = new Socket()) {
      Matcher server = SERVER.matcher(Files.readString(kubeconfig));
      if (!server.find()) {
        return false;
      }
      URI address = URI.create(server.group(1));
      int port = address.getPort() < 0 ? 443 : address.getPort();
      socket.connect(new InetSocketAddress(address.getHost(), port), CONNECT_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
