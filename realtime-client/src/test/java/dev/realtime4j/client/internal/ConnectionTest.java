package dev.realtime4j.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.client.ConnectionState;
import dev.realtime4j.client.internal.connection.ReconnectBackoff;
import dev.realtime4j.client.internal.connection.Signal;
import dev.realtime4j.client.internal.connection.TokenRenewal;
import dev.realtime4j.protocol.Frame;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ConnectionTest {
  private final Rig rig = new Rig();

  @Test
  void connecting_is_told_and_the_future_is_done_when_connected() {
    CompletableFuture<Void> connecting = rig.driver.connect();
    rig.settle();
    assertThat(rig.state()).isEqualTo(ConnectionState.CONNECTING);
    rig.socket().welcome(null, "c0");
    rig.settle();
    assertThat(connecting).isCompleted();
    assertThat(rig.changes)
        .extracting(change -> change.state())
        .containsExactly(ConnectionState.CONNECTING, ConnectionState.CONNECTED);
    assertThat(rig.driver.user().orElseThrow()).hasToString(FakeSocket.USER);
  }

  @Test
  void it_tries_for_ever_with_growing_delays_and_each_endpoint_in_turn() {
    rig.driver.connect();
    rig.settle();
    for (int i = 0; i < 40; i++) {
      rig.socket().end(1006, "");
      rig.settle();
      assertThat(rig.state()).isEqualTo(ConnectionState.CONNECTING);
      assertThat(rig.lastChange().delay()).isEqualTo(ReconnectBackoff.delay(i, 0.5));
      rig.advance(rig.lastChange().delay());
      assertThat(rig.sockets).hasSize(i + 2);
    }
    assertThat(rig.sockets)
        .extracting(socket -> socket.target)
        .startsWith(Rig.FIRST, Rig.SECOND, Rig.FIRST, Rig.SECOND);
  }

  @Test
  void the_delays_begin_anew_only_after_a_stable_connection() {
    rig.connected();
    rig.reopened().welcome(0, "c1");
    rig.settle();
    rig.reopened().welcome(0, "c1");
    rig.settle();
    rig.socket().end(1006, "");
    rig.settle();
    assertThat(rig.lastChange().attempt()).isEqualTo(4);
    rig.nextSocket().welcome(0, "c1");
    rig.advance(Duration.ofSeconds(11));
    rig.socket().end(1006, "");
    rig.settle();
    assertThat(rig.lastChange().attempt()).isEqualTo(2);
    assertThat(rig.lastChange().delay()).isEqualTo(ReconnectBackoff.delay(0, 0.5));
  }

  @Test
  void a_heartbeat_is_answered() {
    FakeSocket socket = rig.connected();
    socket.text("{}");
    rig.settle();
    assertThat(socket.sent).containsExactly(Frame.Heartbeat.INSTANCE);
  }

  @Test
  void a_connection_that_is_silent_too_long_is_dropped() {
    FakeSocket socket = rig.connected();
    rig.advance(Duration.ofSeconds(30));
    socket.text("{}");
    rig.advance(Duration.ofMillis(34_900));
    assertThat(socket.aborted).isFalse();
    rig.advance(Duration.ofMillis(200));
    assertThat(socket.aborted).isTrue();
    assertThat(rig.state()).isEqualTo(ConnectionState.RECONNECTING);
  }

  @Test
  void a_handshake_without_a_welcome_is_given_up_after_its_time() {
    rig.driver.connect();
    rig.settle();
    FakeSocket first = rig.socket();
    rig.advance(Duration.ofMillis(9_900));
    assertThat(first.aborted).isFalse();
    rig.advance(Duration.ofSeconds(1));
    assertThat(first.aborted).isTrue();
    assertThat(rig.sockets).hasSize(2);
  }

  @Test
  void what_an_old_socket_says_late_is_not_heard() {
    FakeSocket old = rig.connected();
    FakeSocket fresh = rig.reopened();
    fresh.welcome(0, "c1");
    rig.settle();
    old.notification(1);
    old.end(4403, "late");
    old.welcome(null, "c7");
    rig.settle();
    assertThat(rig.state()).isEqualTo(ConnectionState.CONNECTED);
    assertThat(rig.notifications).isEmpty();
  }

  @Test
  void a_draining_server_says_when_to_come_back() {
    FakeSocket socket = rig.connected();
    socket.push("server.draining", "reconnect_after_ms", 4_000);
    socket.end(1012, "restarting");
    rig.settle();
    assertThat(rig.lastChange().delay()).isEqualTo(Duration.ofMillis(4_250));
    assertThat(rig.state()).isEqualTo(ConnectionState.RECONNECTING);
  }

  @Test
  void a_terminal_close_code_is_a_failure_with_a_cause_and_connect_tries_again() {
    FakeSocket socket = rig.connected();
    socket.end(4403, "banned");
    rig.advance(Duration.ofMinutes(5));
    assertThat(rig.state()).isEqualTo(ConnectionState.FAILED);
    assertThat(rig.lastChange().cause()).hasMessageContaining("4403");
    assertThat(rig.sockets).hasSize(1);
    rig.driver.connect();
    rig.settle();
    rig.socket().welcome(0, "c1");
    rig.settle();
    assertThat(rig.state()).isEqualTo(ConnectionState.CONNECTED);
  }

  @Test
  void a_refused_token_is_replaced_once_at_once() {
    rig.driver.connect();
    rig.settle();
    rig.socket().refuse(401, null);
    rig.settle();
    assertThat(rig.sockets).extracting(s -> s.token).containsExactly("token-1", "token-2");
    assertThat(rig.tokensRefused).isEqualTo(1);
    rig.socket().refuse(401, null);
    rig.settle();
    assertThat(rig.sockets).hasSize(2);
    assertThat(rig.nextSocket().token).isEqualTo("token-3");
  }

  @Test
  void a_refusal_for_now_is_waited_out() {
    rig.driver.connect();
    rig.settle();
    rig.socket().refuse(503, Duration.ofSeconds(20));
    rig.settle();
    assertThat(rig.lastChange().delay()).isEqualTo(Duration.ofMillis(20_250));
    rig.nextSocket().refuse(403, null);
    rig.settle();
    assertThat(rig.lastChange().delay()).isGreaterThanOrEqualTo(Duration.ofSeconds(10));
    assertThat(rig.state()).isEqualTo(ConnectionState.CONNECTING);
  }

  @Test
  void a_provider_that_fails_or_never_answers_is_asked_again() {
    rig.nextToken = CompletableFuture.failedFuture(new IllegalStateException("no network"));
    rig.driver.connect();
    rig.settle();
    assertThat(rig.lastChange().cause()).hasMessageContaining("token provider");
    rig.nextToken = new CompletableFuture<>();
    rig.advance(Duration.ofSeconds(12));
    rig.nextToken = null;
    rig.nextSocket().welcome(null, "c0");
    rig.settle();
    assertThat(rig.state()).isEqualTo(ConnectionState.CONNECTED);
  }

  @Test
  void a_token_that_would_break_the_header_is_never_sent() {
    for (String token : List.of("", "a\r\nX-Admin: yes", "a b", "tök")) {
      rig.nextToken = CompletableFuture.completedFuture(token);
      rig.driver.connect();
      rig.advance(Duration.ofSeconds(60));
    }
    assertThat(rig.sockets).isEmpty();
    assertThat(rig.state()).isEqualTo(ConnectionState.CONNECTING);
  }

  @Test
  void the_token_is_refreshed_ahead_of_its_expiry_one_at_a_time() {
    rig.driver.connect();
    rig.settle();
    FakeSocket socket = rig.socket();
    socket.welcome(null, "c0", ManualLoop.START.plusSeconds(600));
    rig.settle();
    heartbeatsFor(Duration.ofSeconds(535));
    assertThat(socket.calls("auth.refresh")).isEmpty();
    heartbeatsFor(Duration.ofSeconds(6));
    assertThat(socket.lastCall("auth.refresh").params().text()).contains("token-2");
    socket.push("token_expired", "grace_ms", 30_000);
    rig.settle();
    assertThat(socket.calls("auth.refresh")).hasSize(1);
    socket.answer("auth.refresh", "token_expires_at", "2026-03-01T13:00:00.000Z");
    heartbeatsFor(Duration.ofMinutes(30));
    assertThat(socket.calls("auth.refresh")).hasSize(1);
  }

  @Test
  void a_clock_that_is_ahead_of_every_tokens_end_does_not_refresh_without_a_pause() {
    rig.driver.connect();
    rig.settle();
    FakeSocket socket = rig.socket();
    socket.welcome(null, "c0", ManualLoop.START.minusSeconds(600));
    rig.settle();
    heartbeatsFor(Duration.ofMinutes(5));
    assertThat(socket.calls("auth.refresh")).isEmpty();
    socket.push("token_expired", "grace_ms", 30_000);
    rig.settle();
    assertThat(socket.calls("auth.refresh")).hasSize(1);
  }

  @Test
  void an_expired_token_is_refreshed_at_once_and_again_when_that_is_refused() {
    FakeSocket socket = rig.connected();
    socket.push("token_expired", "grace_ms", 30_000);
    rig.settle();
    socket.refuseCall("auth.refresh", ErrorCode.UNAUTHORIZED);
    rig.advance(TokenRenewal.RETRY);
    assertThat(socket.calls("auth.refresh")).hasSize(2);
    assertThat(rig.tokensRefused).isEqualTo(2);
    socket.end(4401, "not refreshed");
    assertThat(rig.nextSocket().token).isEqualTo("token-4");
  }

  @Test
  void pause_says_goodbye_and_resume_comes_back_at_once() {
    FakeSocket socket = rig.connected();
    rig.driver.signal(new Signal.Pause());
    rig.advance(Duration.ofMinutes(10));
    assertThat(socket.closed).isTrue();
    assertThat(rig.state()).isEqualTo(ConnectionState.PAUSED);
    assertThat(rig.sockets).hasSize(1);
    rig.driver.signal(new Signal.Resume());
    rig.settle();
    assertThat(rig.socket().target).hasQuery("since=c0");
    rig.socket().welcome(0, "c1");
    rig.settle();
    assertThat(rig.state()).isEqualTo(ConnectionState.CONNECTED);
  }

  @Test
  void another_network_ends_the_waiting() {
    FakeSocket socket = rig.connected();
    socket.end(1006, "");
    rig.settle();
    rig.driver.signal(new Signal.NetworkChanged());
    rig.settle();
    assertThat(rig.sockets).hasSize(2);
    rig.advance(Duration.ofSeconds(5));
    assertThat(rig.sockets).as("the old timer does nothing").hasSize(2);
  }

  @Test
  void what_cannot_be_read_is_left_out() {
    FakeSocket socket = rig.connected();
    socket.text("nonsense\n[1]\n{\"event\":7}\n{\"event\":\"presence.changed\",\"data\":null}");
    socket.text("{\"event\":\"notification.read\",\"data\":{\"ids\":\"x\"}}");
    socket.push("server.draining", "reconnect_after_ms", "soon");
    socket.notification(1);
    rig.settle();
    assertThat(rig.notifications).containsExactly("n1");
    assertThat(rig.state()).isEqualTo(ConnectionState.CONNECTED);
  }

  private void heartbeatsFor(Duration time) {
    for (long second = 0; second < time.toSeconds(); second++) {
      rig.socket().text("{}");
      rig.advance(Duration.ofSeconds(1));
    }
  }
}
