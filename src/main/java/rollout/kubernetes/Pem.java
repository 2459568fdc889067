package rollout.kubernetes;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Certificates and private keys in the forms that kubeconfig files have them in. */
final class Pem {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN ((?:RSA |EC )?PRIVATE KEY)-----([^-]*)-----END");
  private static final Pattern CERTIFICATE =
      Pattern.compile("-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----");
  private static final byte[] VERSION_0 = bytes("020100");
  private static final byte[] RSA = bytes("300d06092a864886f70d0101010500");
  private static final byte[] EC_OID = bytes("06072a8648ce3d0201");
  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 0x04;
  private static final int PARAMETERS = 0xA0;

  private Pem() {}

  static List<X509Certificate> certificates(String pem) throws GeneralSecurityException {
    // other blocks may stand between, such as the key
    String blocks =
        CERTIFICATE
            .matcher(pem)
            .results()
            .map(MatchResult::group)
            .collect(Collectors.joining("\n"));
    byte[] text = blocks.getBytes(StandardCharsets.UTF_8);
    List<X509Certificate> found =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(text))
            .stream()
            .map(X509Certificate.class::cast)
            .toList();
    if (found.isEmpty()) {
      throw new GeneralSecurityException("no certificate");
    }
    return found;
  }

  static PrivateKey key(String pem) throws GeneralSecurityException {
    Matcher block = KEY.matcher(pem);
    if (!block.find()) {
      throw new GeneralSecurityException("no private key");
    }
    byte[] der = Base64.getMimeDecoder().decode(block.group(2));
    return switch (block.group(1)) {
      case "RSA PRIVATE KEY" -> pkcs8("RSA", der(SEQUENCE, VERSION_0, RSA, der(OCTETS, der)));
      case "EC PRIVATE KEY" -> pkcs8("EC", der(SEQUENCE, VERSION_0, curve(der), der(OCTETS, der)));
      default -> anyPkcs8(der);
    };
  }

  private static PrivateKey anyPkcs8(byte[] der) throws GeneralSecurityException {
    for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        return pkcs8(algorithm, der);
      } catch (InvalidKeySpecException e) {
        // of another algorithm
      }
    }
    throw new GeneralSecurityException("a private key of an unknown algorithm");
  }

  private static PrivateKey pkcs8(String algorithm, byte[] der) throws GeneralSecurityException {
    return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
  }

  /** The algorithm of an EC key in its old form (SEC 1), which has its curve within. */
  private static byte[] curve(byte[] der) throws GeneralSecurityException {
    int at = content(der, 0);
    while (at < der.length) {
      int start = content(der, at);
      int end = start + length(der, at);
      if ((der[at] & 0xFF) == PARAMETERS) {
        return der(SEQUENCE, EC_OID, Arrays.copyOfRange(der, start, end));
      }
      at = end;
    }
    throw new GeneralSecurityException("an EC key without its curve");
  }

  /** Where the content of the value at an index begins. */
  private static int content(byte[] der, int at) {
    int first = der[at + 1] & 0xFF;
    return at + 2 + (first < 0x80 ? 0 : first & 0x7F);
  }

  private static int length(byte[] der, int at) {
    int first = der[at + 1] & 0xFF;
    int length = first < 0x80 ? first : 0;
    for (int i = at + 2; i < content(der, at); i++) {
      length = (length << 8) | (der[i] & 0xFF);
    }
    return length;
  }

  private static byte[] der(int tag, byte[]... contents) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    Arrays.stream(contents).forEach(content::writeBytes);
    int length = content.size();
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    value.write(tag);
    if (length < 0x80) {
      value.write(length);
    } else if (length < 0x100) {
      value.writeBytes(new byte[] {(byte) 0x81, (byte) length});
    } else {
      value.writeBytes(new byte[] {(byte) 0x82, (byte) (length >> 8), (byte) length});
    }
    value.writeBytes(content.toByteArray());
    return value.toByteArray();
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
