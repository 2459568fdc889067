package rollout.kubernetes;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rollout.model.Kind;
import rollout.model.Ref;
import rollout.model.UserError;
import rollout.port.Connect;

/** Which cluster is meant, and what is said when that cannot be told. */
final class KubeConnectTests {
  private static final Ref SHOP = new Ref(Kind.SERVICE, "ns", "shop");
  private static final String PATH = "/api/v1/namespaces/ns/services/shop";

  @TempDir private Path folder;
  private final WireMockServer server = new WireMockServer(options().dynamicPort());

  @BeforeEach
  void start() {
    server.start();
    server.stubFor(any(anyUrl()).willReturn(aResponse().withBody("{\"kind\":\"Service\"}")));
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  private static final String CLAIMS =
      java.util.Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString("{\"exp\":1793000000}".getBytes(java.nio.charset.StandardCharsets.UTF_8));

  @Test
  void tokenThatNobodyRenewsTellsItsEnd() {
    java.time.Instant end = java.time.Instant.ofEpochSecond(1_793_000_000);
    assertThat(CredentialEnd.of(Optional.of("a." + CLAIMS + ".c"), Optional.empty())).hasValue(end);
    assertThat(CredentialEnd.of(Optional.of("opaque"), Optional.empty())).isEmpty();
    assertThat(CredentialEnd.of(Optional.of("a.%%.c"), Optional.empty())).isEmpty();
    assertThat(CredentialEnd.of(Optional.empty(), Optional.of("no PEM"))).isEmpty();
  }

  @Test
  void podWithoutATokenSaysSo() {
    assertThatThrownBy(
            () -> connect(Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1")).to(where(null, null)))
        .hasMessageContaining("this pod has no service account token")
        .hasMessageContaining("automountServiceAccountToken");
  }

  private KubeConnect connect(Map<String, String> environment) {
    return new KubeConnect(
        environment, folder.resolve("home"), folder.resolve("account"), (verb, code) -> {});
  }

  private static Connect.Where where(Path kubeconfig, String context) {
    return new Connect.Where(
        kubeconfig == null ? Optional.empty() : Optional.of(kubeconfig.toString()),
        Optional.ofNullable(context),
        Optional.empty(),
        Optional.empty(),
        0);
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private String kubeconfig(String user) {
    return """
    apiVersion: v1
    kind: Config
    current-context: blue
    clusters: [{name: here, cluster: {server: "%s/"}}]
    contexts:
      - {name: blue, context: {cluster: here, user: me, namespace: team}}
      - {name: staging, context: {cluster: here, user: me}}
      - {name: broken, context: {cluster: nowhere, user: me}}
    users: [{name: me, user: {%s}}]
    """
        .formatted(server.baseUrl(), user);
  }

  private void asks(KubeConnect.Connected connected, String authorization) {
    try (FabricCluster cluster = connected.cluster()) {
      assertThat(cluster.get(SHOP)).isPresent();
    }
    server.verify(
        1,
        getRequestedFor(urlPathEqualTo(PATH)).withHeader("Authorization", equalTo(authorization)));
  }

  @Test
  void namedFileGivesClusterUserAndNamespace() throws IOException {
    Path file = write("config", kubeconfig("token: abc"));

    KubeConnect.Connected connected = connect(Map.of()).to(where(file, null));

    assertThat(connected.namespace()).isEqualTo("team");
    asks(connected, "Bearer abc");
  }

  @Test
  void contextChoosesAndItsNamespaceIsDefaultWhenItNamesNone() throws IOException {
    Path file = write("config", kubeconfig("username: u, password: p"));

    KubeConnect.Connected connected = connect(Map.of()).to(where(file, "staging"));

    assertThat(connected.namespace()).isEqualTo("default");
    asks(connected, "Basic dTpw");
  }

  @Test
  void variableListsFilesOfWhichTheFirstCountsAndAbsentOnesDoNot() throws IOException {
    Path first = write("first", "current-context: staging");
    Path second = write("second", kubeconfig("token: abc"));
    String list = folder.resolve("absent") + ":" + first + ":" + second;

    KubeConnect.Connected connected = connect(Map.of("KUBECONFIG", list)).to(where(null, null));

    assertThat(connected.namespace()).isEqualTo("default");
    asks(connected, "Bearer abc");
  }

  @Test
  void usualFileIsFound() throws IOException {
    write("home/.kube/config", kubeconfig("token: abc"));

    asks(connect(Map.of()).to(where(null, null)), "Bearer abc");
  }

  @Test
  void serviceAccountIsUsedInAPod() throws IOException {
    write("account/token", "pod-token\n");
    write("account/namespace", "shop-prod\n");
    write("account/ca.crt", certificate());
    Map<String, String> pod =
        Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1", "KUBERNETES_SERVICE_PORT", "443");

    KubeConnect.Connected connected = connect(pod).to(where(null, null));

    assertThat(connected.namespace()).isEqualTo("shop-prod");
    connected.cluster().close();
  }

  private static String certificate() throws IOException {
    try (var stream = KubeConnectTests.class.getResourceAsStream("/rollout/kubernetes/ca.crt")) {
      return new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void tokenFileIsReadAnewWhenTheServerRefusesTheToken() throws IOException {
    Path token = write("token", "old");
    Path file = write("config", kubeconfig("tokenFile: token"));
    server.stubFor(
        get(PATH)
            .withHeader("Authorization", equalTo("Bearer old"))
            .willReturn(aResponse().withStatus(401)));

    KubeConnect.Connected connected = connect(Map.of()).to(where(file, null));
    Files.writeString(token, "new");

    asks(connected, "Bearer new");
  }

  @Test
  void pluginGivesTheToken() throws IOException {
    Path plugin =
        write(
            "plugin",
            """
            #!/bin/sh
            echo "noise" >/dev/null
            echo '{"kind": "ExecCredential", "status": {"token": "'$1-$WHO'"}}'
            """);
    assertThat(plugin.toFile().setExecutable(true)).isTrue();
    Path file =
        write(
            "config",
            kubeconfig(
                "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin,"
                    + " args: [tok], env: [{name: WHO, value: en}]}"));

    asks(connect(Map.of()).to(where(file, null)), "Bearer tok-en");
  }

  @Test
  void pluginThatFailsIsNamed() throws IOException {
    Path absent = write("absent", kubeconfig("exec: {command: no-such-plugin-x}"));
    Path failing = write("failing", kubeconfig("exec: {command: \"false\", installHint: Get it.}"));
    Path silent = write("silent", kubeconfig("exec: {command: \"true\"}"));

    assertWrong(where(absent, null), absent + ": the credential plugin no-such-plugin-x cannot be");
    assertWrong(where(failing, null), "plugin false ended with code 1.  Get it.");
    assertWrong(where(silent, null), "plugin true printed no ExecCredential.");
  }

  private void assertWrong(Connect.Where where, String message) {
    assertThatThrownBy(() -> connect(Map.of()).to(where))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(message);
  }

  @Test
  void fileThatCannotBeReadIsNamed() throws IOException {
    Path invalid = write("invalid", "a: 1\nusers: [{token: s3cret\nb: }");
    Path binary = folder.resolve("binary");
    Files.write(binary, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    Path list = write("list", "- a\n");

    assertWrong(
        where(folder.resolve("absent"), null), folder.resolve("absent") + ": is not there.");
    assertWrong(where(folder, null), folder + ": is a directory.");
    assertWrong(where(binary, null), binary + ": cannot be read.");
    assertWrong(where(list, null), "is not a kubeconfig file");
    assertThatThrownBy(() -> connect(Map.of()).to(where(invalid, null)))
        .isInstanceOf(UserError.class)
        .hasMessageMatching(".*invalid:\\d: is not a kubeconfig file: its YAML is invalid.")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void contextThatIsNotThereIsAnsweredWithTheNearest() throws IOException {
    Path file = write("config", kubeconfig("token: abc"));

    assertWrong(where(file, "stagign"), "has no context stagign.  Did you mean staging?");
    assertWrong(where(file, "production"), "There are: blue, staging, broken");
    assertWrong(where(file, "broken"), "has no cluster nowhere, which context broken names.");
    Path none = write("none", "clusters: [{name: c, cluster: {server: 'https://c'}}]");
    assertWrong(where(none, null), "names no current context.");
  }

  @Test
  void nothingConfiguredSaysWhereItLooked() {
    assertWrong(where(null, null), "no cluster is configured: " + folder.resolve("home"));
    assertThatThrownBy(() -> connect(Map.of("KUBECONFIG", "/no/such/file")).to(where(null, null)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("KUBECONFIG=/no/such/file");
  }

  @Test
  void serverAndCertificatesThatDoNotDoAreNamed() throws IOException {
    Path noServer = write("no-server", kubeconfig("").replace(server.baseUrl(), "ftp://x"));
    Path noFile = write("no-file", kubeconfig("client-certificate: absent.crt"));
    Path badData =
        write(
            "bad-data", kubeconfig("client-certificate-data: czNjcmV0, client-key-data: czNjcmV0"));

    assertWrong(where(noServer, null), "cluster here has no valid server.");
    assertWrong(where(noFile, null), "client-certificate " + folder.resolve("absent.crt"));
    assertThatThrownBy(() -> connect(Map.of()).to(where(badData, null)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("no TLS client")
        .hasMessageNotContaining("s3cret")
        .hasNoCause();
  }

  @Test
  void proxyOfTheEnvironmentIsUsedUnlessExcepted() {
    ProxyVariables variables =
        new ProxyVariables(
            Map.of("https_proxy", "proxy:3128", "NO_PROXY", "10.0.0.0/8, .corp.example,*.x.y"));

    assertThat(variables.proxyOf("https://api.example:6443")).contains("http://proxy:3128");
    assertThat(variables.proxyOf("http://api.example")).isEmpty();
    assertThat(variables.proxyOf("https://10.1.2.3")).isEmpty();
    assertThat(variables.proxyOf("https://a.corp.example")).isEmpty();
    assertThat(variables.proxyOf("https://a.x.y")).isEmpty();
    assertThat(variables.proxyOf("https://127.0.0.1:16443")).isEmpty();
  }
}
