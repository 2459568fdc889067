package rollout.kubernetes;

import io.fabric8.kubernetes.client.RequestConfig;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.ImpersonatorInterceptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import rollout.document.Doc;
import rollout.model.UserError;

/** A cluster and a user of kubeconfig files, made into a client of fabric8. */
final class Session {
  private final String place;
  private final KubeConfig.Entry cluster;
  private final KubeConfig.Entry user;
  private final Requests requests;

  /**
   * A session.
   *
   * @param place for messages
   * @param requests told of each
   */
  Session(String place, KubeConfig.Entry cluster, KubeConfig.Entry user, Requests requests) {
    this.place = place;
    this.cluster = cluster;
    this.user = user;
    this.requests = requests;
  }

  /**
   * Makes the client. Nothing is sent yet.
   *
   * @throws UserError when the entries don't do
   */
  FabricCluster open() {
    return new FabricCluster(connection(Connection.TIMEOUT));
  }

  /** The connection, with a timeout for each request. */
  Connection connection(Duration timeout) {
    Doc plugin = user.value().doc("exec");
    Doc credential =
        plugin.isEmpty() ? Doc.EMPTY : new ExecPlugin(place, plugin, user.folder()).status();
    String server = server();
    HttpClient http = client(tls(credential), header(credential));
    return new Connection(http, server, timeout, requests);
  }

  /** Until when this user is known, where nobody renews what he is known by. */
  Optional<Instant> credentialEnds() {
    boolean renewed = user.file("tokenFile").isPresent() || !user.value().doc("exec").isEmpty();
    return renewed
        ? Optional.empty()
        : CredentialEnd.of(user.text("token"), pem(user, "client-certificate"));
  }

  private String server() {
    String server = cluster.value().textOrEmpty("server");
    if (!server.matches("https?://[^/\\s]+.*")) {
      throw UserError.of(
          place, "cluster " + cluster.name() + " has no valid server.", "Write https://HOST:PORT.");
    }
    return server.replaceAll("/+$", "");
  }

  private Tls tls(Doc credential) {
    if (cluster.text("tls-server-name").isPresent()) {
      throw UserError.of(
          place,
          "cluster " + cluster.name() + " has a tls-server-name, which is not supported.",
          "Use a server name that its certificate has.");
    }
    return new Tls(
        pem(cluster, "certificate-authority"),
        credential.text("clientCertificateData").or(() -> pem(user, "client-certificate")),
        credential.text("clientKeyData").or(() -> pem(user, "client-key")),
        cluster.value().isTrue("insecure-skip-tls-verify"));
  }

  /** What is in a member's data or, without data, as with kubectl, in its file. */
  private Optional<String> pem(KubeConfig.Entry entry, String member) {
    Optional<String> data = entry.text(member + "-data");
    if (data.isPresent()) {
      return data.map(text -> decoded(member, text));
    }
    return entry
        .file(member)
        .map(
            file ->
                content(file)
                    .orElseThrow(
                        () -> UserError.of(place, member + " " + file + " cannot be read.", "")));
  }

  private String decoded(String member, String data) {
    try {
      return new String(Base64.getDecoder().decode(data.strip()), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw UserError.of(place, member + "-data is not base64.", "");
    }
  }

  private Optional<Credential> header(Doc credential) {
    Optional<Path> file = user.file("tokenFile");
    if (file.isPresent()) {
      String token =
          content(file.get())
              .orElseThrow(
                  () -> UserError.of(place, "tokenFile " + file.get() + " cannot be read.", ""));
      return Optional.of(Credential.bearer(token, () -> content(file.get())));
    }
    if (user.text("username").isPresent()) {
      String password = user.value().textOrEmpty("password");
      return user.text("username").map(name -> Credential.basic(name, password));
    }
    ExecPlugin plugin = new ExecPlugin(place, user.value().doc("exec"), user.folder());
    return user.text("token")
        .or(() -> user.value().text("auth-provider", "config", "id-token"))
        .map(token -> Credential.bearer(token, Optional::empty))
        .or(
            () ->
                credential
                    .text("token")
                    .map(token -> Credential.bearer(token, () -> plugin.status().text("token"))));
  }

  /** What is in a small file, without the white space around it. */
  static Optional<String> content(Path file) {
    try {
      return Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  // Not fabric8's own configuration of a client: that trusts all authorities of the JDK besides the
  // named one; that follows every redirect, and would so hand the
  // token to whatever a proxied pod names; and it reads the kubeconfig anew with each request once
  // a
  // minute has passed.
  private HttpClient client(Tls tls, Optional<Credential> header) {
    RequestConfig request = new RequestConfigBuilder().withRequestRetryBackoffLimit(0).build();
    request.setImpersonateUsername(user.value().textOrEmpty("as"));
    request.setImpersonateGroups(user.value().textList("as-groups").toArray(String[]::new));
    try {
      HttpClient.Builder builder = new JdkHttpClientFactory().newBuilder();
      builder.tag(request);
      builder.connectTimeout(Connection.TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      // A request a connection: a stalled one of HTTP/2 would take every later request with it.
      builder.preferHttp11();
      builder.sslContext(tls.keyManagers(), tls.trustManagers());
      cluster.text("proxy-url").map(URI::create).ifPresent(proxy -> through(proxy, builder));
      header.ifPresent(value -> builder.addOrReplaceInterceptor(Credential.NAME, value));
      if (user.text("as").isPresent()) {
        builder.addOrReplaceInterceptor(
            ImpersonatorInterceptor.NAME, new ImpersonatorInterceptor(request));
      }
      return builder.build();
    } catch (GeneralSecurityException | IOException | RuntimeException e) {
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

  private static void through(URI proxy, HttpClient.Builder builder) {
    builder.proxyAddress(new InetSocketAddress(proxy.getHost(), proxy.getPort()));
    builder.proxyType(HttpClient.ProxyType.HTTP);
    String login = proxy.getUserInfo();
    if (login != null) {
      byte[] pair = login.getBytes(StandardCharsets.UTF_8);
      builder.proxyAuthorization("Basic " + Base64.getEncoder().encodeToString(pair));
    }
  }
}
