package dev.realtime4j.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.client.Event;
import dev.realtime4j.client.RealtimeClient;
import dev.realtime4j.client.TokenProvider;
import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.redis.RedisBackend;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import redis.embedded.RedisServer;

/** What the README shows does what it says, on a real PostgreSQL and a real Redis. */
class QuickstartTest {
  private static final String SECRET = "a secret of at least thirty-two bytes";

  private final UserId user = new UserId(UUID.randomUUID());
  private final List<Notification> shown = new CopyOnWriteArrayList<>();
  private final List<Event> played = new CopyOnWriteArrayList<>();

  @Test
  void the_client_of_the_readme_gets_what_the_server_of_the_readme_sends() throws Exception {
    int redisPort = freePort();
    RedisServer redis = RedisServer.newRedisServer().port(redisPort).setting("save \"\"").build();
    redis.start();
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
        RedisBackend cluster = RedisBackend.connect(URI.create("redis://localhost:" + redisPort));
        RealtimeServer server =
            ServerQuickstart.start(0, postgres.getPostgresDatabase(), cluster, SECRET);
        RealtimeClient client = connect(server)) {
      Notification sent = ServerQuickstart.tell(server, user);

      await()
          .untilAsserted(
              () -> assertThat(shown).extracting(Notification::id).containsExactly(sent.id()));
      await().untilAsserted(() -> assertThat(played).hasSize(1));
      assertThat(client.userId()).contains(user);
    } finally {
      redis.stop();
    }
  }

  private RealtimeClient connect(RealtimeServer server) {
    TokenProvider tokens = () -> token();
    URI endpoint = URI.create("ws://localhost:" + server.port() + "/ws");
    return ClientQuickstart.connect(endpoint, tokens, shown::add, played::add);
  }

  private String token() {
    try {
      JWTClaimsSet claims =
          new JWTClaimsSet.Builder()
              .subject(user.toString())
              .expirationTime(Date.from(Instant.now().plusSeconds(600)))
              .build();
      SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
      token.sign(new MACSigner(SECRET));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
