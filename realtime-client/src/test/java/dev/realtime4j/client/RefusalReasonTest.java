package dev.realtime4j.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the client tells of a server that does not let it in. */
@Timeout(30)
class RefusalReasonTest {
  private static String problem(String status, String body) {
    return problem(status, body, body.getBytes(StandardCharsets.UTF_8).length);
  }

  private static String problem(String status, String body, int length) {
    return "HTTP/1.1 "
        + status
        + "\r\nContent-Type: application/problem+json\r\nContent-Length: "
        + length
        + "\r\n\r\n"
        + body;
  }

  /** What the first failed attempt is told to have failed for. */
  private static RealtimeException reason(String answer) throws IOException {
    try (PlainServer server = new PlainServer(answer);
        RealtimeClient client =
            RealtimeClient.builder().endpoint(server.uri()).token("secret").build()) {
      List<ConnectionChange> changes = new CopyOnWriteArrayList<>();
      client.onState(
          change -> {
            if (change.cause() != null) {
              changes.add(change);
            }
          });
      client.connect();
      await().atMost(Duration.ofSeconds(10)).until(() -> !changes.isEmpty());
      RealtimeException cause = changes.get(0).cause();
      if (cause == null) {
        throw new AssertionError(changes);
      }
      return cause;
    }
  }

  @Test
  void the_servers_reason_is_the_cause() throws IOException {
    RealtimeException cause =
        reason(problem("404 Not Found", "{\"status\":404,\"detail\":\"WebSockets are at /ws\"}"));
    assertThat(cause.code()).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(cause)
        .hasMessage("the server refused the connection with HTTP 404: WebSockets are at /ws");
  }

  @Test
  void it_is_on_one_line_and_short() throws IOException {
    String detail = "one\\r\\ntwo " + "x".repeat(1000);
    assertThat(reason(problem("401 Unauthorized", "{\"detail\":\"" + detail + "\"}")))
        .message()
        .startsWith("the server refused the connection with HTTP 401: one two xxx")
        .hasLineCount(1)
        .hasSizeLessThan(400);
  }

  @Test
  void a_body_that_says_nothing_leaves_the_status() throws IOException {
    for (String body : List.of("<html>", "[]", "{}", "{\"detail\":7}", "{\"detail\":\" \"}", "")) {
      assertThat(reason(problem("403 Forbidden", body)))
          .as(body)
          .hasMessage("the server refused the connection with HTTP 403");
    }
  }

  @Test
  void a_body_that_never_comes_does_not_hide_the_status() throws IOException {
    assertThat(reason(problem("401 Unauthorized", "{\"det", 500)))
        .hasMessage("the server refused the connection with HTTP 401");
  }

  @Test
  void the_body_of_another_program_is_not_told() throws IOException {
    String page =
        "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\noops";
    assertThat(reason(page)).hasMessage("the server refused the connection with HTTP 502");
  }

  @Test
  void who_waits_for_a_while_only_is_told_the_last_reason() throws Exception {
    String answer = problem("401 Unauthorized", "{\"detail\":\"the token has expired\"}");
    try (PlainServer server = new PlainServer(answer);
        RealtimeClient client =
            RealtimeClient.builder().endpoint(server.uri()).token("secret").build()) {
      Throwable failure =
          catchThrowable(
              () -> client.connectWithin(Duration.ofSeconds(2)).get(20, TimeUnit.SECONDS));

      assertThat(failure.getCause())
          .isInstanceOfSatisfying(
              RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHORIZED))
          .hasMessageContaining("no connection to " + server.uri() + " within 2000 ms")
          .hasMessageContaining("the token has expired")
          .hasMessageNotContaining("secret");
      assertThat(client.state()).isEqualTo(ConnectionState.CONNECTING);
    }
  }

  @Test
  void an_attempt_that_is_under_way_is_told_as_that() throws Exception {
    try (PlainServer server = new PlainServer(PlainServer.SILENCE);
        RealtimeClient client =
            RealtimeClient.builder().endpoint(server.uri()).token("secret").build()) {
      assertThatThrownBy(() -> client.connectWithin(Duration.ofMillis(200)).join())
          .isInstanceOf(CompletionException.class)
          .hasMessageContaining("the first attempt is under way");
    }
  }

  @Test
  void time_enough_is_no_hindrance() throws Exception {
    try (ScriptedServer server = new ScriptedServer();
        RealtimeClient client =
            RealtimeClient.builder().endpoint(server.uri()).token("secret").build()) {
      client.connectWithin(Duration.ofSeconds(10)).join();
      assertThat(client.state()).isEqualTo(ConnectionState.CONNECTED);
      client.connectWithin(Duration.ofSeconds(10)).join();
      assertThatThrownBy(() -> client.connectWithin(Duration.ZERO))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("timeout");
    }
  }

  @Test
  void the_exception_of_a_token_provider_is_the_cause() throws Exception {
    IllegalStateException mine = new IllegalStateException("the login server is being updated");
    try (RealtimeClient client =
        RealtimeClient.builder()
            .endpoint(java.net.URI.create("ws://127.0.0.1:1/ws"))
            .tokenProvider(
                () -> {
                  throw mine;
                })
            .build()) {
      List<ConnectionChange> changes = new CopyOnWriteArrayList<>();
      client.onState(changes::add);
      assertThatThrownBy(() -> client.connectWithin(Duration.ofSeconds(1)).join())
          .hasMessageContaining("the login server is being updated")
          .hasRootCause(mine);
      assertThat(changes.get(1).cause())
          .hasMessage(
              "the token provider failed: java.lang.IllegalStateException: the login server is"
                  + " being updated")
          .hasCause(mine);
    }
  }
}
