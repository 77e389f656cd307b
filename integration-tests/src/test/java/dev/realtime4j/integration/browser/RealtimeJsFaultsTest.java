package dev.realtime4j.integration.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.BrowserContext;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Handshake;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.examples.Closing;
import dev.realtime4j.fixtures.Chromium;
import dev.realtime4j.integration.delivery.CuttableProxy;
import dev.realtime4j.server.RealtimeServer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The browser's client and a real server, on a way between them that is cut, stalls and is closed:
 * two tabs of one user.
 */
@Tag("chromium")
@SuppressWarnings("NullAway.Init")
class RealtimeJsFaultsTest {
  private static final RoomName LOBBY = RoomName.of("lobby");

  private static Chromium chromium;

  private final Closing closing = new Closing();
  private final UserId anna = new UserId(UUID.randomUUID());
  private final UserId ben = new UserId(UUID.randomUUID());
  private final List<String> sent = new ArrayList<>();
  private RealtimeServer server;
  private CuttableProxy way;
  private BrowserContext browser;

  @BeforeAll
  static void launch() {
    chromium = new Chromium();
  }

  @AfterAll
  static void quit() {
    chromium.close();
  }

  @BeforeEach
  void start() throws IOException {
    server =
        closing.later(
            RealtimeServer.builder()
                .port(0)
                .authenticator(RealtimeJsFaultsTest::user)
                .heartbeatInterval(Duration.ofSeconds(1))
                .heartbeatTimeout(Duration.ofSeconds(2))
                .tokenGrace(Duration.ofSeconds(1))
                .drainTime(Duration.ZERO)
                .build()
                .start());
    way = closing.later(new CuttableProxy(server.port()));
    browser = closing.later(chromium.browser().newContext());
  }

  @AfterEach
  void stop() {
    closing.close();
  }

  /** A token is a user, and for how many milliseconds it is good, if not for ever. */
  private static Principal user(Handshake handshake) {
    String[] parts = handshake.token().orElseThrow().split("_", 2);
    UserId user = UserId.of(parts[0]);
    return parts.length == 1
        ? Principal.of(user)
        : new Principal(user, Set.of(), Instant.now().plusMillis(Long.parseLong(parts[1])));
  }

  private RealtimeJsTab tab(String token) {
    return RealtimeJsTab.open(browser, way.port(), token);
  }

  private List<RealtimeJsTab> twoTabs() {
    List<RealtimeJsTab> tabs = List.of(tab(anna.toString()), tab(anna.toString()));
    tabs.forEach(RealtimeJsTab::connect);
    return tabs;
  }

  private void send(int count) {
    for (int i = 0; i < count; i++) {
      NewNotification next = NewNotification.to(anna).title("n" + sent.size()).build();
      sent.add(server.notifications().send(next).id().toString());
    }
  }

  private void assertEachIsShownOnceAndInOrder(List<RealtimeJsTab> tabs) {
    for (RealtimeJsTab tab : tabs) {
      tab.awaitShown(sent.get(sent.size() - 1));
    }
    send(1); // whatever would be shown twice or late is shown before it
    for (RealtimeJsTab tab : tabs) {
      tab.awaitShown(sent.get(sent.size() - 1));
      assertThat(tab.shown()).isEqualTo(sent);
      tab.awaitUnread(sent.size());
    }
  }

  @Test
  void what_is_sent_while_the_way_is_cut_at_random_is_shown_once_and_in_order() {
    Random random = new Random(11);
    List<RealtimeJsTab> tabs = twoTabs();
    for (int cut = 0; cut < 8; cut++) {
      send(random.nextInt(40));
      way.cut();
      send(random.nextInt(20));
      tabs.get(cut % 2).awaitState("connected"); // the other one may be cut on its way back
      send(random.nextInt(5));
    }
    assertThat(sent).hasSizeGreaterThan(100);
    assertEachIsShownOnceAndInOrder(tabs);
    assertThat(tabs).allSatisfy(tab -> assertThat(tab.changes("waiting")).isPositive());
  }

  @Test
  void a_way_that_stalls_is_noticed_and_another_one_is_taken() {
    FasterRealtimeJs.in(browser, 8); // half a minute may pass until a long frame is there
    List<RealtimeJsTab> tabs = twoTabs();
    send(3);
    tabs.forEach(tab -> tab.awaitShown(sent.get(2)));
    way.stall();
    send(5);
    assertEachIsShownOnceAndInOrder(tabs);
    assertThat(tabs)
        .allSatisfy(tab -> assertThat(tab.log()).contains("waiting 4408 silence", "connected"));
  }

  @Test
  void more_missed_than_are_sent_again_are_read_from_the_list_while_new_ones_arrive() {
    List<RealtimeJsTab> tabs = twoTabs();
    send(5);
    tabs.forEach(tab -> tab.awaitShown(sent.get(4)));
    way.refuse(true);
    way.cut();
    tabs.forEach(tab -> tab.awaitState("waiting"));
    send(450);
    way.refuse(false);
    tabs.forEach(tab -> tab.awaitState("connected"));
    send(20);
    assertEachIsShownOnceAndInOrder(tabs);
    assertThat(tabs).allSatisfy(tab -> assertThat(tab.log()).contains("resync"));
  }

  @Test
  void rooms_watches_and_status_are_back_before_the_page_hears_of_it() {
    RealtimeJsTab tab = tab(anna.toString());
    tab.run("realtime => realtime.join('lobby')");
    tab.run("(realtime, ben) => realtime.watch([ben])", ben.toString());
    tab.run("realtime => realtime.setStatus('BUSY')");
    tab.connect();
    assertThat(server.presence().get(anna).status()).isEqualTo(PresenceStatus.BUSY);
    way.refuse(true);
    way.cut();
    tab.awaitState("waiting");
    await().until(() -> server.rooms().memberCount(LOBBY) == 0);
    server
        .presence()
        .set(anna, PresenceStatus.ONLINE); // unheard: it is the last word of this device
    RealtimeJsTab other = RealtimeJsTab.open(browser, server.port(), ben.toString());
    other.connect();
    tab.clearLog();
    way.refuse(false);
    tab.awaitState("connected");

    List<String> log = tab.log();
    assertThat(log.subList(log.lastIndexOf("connecting"), log.lastIndexOf("connected")))
        .contains("joined lobby", "presence " + ben + " ONLINE");
    assertThat(server.rooms().memberCount(LOBBY)).isEqualTo(1);
    assertThat(server.presence().get(anna).status()).isEqualTo(PresenceStatus.BUSY);
    server.rooms().publish(LOBBY, "said", Json.of("hello"));
    tab.awaitLog("said hello in lobby");
  }

  @Test
  void a_token_is_renewed_on_the_connection_and_when_that_fails_on_the_next_one() {
    RealtimeJsTab tab = tab(anna + "_2000");
    tab.connect();
    tab.awaitTokens(3); // one for the connection, two ahead of an end
    assertThat(tab.changes("connected")).as("never lost").isEqualTo(1);

    tab.loseTokens(true);
    tab.awaitState("waiting");
    send(3);
    tab.loseTokens(false);
    tab.awaitState("connected");
    assertEachIsShownOnceAndInOrder(List.of(tab));
    assertThat(tab.log()).anyMatch(line -> line.startsWith("waiting 4401"));
  }
}
