package rollout;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * An API server with one Service, for {@link Training} only: half of a short command's start-up is
 * the first TLS connection, so the cache must have seen one. Its key is made for the occasion.
 */
final class TrainingServer implements AutoCloseable {
  private static final String SERVICE =
      """
      {"kind":"Service","apiVersion":"v1","metadata":{"name":"shop","namespace":"none","uid":"u",
      "resourceVersion":"1"},"spec":{"selector":{"app":"shop"},"ports":[{"port":80}]}}\
      """;
  private static final String LIST = "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]}";
  private static final String MISSING =
      """
      {"kind":"Status","apiVersion":"v1","status":"Failure","reason":"NotFound","code":404,
      "message":"not found","details":{"name":"x"}}\
      """;
  private static final String PASSWORD = "training";

  private final HttpsServer server;
  private final String authority;

  private TrainingServer(HttpsServer server, String authority) {
    this.server = server;
    this.authority = authority;
  }

  /**
   * Starts it on the loopback interface.
   *
   * @param folder where its key may be written
   * @throws IOException when this Java runtime has no keytool, or no socket is to be had
   */
  static TrainingServer start(Path folder) throws IOException {
    Path store = folder.resolve("key.p12");
    Path certificate = folder.resolve("key.pem");
    keytool(
        "-genkeypair",
        "-keyalg",
        "EC",
        "-groupname",
        "secp256r1",
        "-alias",
        "t",
        "-dname",
        "CN=127.0.0.1",
        "-ext",
        "san=ip:127.0.0.1",
        "-validity",
        "2",
        "-storetype",
        "PKCS12",
        "-keystore",
        store.toString(),
        "-storepass",
        PASSWORD);
    keytool(
        "-exportcert",
        "-rfc",
        "-alias",
        "t",
        "-file",
        certificate.toString(),
        "-keystore",
        store.toString(),
        "-storepass",
        PASSWORD);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls(store)));
    server.createContext("/", TrainingServer::answer);
    server.start();
    return new TrainingServer(
        server, Base64.getEncoder().encodeToString(Files.readAllBytes(certificate)));
  }

  private static void keytool(String... words) throws IOException {
    List<String> all = new ArrayList<>(List.of(words));
    all.addFirst(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    Process process =
        new ProcessBuilder(all)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (process.waitFor() != 0) {
        throw new IOException("keytool ended with " + process.exitValue());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static SSLContext tls(Path store) throws IOException {
    try {
      KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(keys, PASSWORD.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    boolean one = path.matches(".*/(services|deployments|configmaps|leases)/[^/]+");
    boolean shop = path.endsWith("/services/shop");
    byte[] body = (shop ? SERVICE : one ? MISSING : LIST).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(one && !shop ? 404 : 200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /** A kubeconfig that leads here. */
  String kubeconfig() {
    return """
    apiVersion: v1
    kind: Config
    current-context: training
    clusters:
    - name: training
      cluster:
        server: "https://127.0.0.1:%d"
        certificate-authority-data: %s
    contexts:
    - name: training
      context: {cluster: training, user: training, namespace: none}
    users:
    - name: training
      user: {token: none}
    """
        .formatted(server.getAddress().getPort(), authority);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
