package rollout.kubernetes;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;
import rollout.document.Doc;

/** Until when a credential is good that nobody renews. */
final class CredentialEnd {
  private CredentialEnd() {}

  /** The earlier end of a token and a certificate; empty: none is known. */
  static Optional<Instant> of(Optional<String> token, Optional<String> certificate) {
    return Stream.of(
            token.flatMap(CredentialEnd::ofToken), certificate.flatMap(CredentialEnd::ofPem))
        .flatMap(Optional::stream)
        .min(Instant::compareTo);
  }

  /** The claim {@code exp} of a JSON Web Token; another token tells nothing. */
  private static Optional<Instant> ofToken(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      byte[] claims = Base64.getUrlDecoder().decode(parts[1]);
      long end = Doc.parse(new String(claims, StandardCharsets.UTF_8)).number(0, "exp");
      return end > 0 ? Optional.of(Instant.ofEpochSecond(end)) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<Instant> ofPem(String pem) {
    try {
      return Pem.certificates(pem).stream()
          .findFirst()
          .map(certificate -> certificate.getNotAfter().toInstant());
    } catch (GeneralSecurityException | RuntimeException e) {
      // Whoever makes the client of it says what is wrong with it.
      return Optional.empty();
    }
  }
}
