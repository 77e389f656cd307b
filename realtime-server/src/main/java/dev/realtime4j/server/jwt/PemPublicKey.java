package dev.realtime4j.server.jwt;

import dev.realtime4j.api.InvalidValueException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A public key as text: {@code -----BEGIN PUBLIC KEY-----}, or a certificate that holds it. */
final class PemPublicKey {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

  private PemPublicKey() {}

  static PublicKey parse(String pem) {
    Matcher block = BLOCK.matcher(pem);
    if (!block.find()) {
      throw unfit("there is no -----BEGIN PUBLIC KEY----- in it");
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(block.group(2));
      return switch (block.group(1)) {
        case "PUBLIC KEY" -> key(der);
        case "CERTIFICATE" ->
            CertificateFactory.getInstance("X.509")
                .generateCertificate(
                    new ByteArrayInputStream(block.group().getBytes(StandardCharsets.US_ASCII)))
                .getPublicKey();
        case "RSA PUBLIC KEY" ->
            throw unfit("it is in PKCS#1; convert it: openssl rsa -RSAPublicKey_in -pubout");
        default -> throw unfit("it holds a " + block.group(1) + "; give the public key alone");
      };
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw unfit("it cannot be read");
    }
  }

  private static PublicKey key(byte[] der) throws GeneralSecurityException {
    X509EncodedKeySpec spec = new X509EncodedKeySpec(der);
    for (String algorithm : List.of("RSA", "EC")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePublic(spec);
      } catch (InvalidKeySpecException another) {
        continue;
      }
    }
    throw unfit("it is neither an RSA nor an EC key");
  }

  /** Quotes nothing of the text: it may have been a private key by mistake. */
  private static InvalidValueException unfit(String why) {
    return new InvalidValueException("this is no public key in PEM: " + why);
  }
}
