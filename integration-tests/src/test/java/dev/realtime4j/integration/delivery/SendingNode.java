package dev.realtime4j.integration.delivery;

import com.zaxxer.hikari.HikariDataSource;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notifications;
import dev.realtime4j.api.notification.PendingPush;
import dev.realtime4j.jdbi.JdbiTransaction;
import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.redis.RedisBackend;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/**
 * A node that sends in transactions of its own, from several threads and without a pause, until it
 * is killed. Its arguments: its name, which is also the title of what it sends, the URLs of
 * PostgreSQL and Redis, and the users.
 */
final class SendingNode {
  private static final int THREADS_EACH = 2;

  private SendingNode() {}

  @SuppressWarnings("resource") // nobody closes what is killed
  public static void main(String[] arguments) {
    HikariDataSource pool = Stores.Database.pool(arguments[1], 2 * THREADS_EACH + 4);
    RedisBackend redis = RedisBackend.connect(URI.create(arguments[2]));
    List<UserId> users = Arrays.stream(arguments).skip(3).map(UserId::of).toList();
    RealtimeServer server = Nodes.node(arguments[0], redis, pool).build().start();
    Supplier<NewNotification> next = () -> toAnyOf(users, arguments[0]);
    for (int i = 0; i < THREADS_EACH; i++) {
      start(() -> byJdbc(pool, server.notifications(), next));
      start(() -> byJdbi(Jdbi.create(pool), server.notifications(), next));
    }
  }

  private static NewNotification toAnyOf(List<UserId> users, String title) {
    UserId user = users.get(ThreadLocalRandom.current().nextInt(users.size()));
    return NewNotification.to(user).title(title).build();
  }

  private static void byJdbc(
      DataSource pool, Notifications notifications, Supplier<NewNotification> next)
      throws SQLException {
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      while (true) {
        PendingPush push = notifications.send(connection, next.get());
        connection.commit();
        push.flush();
      }
    }
  }

  private static void byJdbi(
      Jdbi jdbi, Notifications notifications, Supplier<NewNotification> next) {
    while (true) {
      jdbi.useTransaction(handle -> notifications.send(JdbiTransaction.of(handle), next.get()));
    }
  }

  private interface Work {
    void run() throws SQLException;
  }

  private static void start(Work work) {
    new Thread(
            () -> {
              try {
                work.run();
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            })
        .start();
  }
}
