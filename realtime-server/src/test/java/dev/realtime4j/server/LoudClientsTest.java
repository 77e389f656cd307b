package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.Json;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client that sends more than it may is read from later; the others are served meanwhile. */
final class LoudClientsTest {
  private static final String SMALL = "{\"id\":7,\"method\":\"echo\"}";

  @SuppressWarnings("NullAway.Init")
  private RealtimeServer server;

  private WireClient start(RealtimeServer.Builder builder) {
    server =
        builder
            .port(0)
            .authenticator(new TestUsers())
            .handler("echo", MethodCall::params)
            .build()
            .start();
    return WireClient.open(server, TestUsers.some());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String big(int id, int bytes) {
    return Json.object("id", id, "method", "echo", "params", Json.object("data", "x".repeat(bytes)))
        .text();
  }

  private static void awaitAnswer(WireClient client, int id) {
    client.await(
        message ->
            WireClient.text(message, "id").equals(String.valueOf(id))
                && message.fields().containsKey("result"));
  }

  @Test
  void who_sends_many_bytes_is_read_from_when_they_have_come_again() {
    long began = System.nanoTime();
    try (WireClient loud =
            start(
                RealtimeServer.builder()
                    .messagesPerSecond(1000)
                    .messageBurst(1000)
                    .messageBytesPerSecond(10_000));
        WireClient other = WireClient.open(server, TestUsers.some())) {
      loud.send(big(1, 30_000));
      awaitAnswer(loud, 1);
      loud.send(SMALL);

      for (int i = 0; i < 20; i++) {
        other.call("echo", Json.EMPTY);
      }
      awaitAnswer(loud, 7);

      // 10,000 bytes were there, the others came in two seconds: it cannot have been read before.
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofSeconds(2));
    }
  }

  @Test
  void after_a_refusal_the_next_message_is_read_when_it_may_pass() {
    try (WireClient loud = start(RealtimeServer.builder())) {
      for (int round = 0; round < 3; round++) {
        loud.send((big(1, 1) + "\n").repeat(25));
        loud.await(message -> WireClient.text(message, "error").contains("RT_RATE_LIMITED"));
        loud.send(SMALL);

        Json answer = loud.await(message -> WireClient.text(message, "id").equals("7"));
        assertThat(answer.fields()).containsKey("result");
      }
    }
  }
}
