package rollout.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys made by openssl, each with its certificate. */
final class PemTests {
  private static String resource(String name) throws IOException {
    try (var stream = PemTests.class.getResourceAsStream("/rollout/kubernetes/" + name)) {
      return new String(
          Objects.requireNonNull(stream, name).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "rsa-pkcs1, SHA256withRSA",
    "rsa-pkcs8, SHA256withRSA",
    "ec-sec1, SHA256withECDSA",
    "ec-pkcs8, SHA256withECDSA",
    "ec384-sec1, SHA384withECDSA",
    "ed25519, Ed25519"
  })
  void keyOfEachFormSignsForItsCertificate(String name, String algorithm)
      throws IOException, GeneralSecurityException {
    String pem = resource(name + ".pem");
    PrivateKey key = Pem.key(pem);
    byte[] text = {1, 2, 3};
    Signature signing = Signature.getInstance(algorithm);
    signing.initSign(key);
    signing.update(text);
    byte[] signature = signing.sign();

    Signature proving = Signature.getInstance(algorithm);
    proving.initVerify(Pem.certificates(pem).getFirst());
    proving.update(text);
    assertThat(proving.verify(signature)).isTrue();
  }

  @Test
  void whatIsNoKeyOrCertificateIsRefused() {
    for (String text :
        List.of("", "x", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")) {
      assertThatThrownBy(() -> Pem.key(text)).isInstanceOf(GeneralSecurityException.class);
      assertThatThrownBy(() -> Pem.certificates(text)).isInstanceOf(GeneralSecurityException.class);
    }
  }
}
