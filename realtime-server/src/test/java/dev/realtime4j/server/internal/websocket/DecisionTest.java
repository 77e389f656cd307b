package dev.realtime4j.server.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.auth.Handshake;
import dev.realtime4j.api.transport.HandshakeHandler.Accepted;
import dev.realtime4j.api.transport.HandshakeHandler.Decision;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DecisionTest {
  private static final Duration SHORT = Duration.ofMillis(300);

  static Stream<Function<Handshake, CompletionStage<Decision>>> failures() {
    return Stream.of(
        handshake -> CompletableFuture.failedFuture(new IllegalStateException("a test")),
        handshake -> {
          throw new IllegalStateException("a test");
        },
        handshake -> {
          throw new StackOverflowError("a test");
        },
        handshake ->
            CompletableFuture.completedFuture(
                new Accepted(
                    null,
                    connection -> {
                      throw new AssertionError("a test");
                    })));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void a_failed_decision_is_answered_with_503(
      Function<Handshake, CompletionStage<Decision>> failure) {
    try (TestServer server = TestServer.startSingle()) {
      server.decide = failure;
      try (RawClient client = RawClient.connect(server.port()).send(RawClient.REQUEST)) {
        assertThat(client.readHead()).startsWith("HTTP/1.1 503 ").contains("Retry-After: 1\r\n");
        assertThat(client.readAll()).contains("RT_UNAVAILABLE").doesNotContain("a test");
      }
      server.decide = handshake -> CompletableFuture.completedFuture(server.accepted());
      RawClient.open(server.port()).close();
    }
  }

  @Test
  void a_decision_that_never_comes_is_answered_with_503_at_the_deadline() {
    try (TestServer server = TestServer.start(SHORT)) {
      CompletableFuture<Decision> never = new CompletableFuture<>();
      server.decide = handshake -> never;
      try (RawClient client = RawClient.connect(server.port()).send(RawClient.REQUEST)) {
        assertThat(client.readHead()).startsWith("HTTP/1.1 503 ");
        assertThat(client.readAll()).contains("RT_UNAVAILABLE");
        never.complete(server.accepted());
      }
      await().until(() -> server.transport.connectionCount() == 0);
      assertThat(server.sessions).isEmpty();
    }
  }

  @Test
  void a_decision_may_come_later_from_another_thread() {
    try (TestServer server = TestServer.start()) {
      CompletableFuture<Decision> later = new CompletableFuture<>();
      server.decide = handshake -> later;
      try (RawClient client = RawClient.connect(server.port()).send(RawClient.REQUEST)) {
        await().until(() -> !server.handshakes.isEmpty());
        assertThat(server.transport.connectionCount()).isEqualTo(1);
        client.text("early");
        new Thread(() -> later.complete(server.accepted())).start();
        assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
        assertThat(client.read()).isEqualTo("text early");
      }
    }
  }

  @Test
  void a_client_that_leaves_during_the_decision_ends_its_session() {
    try (TestServer server = TestServer.start()) {
      CompletableFuture<Decision> later = new CompletableFuture<>();
      server.decide = handshake -> later;
      RawClient client = RawClient.connect(server.port()).send(RawClient.REQUEST);
      await().until(() -> !server.handshakes.isEmpty());
      client.close();
      later.complete(server.accepted());
      await().until(() -> !server.sessions.isEmpty());
      assertThat(server.sessions.get(0).next()).isEqualTo("closed 1006 ");
      await().until(() -> server.transport.connectionCount() == 0);
    }
  }

  @Test
  void a_silent_socket_is_closed_at_the_deadline() {
    try (TestServer server = TestServer.start(SHORT);
        RawClient client = RawClient.connect(server.port())) {
      assertThat(client.readAll()).isEmpty();
      await().until(() -> server.transport.connectionCount() == 0);
    }
  }

  @Test
  void a_request_that_drips_is_ended_at_the_deadline() {
    try (TestServer server = TestServer.start(SHORT);
        RawClient client = RawClient.connect(server.port())) {
      AtomicInteger sent = new AtomicInteger();
      await()
          .pollInterval(Duration.ofMillis(20))
          .until(
              () -> {
                client.send((byte) RawClient.REQUEST.charAt(sent.getAndIncrement()));
                return client.socket.getInputStream().available() > 0;
              });
      assertThat(client.readHead()).startsWith("HTTP/1.1 408 ");
      assertThat(sent.get()).isLessThan(RawClient.REQUEST.length());
    }
  }

  @Test
  void an_open_socket_has_no_deadline() {
    try (TestServer server = TestServer.start(SHORT);
        RawClient client = RawClient.open(server.port())) {
      await().during(SHORT.multipliedBy(2)).until(() -> server.transport.connectionCount() == 1);
      assertThat(client.text("still here").read()).isEqualTo("text still here");
    }
  }
}
