package rollout.kubernetes;

import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Whom to trust and by which certificate to be known.
 *
 * @param authorities PEM; empty: those of the JDK
 * @param certificate PEM
 * @param key PEM
 * @param insecure whether any server is trusted
 */
record Tls(
    Optional<String> authorities,
    Optional<String> certificate,
    Optional<String> key,
    boolean insecure) {

  /** Our own certificate; null: none. */
  KeyManager @Nullable [] keyManagers() throws GeneralSecurityException {
    return certificate.isEmpty() || key.isEmpty()
        ? null
        : new KeyManager[] {
          new ClientCertificate(Pem.certificates(certificate.get()), Pem.key(key.get()))
        };
  }

  /** The authorities named, and only those; null: those of the JDK. */
  TrustManager @Nullable [] trustManagers() throws GeneralSecurityException, IOException {
    if (insecure) {
      return SSLUtils.trustManagers(null, null, true, null, null);
    }
    if (authorities.isEmpty()) {
      return null;
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (X509Certificate authority : Pem.certificates(authorities.get())) {
      store.setCertificateEntry("authority-" + store.size(), authority);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }
}
