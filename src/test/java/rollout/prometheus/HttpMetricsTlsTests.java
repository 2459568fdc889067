package rollout.prometheus;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rollout.model.MetricAnswer;
import rollout.model.MetricAnswer.Samples;
import rollout.model.MetricAnswer.Unreachable;
import rollout.model.MetricQuery;
import rollout.model.UserError;

/** One self-signed certificate serves as the server's, the authority's and the client's. */
class HttpMetricsTlsTests {
  private static final String PASSWORD = "changeit";

  @TempDir static Path folder;
  private static WireMockServer server;
  private static String certificate;
  private static String key;

  @BeforeAll
  static void start() throws Exception {
    Path store = folder.resolve("keys.p12");
    makeKeys(store);
    certificate =
        pem("certificate.pem", "CERTIFICATE", keys(store).getCertificate("k").getEncoded());
    key =
        pem("key.pem", "PRIVATE KEY", keys(store).getKey("k", PASSWORD.toCharArray()).getEncoded());
    server =
        new WireMockServer(
            wireMockConfig()
                .dynamicHttpsPort()
                .httpDisabled(true)
                .keystorePath(store.toString())
                .keystoreType("PKCS12")
                .keystorePassword(PASSWORD)
                .keyManagerPassword(PASSWORD)
                .trustStorePath(store.toString())
                .trustStoreType("PKCS12")
                .trustStorePassword(PASSWORD)
                .needClientAuth(true));
    server.start();
    server.stubFor(
        post("/api/v1/query")
            .willReturn(
                aResponse()
                    .withBody(
                        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}")));
  }

  @AfterAll
  static void stop() {
    server.stop();
  }

  private static void makeKeys(Path store) throws IOException, InterruptedException {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "k",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-ext",
                "bc=ca:true",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(keytool.exitValue()).isZero();
  }

  private static KeyStore keys(Path store) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  private static String pem(String name, String type, byte[] der) throws IOException {
    String text =
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(type, Base64.getMimeEncoder().encodeToString(der), type);
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private static MetricAnswer read(Map<String, String> environment) {
    try (HttpMetrics metrics =
        HttpMetrics.of(
            "https://localhost:" + server.httpsPort(),
            Duration.ofSeconds(60),
            environment,
            NoCluster.unused())) {
      return metrics.read(List.of(new MetricQuery("q", "up")), Instant.EPOCH).answer("q");
    }
  }

  @Test
  void trustsTheAuthorityAndShowsTheClientsCertificate() {
    assertThat(
            read(
                Map.of(
                    "ROLLOUT_PROMETHEUS_CA_FILE", certificate,
                    "ROLLOUT_PROMETHEUS_CERT_FILE", certificate,
                    "ROLLOUT_PROMETHEUS_KEY_FILE", key)))
        .isEqualTo(new Samples(List.of(), List.of()));
  }

  @Test
  void isUnreachableWhenTheAuthorityIsUnknown() {
    assertThat(read(Map.of()))
        .isInstanceOfSatisfying(
            Unreachable.class, answer -> assertThat(answer.why()).startsWith("TLS with localhost"));
  }

  @Test
  void isUnreachableWithoutAClientsCertificate() {
    assertThat(read(Map.of("ROLLOUT_PROMETHEUS_CA_FILE", certificate)))
        .isInstanceOf(Unreachable.class);
  }

  @Test
  void refusesACertificateWithoutItsKey() {
    assertThatThrownBy(() -> read(Map.of("ROLLOUT_PROMETHEUS_CERT_FILE", certificate)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("ROLLOUT_PROMETHEUS_KEY_FILE");
  }

  @Test
  void refusesFilesThatHoldSomethingElse() {
    assertThatThrownBy(() -> read(Map.of("ROLLOUT_PROMETHEUS_CA_FILE", key)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("no certificate");
    assertThatThrownBy(
            () ->
                read(
                    Map.of(
                        "ROLLOUT_PROMETHEUS_CERT_FILE", certificate,
                        "ROLLOUT_PROMETHEUS_KEY_FILE", certificate)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("PKCS 8");
  }
}
