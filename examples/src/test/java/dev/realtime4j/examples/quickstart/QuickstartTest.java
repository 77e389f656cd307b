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
import dev.realtime4j.fixtures.Postgres;
import dev.realtime4j.fixtures.Redis;
import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.redis.RedisBackend;
import java.net.URI;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What the README shows does what it says, on a real PostgreSQL and a real Redis. */
class QuickstartTest {
  private static final String SECRET = "a secret of at least thirty-two bytes";

  private final UserId user = new UserId(UUID.randomUUID());
  private final List<Notification> shown = new CopyOnWriteArrayList<>();
  private final List<Event> played = new CopyOnWriteArrayList<>();

  @Test
  void the_client_of_the_readme_gets_what_the_server_of_the_readme_sends() throws Exception {
    try (Redis redis = Redis.start();
        RedisBackend cluster = RedisBackend.connect(redis.url());
        RealtimeServer server = ServerQuickstart.start(0, Postgres.database(), cluster, SECRET);
        RealtimeClient client = connect(server)) {
      Notification sent = ServerQuickstart.tell(server, user);

      await()
          .untilAsserted(
              () -> assertThat(shown).extracting(Notification::id).containsExactly(sent.id()));
      await().untilAsserted(() -> assertThat(played).hasSize(1));
      assertThat(client.userId()).contains(user);
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
}
