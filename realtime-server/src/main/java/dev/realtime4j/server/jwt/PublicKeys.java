package dev.realtime4j.server.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import dev.realtime4j.api.InvalidValueException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * RS256 and ES256 with fixed keys. A key serves its own algorithm and no other: an RSA key never
 * becomes the secret of an HMAC.
 */
final class PublicKeys implements KeySelector {
  private static final int MIN_RSA_BITS = 2048;

  private final List<PublicKey> keys;

  /**
   * @param keys RSA keys of 2,048 bits or more, EC keys on P-256
   * @throws InvalidValueException for any other
   */
  PublicKeys(List<PublicKey> keys) {
    keys.forEach(PublicKeys::check);
    this.keys = List.copyOf(keys);
  }

  private static void check(PublicKey key) {
    if (algorithm(key) == null) {
      throw new InvalidValueException(
          "tokens are checked with an RSA key of "
              + MIN_RSA_BITS
              + " bits or more (RS256) or an EC key on P-256 (ES256), not with "
              + describe(key));
    }
  }

  /** The one algorithm of a key; null when it is fit for none. */
  static @Nullable JWSAlgorithm algorithm(PublicKey key) {
    if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() >= MIN_RSA_BITS) {
      return JWSAlgorithm.RS256;
    }
    if (key instanceof ECPublicKey ec
        && Curve.P_256.equals(Curve.forECParameterSpec(ec.getParams()))) {
      return JWSAlgorithm.ES256;
    }
    return null;
  }

  private static String describe(PublicKey key) {
    return key instanceof RSAPublicKey rsa
        ? "an RSA key of " + rsa.getModulus().bitLength() + " bits"
        : "this " + key.getAlgorithm() + " key";
  }

  static JWSVerifier verifier(PublicKey key) throws JOSEException {
    return key instanceof RSAPublicKey rsa
        ? new RSASSAVerifier(rsa)
        : new ECDSAVerifier((ECPublicKey) key);
  }

  @Override
  public List<JWSVerifier> select(JWSHeader header) throws JOSEException {
    return verifiers(keys, header);
  }

  /** Verifiers with those of the keys whose algorithm the header names. */
  static List<JWSVerifier> verifiers(List<? extends PublicKey> keys, JWSHeader header)
      throws JOSEException {
    List<JWSVerifier> verifiers = new ArrayList<>();
    for (PublicKey key : keys) {
      if (header.getAlgorithm().equals(algorithm(key))) {
        verifiers.add(verifier(key));
      }
    }
    return verifiers;
  }
}
