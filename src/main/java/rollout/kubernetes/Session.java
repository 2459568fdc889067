package rollout.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.TokenRefreshInterceptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.UserError;

/** A cluster and a user of kubeconfig files, made into a client of fabric8. */
final class Session {
  private final String place;
  private final KubeConfig.Entry cluster;
  private final KubeConfig.Entry user;

  /**
   * A session.
   *
   * @param place for messages
   */
  Session(String place, KubeConfig.Entry cluster, KubeConfig.Entry user) {
    this.place = place;
    this.cluster = cluster;
    this.user = user;
  }

  /**
   * Makes the client and begins to connect.
   *
   * @throws UserError when the entries don't do
   */
  FabricCluster open() {
    Doc plugin = user.value().doc("exec");
    Doc credential =
        plugin.isEmpty() ? Doc.EMPTY : new ExecPlugin(place, plugin, user.folder()).status();
    String server = server();
    Config config = config(server, credential);
    HttpClient http = client(config, token(credential));
    FabricCluster opened = new FabricCluster(http, server);
    opened.warmUp();
    return opened;
  }

  private String server() {
    String server = cluster.value().textOrEmpty("server");
    if (!server.matches("https?://[^/\\s]+.*")) {
      throw UserError.of(
          place, "cluster " + cluster.name() + " has no valid server.", "Write https://HOST:PORT.");
    }
    return server.replaceAll("/+$", "");
  }

  private Config config(String server, Doc credential) {
    Config config = Config.empty();
    config.setMasterUrl(server);
    config.setUserAgent("rollout");
    config.setConnectionTimeout(Math.toIntExact(Connection.TIMEOUT.toMillis()));
    config.setRequestRetryBackoffLimit(0);
    // One request a connection: a stalled HTTP/2 connection would take every later request with it.
    config.setHttp2Disable(true);
    boolean insecure = cluster.value().isTrue("insecure-skip-tls-verify");
    config.setTrustCerts(insecure);
    config.setDisableHostnameVerification(insecure);
    config.setCaCertData(text(cluster, "certificate-authority-data"));
    config.setCaCertFile(file(cluster, "certificate-authority"));
    config.setTlsServerName(text(cluster, "tls-server-name"));
    config.setHttpsProxy(text(cluster, "proxy-url"));
    config.setHttpProxy(text(cluster, "proxy-url"));
    config.setUsername(text(user, "username"));
    config.setPassword(text(user, "password"));
    config.setImpersonateUsername(text(user, "as"));
    config.setImpersonateGroups(user.value().textList("as-groups").toArray(String[]::new));
    clientCertificate(config, credential);
    return config;
  }

  private void clientCertificate(Config config, Doc credential) {
    config.setClientCertData(text(user, "client-certificate-data"));
    config.setClientCertFile(file(user, "client-certificate"));
    config.setClientKeyData(text(user, "client-key-data"));
    config.setClientKeyFile(file(user, "client-key"));
    credential
        .text("clientCertificateData")
        .ifPresent(
            pem -> {
              config.setClientCertData(base64(pem));
              config.setClientKeyData(base64(credential.textOrEmpty("clientKeyData")));
            });
    config.setClientKeyAlgo(
        Config.getKeyAlgorithm(config.getClientKeyFile(), config.getClientKeyData()));
  }

  private static String base64(String pem) {
    return java.util.Base64.getEncoder()
        .encodeToString(pem.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static @Nullable String text(KubeConfig.Entry entry, String member) {
    return entry.text(member).orElse(null);
  }

  private @Nullable String file(KubeConfig.Entry entry, String member) {
    // as with kubectl, the data counts when both are given
    Optional<Path> file = entry.file(member).filter(path -> entry.text(member + "-data").isEmpty());
    file.filter(path -> !Files.isReadable(path))
        .ifPresent(
            path -> {
              throw UserError.of(place, member + " " + path + " cannot be read.", "");
            });
    return file.map(Path::toString).orElse(null);
  }

  private Optional<BearerToken> token(Doc credential) {
    Optional<Path> file = user.file("tokenFile");
    if (file.isPresent()) {
      String token =
          content(file.get())
              .orElseThrow(
                  () -> UserError.of(place, "tokenFile " + file.get() + " cannot be read.", ""));
      return Optional.of(new BearerToken(token, () -> content(file.get())));
    }
    Optional<String> fixed =
        user.text("token").or(() -> user.value().text("auth-provider", "config", "id-token"));
    if (fixed.isPresent()) {
      return Optional.of(new BearerToken(fixed.get(), Optional::empty));
    }
    ExecPlugin plugin = new ExecPlugin(place, user.value().doc("exec"), user.folder());
    return credential
        .text("token")
        .map(token -> new BearerToken(token, () -> plugin.status().text("token")));
  }

  /** What is in a small file, without the white space around it. */
  static Optional<String> content(Path file) {
    try {
      return Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private HttpClient client(Config config, Optional<BearerToken> token) {
    try {
      HttpClient.Builder builder = new JdkHttpClientFactory().newBuilder(config);
      // fabric8's own reads the kubeconfig anew with every request, once a minute has passed
      if (config.getUsername() == null) {
        builder.addOrReplaceInterceptor(TokenRefreshInterceptor.NAME, token.orElse(null));
      }
      return builder.build();
    } catch (RuntimeException e) {
      // its message may quote what it could not read
      throw UserError.of(
          place,
          "no TLS client can be made of cluster "
              + cluster.name()
              + " and user "
              + user.name()
              + ".",
          "Look at their certificates and keys, and at proxy-url.");
    }
  }
}
