package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.IdempotencyConflictException;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.NotificationContent;
import dev.realtime4j.api.notification.UnreadCount;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One notification for many receivers. */
class SendAllTest {
  private final FaultyStore store = new FaultyStore();

  @SuppressWarnings("NullAway.Init")
  private RealtimeServer server;

  @BeforeEach
  void start() {
    server =
        RealtimeServer.builder()
            .port(0)
            .authenticator(new TestUsers())
            .notifications(store.repository())
            .messagesPerSecond(1000)
            .handler("echo", MethodCall::params)
            .build()
            .start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static NotificationContent titled(String title) {
    return NewNotification.to(TestUsers.some()).title(title).build().content();
  }

  private static List<UserId> users(int count) {
    return Stream.generate(TestUsers::some).limit(count).toList();
  }

  private UnreadCount unread(UserId user) {
    return server.notifications().unreadCount(user);
  }

  @Test
  void every_receiver_gets_it_once_however_often_it_is_repeated() {
    List<UserId> users = users(2_500);
    List<UserId> more = new ArrayList<>(users);
    more.addAll(users(10));
    more.addAll(users.subList(0, 100));
    try (WireClient client = WireClient.open(server, users.get(7))) {
      client.event("connected");
      assertThat(server.notifications().sendAll(users, titled("sale"), "sale-1")).isEqualTo(2_500);
      assertThat(WireClient.text(client.event("notification.new"), "title")).isEqualTo("sale");

      assertThat(server.notifications().sendAll(more, titled("sale"), "sale-1")).isEqualTo(10);

      assertThat(client.drain()).isEmpty();
      assertThat(more).allSatisfy(user -> assertThat(unread(user).count()).isOne());
    }
  }

  @Test
  void a_sending_that_broke_off_half_way_goes_on_when_it_is_repeated_with_its_key() {
    List<UserId> users = users(3_000);
    AtomicInteger calls = new AtomicInteger();
    store.before(
        "insertForAll",
        () -> {
          if (calls.incrementAndGet() == 2) {
            throw RealtimeException.unavailable("the store is unavailable", null);
          }
        });
    assertThatThrownBy(() -> server.notifications().sendAll(users, titled("sale"), "sale-2"))
        .isInstanceOf(RealtimeException.class);
    assertThat(users.stream().filter(user -> unread(user).count() == 1)).hasSize(1_000);

    assertThat(server.notifications().sendAll(users, titled("sale"), "sale-2")).isEqualTo(2_000);

    assertThat(users).allSatisfy(user -> assertThat(unread(user).count()).isOne());
  }

  @Test
  void a_key_that_was_used_with_another_content_is_refused() {
    List<UserId> users = users(3);
    server.notifications().sendAll(users.subList(1, 2), titled("sale"), "sale-3");
    assertThatThrownBy(() -> server.notifications().sendAll(users, titled("no sale"), "sale-3"))
        .isInstanceOf(IdempotencyConflictException.class);
    assertThat(unread(users.get(0)).count()).isZero();
  }

  @Test
  void a_key_is_required_and_so_are_no_more_than_a_hundred_thousand_receivers() {
    assertThatThrownBy(() -> server.notifications().sendAll(users(1), titled("sale"), ""))
        .hasMessageContaining("1 to 255 characters");
    assertThatThrownBy(
            () -> server.notifications().sendAll(users(100_001), titled("sale"), "sale-4"))
        .hasMessageContaining("100000")
        .hasMessageContaining("100001");
  }

  @Test
  void what_is_sent_to_a_receiver_meanwhile_comes_after_it() {
    UserId anna = TestUsers.some();
    List<CompletableFuture<Void>> sent = new ArrayList<>();
    store.before(
        "insertForAll",
        () -> {
          NewNotification later = NewNotification.to(anna).title("later").build();
          sent.add(CompletableFuture.runAsync(() -> server.notifications().send(later)));
          sent.get(0).join();
        });
    try (WireClient client = WireClient.open(server, anna)) {
      client.event("connected");
      server.notifications().sendAll(List.of(anna), titled("sale"), "sale-5");
      assertThat(sent).hasSize(1);
      assertThat(WireClient.text(client.event("notification.new"), "title")).isEqualTo("sale");
      assertThat(WireClient.text(client.event("notification.new"), "title")).isEqualTo("later");
    }
  }
}
