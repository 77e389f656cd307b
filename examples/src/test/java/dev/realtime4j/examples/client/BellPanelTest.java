package dev.realtime4j.examples.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.client.RealtimeClient;
import dev.realtime4j.testkit.FakeRealtimeServer;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.swing.SwingUtilities;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole panel, without a screen. */
class BellPanelTest {
  private static final UserId BEN = new UserId(UUID.randomUUID());
  private static final String HEADLESS = "java.awt.headless";

  private static String before;

  private final FakeRealtimeServer server = FakeRealtimeServer.create();
  private final RealtimeClient client =
      server.client().callbackExecutor(SwingUtilities::invokeLater).build();
  private BellPanel panel;

  @BeforeAll
  static void without_a_screen() {
    before = System.getProperty(HEADLESS, "");
    System.setProperty(HEADLESS, "true");
  }

  @AfterAll
  static void as_before() {
    System.setProperty(HEADLESS, before);
  }

  @BeforeEach
  void open() throws Exception {
    FutureTask<BellPanel> making =
        new FutureTask<>(() -> new BellPanel(client, Map.of(BEN, "Ben")));
    SwingUtilities.invokeAndWait(making);
    panel = making.get();
    client.connect().join();
    server.awaitIdle();
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  private <T> T seen(Function<BellPanel, T> look) throws Exception {
    FutureTask<T> looking = new FutureTask<>(() -> look.apply(panel));
    SwingUtilities.invokeLater(looking);
    return looking.get(10, TimeUnit.SECONDS);
  }

  private String text(Function<BellPanel, String> look) throws Exception {
    return seen(look);
  }

  private boolean holds(Function<BellPanel, Boolean> look) throws Exception {
    return seen(look);
  }

  private List<String> titles() throws Exception {
    return seen(shown -> Collections.list(shown.titles.elements()));
  }

  @Test
  void the_bell_counts_and_the_list_shows_what_is_new() throws Exception {
    assertThat(text(p -> p.bell.getText())).endsWith(" 0");
    server.send(NewNotification.to(server.user()).title("Shipped").build());
    assertThat(text(p -> p.bell.getText())).endsWith(" 1");
    assertThat(titles()).containsExactly("•  Shipped");
  }

  @Test
  void the_button_reads_all() throws Exception {
    server.send(NewNotification.to(server.user()).title("one").build());
    server.send(NewNotification.to(server.user()).title("two").build());
    SwingUtilities.invokeAndWait(panel.readAll::doClick);
    server.awaitIdle();
    assertThat(server.unread(server.user()).count()).isZero();
    assertThat(text(p -> p.bell.getText())).endsWith(" 0");
    assertThat(holds(p -> p.readAll.isEnabled())).isFalse();
    assertThat(titles()).containsExactly("   two", "   one");
  }

  @Test
  void it_shows_who_is_there_and_how_the_connection_does() throws Exception {
    assertThat(text(p -> p.people.getText())).isEqualTo("Ben: OFFLINE");
    server.presence(BEN, PresenceStatus.BUSY);
    assertThat(text(p -> p.people.getText())).isEqualTo("Ben: BUSY");
    assertThat(text(p -> p.connection.getText())).isEqualTo("CONNECTED");
    server.refuse(503, Duration.ofSeconds(40));
    server.dropConnections();
    server.advance(Duration.ofSeconds(1));
    assertThat(text(p -> p.connection.getText())).isEqualTo("RECONNECTING, next try in 40 s");
    assertThat(holds(p -> p.bell.isEnabled())).as("may be stale").isFalse();
    server.accept();
    server.advance(Duration.ofMinutes(1));
    assertThat(text(p -> p.connection.getText())).isEqualTo("CONNECTED");
    assertThat(holds(p -> p.bell.isEnabled())).isTrue();
  }
}
