package dev.realtime4j.integration.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.client.RealtimeClient;
import dev.realtime4j.server.RealtimeServer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Why a client does not get in, told at both ends. */
class RefusedClientTest {
  private static final UserId USER = new UserId(UUID.randomUUID());

  private final Lines lines = new Lines();
  private final Logger ours = (Logger) LoggerFactory.getLogger("dev.realtime4j");
  private RealtimeServer server;

  @BeforeEach
  void start() {
    server =
        RealtimeServer.builder()
            .port(0)
            .drainTime(Duration.ZERO)
            .allowedOrigins(Set.of("https://shop.example"))
            .authenticator(
                handshake -> {
                  if (handshake.token().orElse("").equals("good")) {
                    return Principal.of(USER);
                  }
                  throw new RealtimeException(ErrorCode.UNAUTHORIZED, "the token has expired");
                })
            .build()
            .start();
    lines.start();
    ours.setLevel(Level.DEBUG);
    ours.addAppender(lines);
  }

  @AfterEach
  void stop() {
    ours.detachAppender(lines);
    ours.setLevel(null);
    server.close();
  }

  private RealtimeClient.Builder client(String path) {
    return RealtimeClient.builder().endpoint(URI.create("ws://127.0.0.1:" + server.port() + path));
  }

  /** Waits until the client has failed a few times. */
  private Throwable refusalOf(RealtimeClient.Builder builder) {
    try (RealtimeClient client = builder.build()) {
      List<Object> failures = new CopyOnWriteArrayList<>();
      client.onState(
          change -> {
            if (change.cause() != null) {
              failures.add(change);
            }
          });
      Throwable failure = catchThrowable(() -> client.connectWithin(Duration.ofSeconds(2)).join());
      await().atMost(Duration.ofSeconds(20)).until(() -> !failures.isEmpty());
      return failure;
    }
  }

  private void assertTold(RealtimeClient.Builder builder, ErrorCode code, String reason) {
    assertThat(refusalOf(builder).getCause())
        .isInstanceOfSatisfying(RealtimeException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(reason);
    assertThat(lines.of(Level.WARN, "client"))
        .singleElement()
        .asString()
        .contains("No connection to ws://127.0.0.1:" + server.port(), reason, "trying again");
    assertThat(lines.of(Level.DEBUG, "server"))
        .anyMatch(
            line ->
                line.startsWith("Handshake from 127.0.0.1 refused with ") && line.contains(reason));
    assertThat(lines.all).noneMatch(line -> line.contains("hush"));
  }

  @Test
  void a_path_that_is_none() {
    assertTold(client("/realtime").token("good"), ErrorCode.NOT_FOUND, "WebSockets are at /ws");
  }

  @Test
  void a_token_that_is_refused() {
    assertTold(client("/ws").token("hush"), ErrorCode.UNAUTHORIZED, "the token has expired");
  }

  @Test
  void an_origin_that_is_not_allowed() {
    assertTold(
        client("/ws").token("good").header("Origin", "https://evil.example"),
        ErrorCode.FORBIDDEN,
        "the origin is not allowed");
  }

  @Test
  void a_user_who_is_banned() {
    server.ban(USER, Duration.ofMinutes(1), "because");
    assertTold(client("/ws").token("good"), ErrorCode.FORBIDDEN, "the user is banned for now");
  }

  /** What our packages log, with their loggers. */
  private static final class Lines extends AppenderBase<ILoggingEvent> {
    final List<String> all = new CopyOnWriteArrayList<>();
    private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

    @Override
    protected void append(ILoggingEvent event) {
      events.add(event);
      all.add(event.getFormattedMessage());
    }

    List<String> of(Level level, String module) {
      return events.stream()
          .filter(event -> event.getLevel() == level)
          .filter(event -> event.getLoggerName().startsWith("dev.realtime4j." + module))
          .map(ILoggingEvent::getFormattedMessage)
          .toList();
    }
  }
}
