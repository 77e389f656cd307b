package dev.realtime4j.server.jwt;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An issuer that publishes its keys. */
public final class KeyServer implements AutoCloseable {
  private final HttpServer http;
  private final AtomicInteger fetches = new AtomicInteger();
  private volatile int status = 404;
  private volatile byte[] body = {};

  private KeyServer(HttpServer http) {
    this.http = http;
    http.createContext("/jwks", this::serve);
    http.start();
  }

  public static KeyServer start() {
    try {
      return new KeyServer(
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      fetches.incrementAndGet();
      byte[] answer = body;
      exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  public URI url() {
    return URI.create("http://localhost:" + http.getAddress().getPort() + "/jwks");
  }

  int fetches() {
    return fetches.get();
  }

  public void publish(JWK... keys) {
    answer(new JWKSet(List.of(keys)).toString(false));
  }

  void answer(String text) {
    body = text.getBytes(StandardCharsets.UTF_8);
    status = 200;
  }

  public void fail() {
    body = new byte[0];
    status = 500;
  }

  public static JWK jwk(@Nullable String id, KeyPair keys) {
    return keys.getPublic() instanceof ECPublicKey ec
        ? new ECKey.Builder(Curve.P_256, ec).keyID(id).build()
        : new RSAKey.Builder((RSAPublicKey) keys.getPublic()).keyID(id).build();
  }

  /** RS256 by hand, with a key that is too weak for the library. */
  static String signedWeakly(KeyPair keys, String keyId) {
    String content =
        encoded("{\"alg\":\"RS256\",\"kid\":\"" + keyId + "\"}")
            + "."
            + encoded(
                "{\"sub\":\""
                    + Tokens.USER
                    + "\",\"exp\":"
                    + Instant.now().plusSeconds(600).getEpochSecond()
                    + "}");
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(keys.getPrivate());
      signature.update(content.getBytes(StandardCharsets.US_ASCII));
      return content
          + "."
          + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
