package dev.realtime4j.examples.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.testkit.FakeRealtimeServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConsoleTest {
  private static final UserId BEN = new UserId(UUID.randomUUID());

  private final FakeRealtimeServer server = FakeRealtimeServer.create();
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final Console console =
      new Console(
          server.client().build(),
          Map.of(BEN, "Ben"),
          new PrintStream(printed, true, StandardCharsets.UTF_8));

  @BeforeEach
  void open() {
    console.open();
    server.awaitIdle();
  }

  @AfterEach
  void close() {
    console.close();
    server.close();
  }

  private void send(String title) {
    server.send(NewNotification.to(server.user()).title(title).build());
  }

  private String after(String line) {
    printed.reset();
    assertThat(console.obey(line)).isTrue();
    server.awaitIdle();
    return printed.toString(StandardCharsets.UTF_8);
  }

  @Test
  void it_lists_reads_and_deletes() {
    send("first");
    send("second");
    server.advance(Duration.ofSeconds(5));
    assertThat(after("list")).contains("1 ! second", "2 ! first", "2 unread");
    assertThat(after("read 2")).contains("unread: 1");
    assertThat(after("delete 1")).contains("unread: 0");
    server.advance(Duration.ofSeconds(5));
    assertThat(after("list")).contains("1   first", "0 unread").doesNotContain("second");
    assertThat(after("read 7")).contains("no number 7");
    send("third");
    assertThat(after("read all")).contains("unread: 0");
  }

  @Test
  void it_tells_who_is_there_what_was_said_and_how_the_connection_does() {
    server.presence(BEN, PresenceStatus.BUSY);
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("CONNECTING", "CONNECTED", "Ben is BUSY");
    after("join match:1");
    assertThat(after("say match:1 well played")).contains("[match:1] \"well played\"");
    after("busy");
    assertThat(server.presence(server.user()).status()).isEqualTo(PresenceStatus.BUSY);
    printed.reset();
    server.dropConnections();
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("RECONNECTING", "next try in 250 ms");
    server.advance(Duration.ofSeconds(1));
    assertThat(printed.toString(StandardCharsets.UTF_8)).contains("CONNECTED");
    assertThat(after("say match:1 again")).as("still in the room").contains("again");
  }

  @Test
  void it_helps_who_does_not_know_the_words_and_ends_at_quit() {
    assertThat(after("what?")).contains("quit");
    assertThat(after("say match:1")).contains("needs more words");
    assertThat(after("join not a room")).isEmpty();
    assertThat(console.obey("quit")).isFalse();
  }
}
