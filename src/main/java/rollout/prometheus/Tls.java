package rollout.prometheus;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import rollout.model.UserError;

/** Whom to trust and who we are, from PEM files that the environment names. */
final class Tls {
  static final String CA_FILE = "ROLLOUT_PROMETHEUS_CA_FILE";
  static final String CERT_FILE = "ROLLOUT_PROMETHEUS_CERT_FILE";
  static final String KEY_FILE = "ROLLOUT_PROMETHEUS_KEY_FILE";

  private static final Pattern PKCS8 =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");
  private static final char[] NO_PASSWORD = new char[0];

  private Tls() {}

  /**
   * A context of its own, or nothing when the environment names no file.
   *
   * @throws UserError when a file cannot be used
   */
  static Optional<SSLContext> context(Map<String, String> environment) {
    String ca = environment.getOrDefault(CA_FILE, "");
    String cert = environment.getOrDefault(CERT_FILE, "");
    String key = environment.getOrDefault(KEY_FILE, "");
    if (cert.isEmpty() != key.isEmpty()) {
      throw UserError.of(
          cert.isEmpty() ? CERT_FILE : KEY_FILE, "not set", "Set both or neither of the two.");
    }
    if (ca.isEmpty() && cert.isEmpty()) {
      return Optional.empty();
    }
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          cert.isEmpty() ? null : identity(cert, key), ca.isEmpty() ? null : trust(ca), null);
      return Optional.of(context);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("this JDK has no TLS", e);
    }
  }

  private static TrustManager[] trust(String file) throws GeneralSecurityException, IOException {
    KeyStore store = empty();
    int number = 0;
    for (Certificate certificate : certificates(CA_FILE, file)) {
      store.setCertificateEntry("ca-" + number++, certificate);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyManager[] identity(String certFile, String keyFile)
      throws GeneralSecurityException, IOException {
    Certificate[] chain = certificates(CERT_FILE, certFile).toArray(Certificate[]::new);
    KeyStore store = empty();
    PrivateKey key = key(keyFile, chain[0].getPublicKey().getAlgorithm());
    store.setKeyEntry("client", key, NO_PASSWORD, chain);
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    @Nullable ByteArrayInputStream nothing = null;
    store.load(nothing, NO_PASSWORD);
    return store;
  }

  private static Collection<? extends Certificate> certificates(String name, String file) {
    byte[] pem = Credentials.read(name, file).getBytes(StandardCharsets.UTF_8);
    try {
      Collection<? extends Certificate> found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem));
      if (!found.isEmpty()) {
        return List.copyOf(found);
      }
    } catch (CertificateException e) {
      // Said below, as for a file without any.
    }
    throw UserError.of(name, file + " has no certificate in PEM", "-----BEGIN CERTIFICATE-----");
  }

  private static PrivateKey key(String file, String algorithm) throws GeneralSecurityException {
    Matcher pem = PKCS8.matcher(Credentials.read(KEY_FILE, file));
    if (pem.find()) {
      try {
        byte[] der = Base64.getMimeDecoder().decode(pem.group(1));
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (InvalidKeySpecException | IllegalArgumentException e) {
        // Said below; the cause could quote the key.
      }
    }
    throw UserError.of(
        KEY_FILE,
        file + " has no private key in PKCS 8 that belongs to the certificate",
        "Convert it: openssl pkcs8 -topk8 -nodes -in KEY -out KEY.p8");
  }
}
