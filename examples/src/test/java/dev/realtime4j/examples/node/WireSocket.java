package dev.realtime4j.examples.node;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** The JDK's WebSocket, connected to a node. */
final class WireSocket implements WebSocket.Listener, AutoCloseable {
  private final List<String> messages = new CopyOnWriteArrayList<>();
  private final AtomicInteger closeCode = new AtomicInteger();
  private final StringBuilder part = new StringBuilder();
  private final WebSocket socket;

  WireSocket(int port, String token) throws Exception {
    this(HttpClient.newHttpClient(), URI.create("ws://localhost:" + port + "/ws"), token);
  }

  WireSocket(HttpClient client, URI endpoint, String token) throws Exception {
    socket =
        client
            .newWebSocketBuilder()
            .header("Authorization", "Bearer " + token)
            .buildAsync(endpoint, this)
            .get(20, TimeUnit.SECONDS);
    await("\"connected\"");
  }

  static String token(String secret, UUID user, String scope) throws JOSEException {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader(JWSAlgorithm.HS256),
            new JWTClaimsSet.Builder()
                .subject(user.toString())
                .claim("scope", scope)
                .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                .build());
    token.sign(new MACSigner(secret));
    return token.serialize();
  }

  void send(String message) throws Exception {
    socket.sendText(message, true).get(10, TimeUnit.SECONDS);
  }

  /** The first message that contains this. */
  String await(String text) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> messages.stream().filter(one -> one.contains(text)).findFirst().orElse(""),
            found -> !found.isEmpty());
  }

  /** How many messages so far contain this. */
  long count(String text) {
    return messages.stream().filter(one -> one.contains(text)).count();
  }

  int awaitClose() {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(closeCode::get, code -> code != 0);
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    part.append(data);
    if (last) {
      for (String message : part.toString().lines().toList()) {
        if (message.equals("{}")) {
          from.sendText("{}", true);
        } else {
          messages.add(message);
        }
      }
      part.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    closeCode.set(code);
    return null;
  }

  @Override
  public void close() {
    socket.abort();
  }
}
