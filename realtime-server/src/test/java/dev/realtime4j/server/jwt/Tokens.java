package dev.realtime4j.server.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Authenticator;
import dev.realtime4j.api.auth.Handshake;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Key pairs, and tokens signed with them. */
public final class Tokens {
  public static final UserId USER =
      new UserId(UUID.fromString("11111111-1111-4111-8111-111111111111"));

  private Tokens() {}

  public static KeyPair rsa(int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static KeyPair ec(String curve) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A token of {@link #USER} for ten minutes. */
  public static String signed(JWSAlgorithm algorithm, KeyPair keys, @Nullable String keyId) {
    try {
      JWSSigner signer =
          keys.getPrivate() instanceof ECPrivateKey ec
              ? new ECDSASigner(ec)
              : new RSASSASigner(keys.getPrivate());
      return signed(algorithm, signer, keyId);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  public static String signed(JWSAlgorithm algorithm, JWSSigner signer, @Nullable String keyId)
      throws JOSEException {
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .subject(USER.toString())
            .expirationTime(Date.from(Instant.now().plusSeconds(600)))
            .build();
    SignedJWT jwt = new SignedJWT(new JWSHeader.Builder(algorithm).keyID(keyId).build(), claims);
    jwt.sign(signer);
    return jwt.serialize();
  }

  static String pem(String type, byte[] der) {
    return "-----BEGIN "
        + type
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + type
        + "-----\n";
  }

  public static String pem(PublicKey key) {
    return pem("PUBLIC KEY", key.getEncoded());
  }

  /** {@code accepted}, or the code and reason of the refusal. */
  static String outcome(Authenticator authenticator, String token) {
    try {
      UserId user =
          authenticator
              .authenticate(
                  Handshake.of("/ws", Map.of(), InetAddress.getLoopbackAddress()).withToken(token))
              .userId();
      return user.equals(USER) ? "accepted" : "another user";
    } catch (RealtimeException e) {
      return e.code() + ": " + e.getMessage();
    }
  }

  static String refused(String why) {
    return ErrorCode.UNAUTHORIZED + ": " + why;
  }
}
