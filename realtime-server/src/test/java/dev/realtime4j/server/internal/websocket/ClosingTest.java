package dev.realtime4j.server.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.CloseCode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClosingTest {
  private static final TestServer SERVER = TestServer.startSingle();

  private final TestServer.Opened opened = SERVER.open();
  private final RawClient client = opened.client();
  private final TestSession session = opened.session();

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @AfterEach
  void hangUp() {
    client.close();
    await().until(() -> SERVER.transport.connectionCount() == 0);
    assertThat(session.events).as("closed once, and nothing after").isEmpty();
  }

  @Test
  void a_client_that_closes_is_answered_with_its_code() {
    client.send(RawClient.closeFrame(1001, "going"));
    assertThat(client.read()).isEqualTo("close 1001 going");
    assertThat(client.isEnded()).isTrue();
    assertThat(session.next()).isEqualTo("closed 1001 going");
  }

  @Test
  void a_close_without_a_code_is_1005() {
    client.send(RawClient.frame(0x88));
    assertThat(client.read()).isEqualTo("close");
    assertThat(client.isEnded()).isTrue();
    assertThat(session.next()).isEqualTo("closed 1005 ");
  }

  @Test
  void nothing_is_delivered_after_the_clients_close() {
    client.send(RawClient.join(RawClient.closeFrame(1000, ""), RawClient.frame(0x81, (byte) 'a')));
    assertThat(client.read()).isEqualTo("close 1000 ");
    assertThat(session.next()).isEqualTo("closed 1000 ");
  }

  @Test
  void a_connection_that_just_ends_is_1006() {
    client.close();
    assertThat(session.next()).isEqualTo("closed 1006 ");
  }

  @Test
  void a_reset_connection_is_1006() throws IOException {
    client.socket.setSoLinger(true, 0);
    client.close();
    assertThat(session.next()).isEqualTo("closed 1006 ");
  }

  @Test
  void closing_sends_what_waits_and_awaits_the_answer() {
    session.send("one");
    session.outgoing.add("two".getBytes());
    session.connection.close(CloseCode.REPLACED, "another socket");
    assertThat(client.read()).isEqualTo("text one");
    assertThat(client.read()).isEqualTo("text two");
    assertThat(client.read()).isEqualTo("close 4409 another socket");
    client.text("too late").send(RawClient.closeFrame(4409, ""));
    assertThat(client.isEnded()).isTrue();
    assertThat(session.next()).isEqualTo("closed 4409 another socket");
  }

  @Test
  void a_client_that_does_not_answer_the_close_is_cut_after_a_second() {
    long start = System.nanoTime();
    session.connection.close(CloseCode.NORMAL, "bye");
    assertThat(client.read()).isEqualTo("close 1000 bye");
    assertThat(client.isEnded()).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(900));
    assertThat(session.next()).isEqualTo("closed 1000 bye");
  }

  @Test
  void only_the_first_close_counts_and_later_calls_do_nothing() {
    session.connection.close(CloseCode.NORMAL, "first");
    session.connection.close(CloseCode.REPLACED, "second");
    assertThat(client.read()).isEqualTo("close 1000 first");
    client.send(RawClient.closeFrame(1000, ""));
    assertThat(session.next()).isEqualTo("closed 1000 first");
    session.connection.close(CloseCode.REPLACED, "third");
    session.connection.abort(CloseCode.REPLACED, "fourth");
    session.connection.wantWrite();
    session.connection.pauseReading();
    session.connection.resumeReading();
  }

  @Test
  void a_session_that_closes_within_a_callback_gets_no_further_text() {
    SERVER.onText = (self, text) -> self.connection.close(CloseCode.NORMAL, text);
    try {
      client.send(
          RawClient.join(RawClient.frame(0x81, (byte) 'a'), RawClient.frame(0x81, (byte) 'b')));
      assertThat(client.read()).isEqualTo("close 1000 a");
      client.send(RawClient.closeFrame(1000, ""));
      assertThat(session.next()).isEqualTo("text a");
      assertThat(session.next()).isEqualTo("closed 1000 a");
    } finally {
      SERVER.onText = TestSession::send;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"é", "€", "x", "😀"})
  void a_long_reason_is_cut_between_characters(String letter) {
    session.connection.close(CloseCode.NORMAL, letter.repeat(200));
    RawClient.Received close = client.receive();
    assertThat(close.payload().length).isBetween(120, 125);
    assertThat(close.toString().substring("close 1000 ".length()))
        .isEqualTo(letter.repeat(123 / letter.getBytes().length));
    client.send(RawClient.closeFrame(1000, ""));
    assertThat(session.next()).startsWith("closed 1000 ");
  }

  @Test
  void an_abort_drops_what_waits() {
    session.outgoing.add("dropped".getBytes());
    session.connection.abort(CloseCode.SLOW_CONSUMER, "too slow");
    assertThat(client.read()).isEqualTo("close 4508 too slow");
    client.send(RawClient.closeFrame(4508, ""));
    assertThat(client.isEnded()).isTrue();
    assertThat(session.next()).isEqualTo("closed 4508 too slow");
  }

  @Test
  void the_jdk_client_closes_and_is_closed_in_order() {
    CompletableFuture<String> seen = new CompletableFuture<>();
    WebSocket.Listener listener =
        new WebSocket.Listener() {
          @Override
          public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            seen.complete(code + " " + reason);
            return CompletableFuture.completedFuture(null);
          }
        };
    WebSocket socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(URI.create("ws://localhost:" + SERVER.port() + "/ws"), listener)
            .join();
    TestSession other = SERVER.sessions.get(SERVER.sessions.size() - 1);
    other.connection.close(CloseCode.DISCONNECTED, "by the host");
    assertThat(seen.join()).isEqualTo("4403 by the host");
    assertThat(other.next()).isEqualTo("closed 4403 by the host");
    assertThat(socket.isInputClosed()).isTrue();
    client.close();
    assertThat(session.next()).isEqualTo("closed 1006 ");
  }

  @Test
  void a_session_that_throws_at_a_text_is_closed_with_1011_and_others_are_served() {
    TestServer.Opened other = SERVER.open();
    SERVER.onText =
        (self, text) -> {
          if (text.equals("fail")) {
            throw new StackOverflowError("a test");
          }
          self.send(text);
        };
    try {
      client.text("fail");
      assertThat(client.read()).startsWith("close 1011 ").doesNotContain("a test");
      assertThat(other.client().text("hello").read()).isEqualTo("text hello");
    } finally {
      SERVER.onText = TestSession::send;
      other.client().close();
    }
    client.close();
    assertThat(session.next()).isEqualTo("text fail");
    assertThat(session.next()).startsWith("closed 1011 ");
  }

  @Test
  void a_session_that_throws_when_asked_for_texts_is_closed_with_1011_and_others_are_served() {
    TestServer.Opened other = SERVER.open();
    session.failsToGive = new OutOfMemoryError("a test");
    session.connection.wantWrite();
    assertThat(client.read()).startsWith("close 1011 ");
    assertThat(other.client().text("hello").read()).isEqualTo("text hello");
    other.client().close();
    client.close();
    assertThat(session.next()).startsWith("closed 1011 ");
  }
}
