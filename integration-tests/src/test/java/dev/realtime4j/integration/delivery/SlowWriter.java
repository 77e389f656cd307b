package dev.realtime4j.integration.delivery;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.Notifications;
import dev.realtime4j.api.notification.PendingPush;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends in transactions of its own on a connection of its own, holds each open for 1 to 60 ms after
 * the insert, and rolls some of them back.
 */
final class SlowWriter implements Callable<Integer> {
  private static final int MOST_ROWS = 4;

  private final Connection connection;
  private final List<Notifications> nodes;
  private final List<UserId> users;
  private final Map<UserId, Queue<NotificationId>> committed;
  private final AtomicInteger toCommit;
  private final Random random;

  /**
   * @param connection closed by the caller
   * @param committed where it notes what it has committed
   * @param toCommit how many rows are still wanted, of all writers together
   */
  SlowWriter(
      Connection connection,
      List<Notifications> nodes,
      List<UserId> users,
      Map<UserId, Queue<NotificationId>> committed,
      AtomicInteger toCommit,
      long seed) {
    this.connection = connection;
    this.nodes = nodes;
    this.users = users;
    this.committed = committed;
    this.toCommit = toCommit;
    this.random = new Random(seed);
  }

  /** Writes until enough is committed, and answers how many transactions it has rolled back. */
  @Override
  public Integer call() throws SQLException {
    connection.setAutoCommit(false);
    int rolledBack = 0;
    while (toCommit.get() > 0) {
      List<PendingPush> sent = new ArrayList<>();
      Notifications node = nodes.get(random.nextInt(nodes.size()));
      int rows = 1 + random.nextInt(MOST_ROWS);
      for (int i = 0; i < rows; i++) {
        UserId user = users.get(random.nextInt(users.size()));
        sent.add(node.send(connection, NewNotification.to(user).title("slow").build()));
      }
      hold(1 + random.nextInt(60));
      if (random.nextInt(8) == 0) {
        connection.rollback();
        rolledBack++;
      } else {
        connection.commit();
        toCommit.addAndGet(-rows);
        sent.forEach(this::note);
      }
      if (random.nextBoolean()) {
        sent.forEach(PendingPush::flush);
      }
    }
    return rolledBack;
  }

  private void hold(int millis) throws SQLException {
    try (PreparedStatement sleep = connection.prepareStatement("SELECT pg_sleep(?)")) {
      sleep.setDouble(1, millis / 1000.0);
      sleep.execute();
    }
  }

  private void note(PendingPush sent) {
    NotificationId id = sent.notification().id();
    committed.get(sent.notification().userId()).add(id);
  }
}
