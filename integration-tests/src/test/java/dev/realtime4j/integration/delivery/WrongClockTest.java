package dev.realtime4j.integration.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.Notifications;
import dev.realtime4j.api.notification.SyncCursor;
import dev.realtime4j.api.notification.SyncResult;
import dev.realtime4j.examples.Closing;
import dev.realtime4j.jdbi.JdbiNotificationRepository;
import dev.realtime4j.server.HealthReport;
import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.memory.InMemoryCluster;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node whose clock is wrong loses nothing for who is not connected. */
class WrongClockTest {
  private final Closing closing = new Closing();
  private final Stores.Database database = Stores.database();
  private final JdbiNotificationRepository store =
      JdbiNotificationRepository.create(database.direct());
  private final UserId absent = new UserId(UUID.randomUUID());
  private volatile Duration wrong = Duration.ZERO;

  private final InstantSource clock = () -> Instant.now().plus(wrong);

  @AfterEach
  void close() {
    closing.close();
  }

  private RealtimeServer node() {
    return closing.later(
        Nodes.node("wrong", InMemoryCluster.create(), closing.later(database.pool(4)))
            .clock(clock)
            .build()
            .start());
  }

  private SyncResult sync(Optional<SyncCursor> cursor) {
    return Objects.requireNonNull(store.sync(Map.of(absent, cursor), 200).get(absent));
  }

  private NewNotification titled(String title) {
    return NewNotification.to(absent).title(title).build();
  }

  private List<String> months() {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT relname FROM pg_class WHERE relkind = 'r'"
                            + " AND relname ~ '^(notification|connection_log)_p' ORDER BY 1")
                    .mapTo(String.class)
                    .list());
  }

  /** In every way in which one can be sent. */
  private List<NotificationId> send(Notifications notifications) throws Exception {
    List<NotificationId> sent = new ArrayList<>();
    try (Connection connection = database.direct().getConnection()) {
      connection.setAutoCommit(false);
      sent.add(notifications.send(connection, titled("in a transaction")).notification().id());
      connection.commit();
    }
    sent.add(notifications.send(titled("send")).id());
    sent.add(notifications.sendAsync(titled("sendAsync")).get().id());
    String key = UUID.randomUUID().toString();
    notifications.sendAll(List.of(absent), titled("sendAll").content(), key);
    return sent;
  }

  private void assertCaughtUp(SyncCursor since, List<NotificationId> sent) {
    SyncResult sync = sync(Optional.of(since));
    assertThat(sync.outcome()).isEqualTo(SyncResult.Outcome.COMPLETE);
    assertThat(sync.missed()).hasSize(sent.size() + 1);
    List<NotificationId> came = sync.missed().stream().map(Notification::id).toList();
    assertThat(came).containsAll(sent).isSorted();
  }

  @ParameterizedTest
  @ValueSource(strings = {"P-2D", "P2D", "P-3Y", "P1Y"})
  void from_the_first_one_on_whatever_the_clock_says(String period) throws Exception {
    List<String> months = months();
    Instant now = Instant.now();
    wrong =
        Duration.between(now, now.atOffset(ZoneOffset.UTC).plus(Period.parse(period)).toInstant());
    SyncCursor since = sync(Optional.empty()).cursor();

    RealtimeServer server = node();
    List<NotificationId> sent = send(server.notifications());

    assertCaughtUp(since, sent);
    try (Receiver receiver = Receiver.connected(server.port())) {
      await().until(() -> server.stats().sockets() == 1);
      receiver.client().close();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> database.count("SELECT count(*) FROM realtime.connection_log") == 1);
    }
    assertThat(months()).as("no months of another time").isEqualTo(months);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                server.health().problems().stream()
                    .map(HealthReport.Problem::name)
                    .anyMatch("clock.database"::equals));
  }

  @Test
  void while_it_jumps_to_and_fro() throws Exception {
    RealtimeServer server = node();
    for (Duration jump :
        List.of(Duration.ZERO, Duration.ofDays(-2), Duration.ofDays(40), Duration.ofDays(-40))) {
      SyncCursor since = sync(Optional.empty()).cursor();
      wrong = jump;
      assertCaughtUp(since, send(server.notifications()));
    }
  }
}
