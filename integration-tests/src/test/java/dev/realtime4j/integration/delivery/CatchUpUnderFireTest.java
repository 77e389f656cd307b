package dev.realtime4j.integration.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.Notifications;
import dev.realtime4j.examples.Closing;
import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.redis.RedisBackend;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Clients that come and go at random while many slow transactions write: everything committed is
 * told to their applications exactly once. More rows: {@code -Ddelivery.rows=100000}.
 */
class CatchUpUnderFireTest {
  private static final int ROWS = Integer.getInteger("delivery.rows", 3_000);
  private static final int WRITERS = 64;
  private static final int USERS = 32;
  private static final Duration LONGEST = Duration.ofSeconds(120 + ROWS / 100);

  private final Closing closing = new Closing();
  private final Stores.Database database = Stores.database();
  private final List<RealtimeServer> servers = new ArrayList<>();
  private final List<CuttableProxy> ways = new ArrayList<>();
  private final List<Receiver> receivers = new ArrayList<>();
  private final Map<UserId, Queue<NotificationId>> committed = new ConcurrentHashMap<>();
  private final AtomicInteger reconnects = new AtomicInteger();

  @AfterEach
  void close() {
    closing.close();
  }

  private void start() throws Exception {
    RedisBackend redis = closing.later(RedisBackend.connect(Stores.redis()));
    for (int i = 0; i < 2; i++) {
      servers.add(
          closing.later(
              Nodes.node("fire-" + i, redis, closing.later(database.pool(8))).build().start()));
      ways.add(closing.later(new CuttableProxy(servers.get(i).port())));
    }
    for (int i = 0; i < USERS; i++) {
      int first = ways.get(i % 2).port();
      int second = ways.get((i + 1) % 2).port();
      receivers.add(closing.later(Receiver.connected(first, second)));
      committed.put(receivers.get(i).user(), new ConcurrentLinkedQueue<>());
    }
  }

  @Test
  void every_committed_row_is_told_exactly_once_and_none_that_was_rolled_back() throws Exception {
    start();
    List<UserId> users = receivers.stream().map(Receiver::user).toList();
    List<Notifications> nodes = servers.stream().map(RealtimeServer::notifications).toList();
    ScheduledExecutorService trouble = Executors.newSingleThreadScheduledExecutor();
    ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    closing.later(trouble::shutdownNow);
    closing.later(threads::shutdownNow);

    try (Connection longOpen = database.direct().getConnection()) {
      longOpen.setAutoCommit(false);
      for (UserId user : users) {
        NewNotification early = NewNotification.to(user).title("early id, late commit").build();
        committed.get(user).add(nodes.get(0).send(longOpen, early).notification().id());
      }
      Random random = new Random(1);
      trouble.scheduleWithFixedDelay(() -> disturb(random), 50, 40, TimeUnit.MILLISECONDS);
      assertThat(write(threads, nodes, users)).as("rolled back transactions").isPositive();
      await().atMost(LONGEST).until(() -> reconnects.get() > 3 * USERS);
      longOpen.commit();
    }
    await().atMost(LONGEST).until(database::isOutboxEmpty);
    trouble.shutdownNow();
    assertThat(trouble.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    receivers.forEach(receiver -> receiver.client().networkChanged());
    // Whatever would be told twice is told before this one.
    for (UserId user : users) {
      NewNotification last = NewNotification.to(user).title("last").build();
      committed.get(user).add(nodes.get(0).send(last).id());
    }

    await().atMost(LONGEST).untilAsserted(() -> assertThat(missing()).as("lost").isEmpty());
    for (Receiver receiver : receivers) {
      assertThat(receiver.told())
          .doesNotHaveDuplicates()
          .hasSameElementsAs(committed.get(receiver.user()));
    }
    assertThat(committed.values().stream().mapToInt(Queue::size).sum())
        .isGreaterThanOrEqualTo(ROWS)
        .isEqualTo((int) database.count("SELECT count(*) FROM realtime.notification"));
  }

  private List<String> missing() {
    List<String> missing = new ArrayList<>();
    for (Receiver receiver : receivers) {
      Set<NotificationId> told = new HashSet<>(receiver.told());
      List<NotificationId> sent = List.copyOf(committed.get(receiver.user()));
      for (int i = 0; i < sent.size(); i++) {
        if (!told.contains(sent.get(i))) {
          missing.add(receiver.user() + ": number " + i + " of " + sent.size());
        }
      }
    }
    return missing;
  }

  /** One client is told of another network, or everybody on one way is cut off without a word. */
  private void disturb(Random random) {
    Receiver receiver = receivers.get(random.nextInt(receivers.size()));
    if (random.nextInt(20) == 0) {
      ways.get(random.nextInt(ways.size())).cut();
    }
    // After a cut this is also what keeps the pauses between its attempts from growing.
    receiver.client().networkChanged();
    reconnects.incrementAndGet();
  }

  private int write(ExecutorService threads, List<Notifications> nodes, List<UserId> users)
      throws Exception {
    AtomicInteger toCommit = new AtomicInteger(ROWS);
    List<Connection> connections = new ArrayList<>();
    List<Future<Integer>> writing = new ArrayList<>();
    try {
      for (int i = 0; i < WRITERS; i++) {
        Connection connection = database.direct().getConnection();
        connections.add(connection);
        writing.add(
            threads.submit(new SlowWriter(connection, nodes, users, committed, toCommit, i)));
      }
      int rolledBack = 0;
      for (Future<Integer> one : writing) {
        rolledBack += one.get(LONGEST.toSeconds(), TimeUnit.SECONDS);
      }
      return rolledBack;
    } finally {
      for (Connection connection : connections) {
        connection.close();
      }
    }
  }
}
