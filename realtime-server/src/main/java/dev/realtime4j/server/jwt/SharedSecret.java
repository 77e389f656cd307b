package dev.realtime4j.server.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.RealtimeException;
import java.util.List;

/** HS256 with one secret, and nothing else; signatures are compared in constant time. */
final class SharedSecret implements KeySelector {
  static final int MIN_BYTES = 32;

  private final List<JWSVerifier> verifiers;

  SharedSecret(byte[] secret) {
    if (secret.length < MIN_BYTES) {
      throw new InvalidValueException(
          "an HS256 secret must have at least "
              + MIN_BYTES
              + " bytes, not "
              + secret.length
              + "; make one with: openssl rand -base64 48");
    }
    try {
      verifiers = List.of(new MACVerifier(secret.clone()));
    } catch (JOSEException e) {
      throw new RealtimeException(ErrorCode.INTERNAL, "HS256 is not available in this JVM", e);
    }
  }

  @Override
  public List<JWSVerifier> select(JWSHeader header) {
    return JWSAlgorithm.HS256.equals(header.getAlgorithm()) ? verifiers : List.of();
  }
}
