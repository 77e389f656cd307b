package dev.realtime4j.integration.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.examples.Closing;
import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.redis.RedisBackend;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Node processes that are killed, as {@code kill -9} does, while they send: what they committed is
 * told at the clients of another node, exactly once. More of them: {@code -Dkilled.nodes=12}.
 */
class KilledNodeTest {
  private static final int KILLS = Integer.getInteger("killed.nodes", 4);
  private static final int USERS = 4;

  private final Closing closing = new Closing();
  private final Stores.Database database = Stores.database();
  private final List<Receiver> receivers = new ArrayList<>();
  private final RealtimeServer survivor =
      closing.later(
          Nodes.node(
                  "survivor",
                  closing.later(RedisBackend.connect(Stores.redis())),
                  closing.later(database.pool(8)))
              .build()
              .start());

  @AfterEach
  void close() {
    closing.close();
  }

  private Process sending(int number) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                SendingNode.class.getName(),
                name(number),
                database.url(),
                Stores.redis().toString()));
    receivers.forEach(receiver -> command.add(receiver.user().toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.appendTo(new File("target/killed-nodes.log")))
            .start();
    closing.later(process::destroyForcibly);
    return process;
  }

  /** How many notifications a node has committed. */
  private long committedBy(int number) {
    return database.count(
        "SELECT count(*) FROM realtime.notification WHERE title = '" + name(number) + "'");
  }

  private static String name(int number) {
    return "sending-" + number;
  }

  @Test
  void what_a_killed_node_committed_is_told_exactly_once() throws Exception {
    for (int i = 0; i < USERS; i++) {
      receivers.add(closing.later(Receiver.connected(survivor.port())));
    }
    Random random = new Random();
    Process next = sending(0);
    for (int i = 0; i < KILLS; i++) {
      Process node = next;
      next = sending(i + 1); // starts while the one before it sends
      int number = i;
      int enough = 1 + random.nextInt(300);
      await()
          .atMost(Duration.ofMinutes(1))
          .pollInterval(Duration.ofMillis(5))
          .until(() -> committedBy(number) >= enough || !node.isAlive());
      kill(node);
    }
    kill(next);
    await().atMost(Duration.ofMinutes(1)).until(database::isOutboxEmpty);
    // Whatever would be told twice is told before this one.
    for (Receiver receiver : receivers) {
      NotificationId last =
          survivor
              .notifications()
              .send(NewNotification.to(receiver.user()).title("last").build())
              .id();
      await().atMost(Duration.ofMinutes(1)).until(() -> receiver.knows(last));
    }

    for (Receiver receiver : receivers) {
      assertThat(receiver.told()).doesNotHaveDuplicates().hasSameElementsAs(committedTo(receiver));
    }
    assertThat(survivor.stats().notificationsRelayed())
        .as("the dead ones had left something to push")
        .isPositive();
  }

  private static void kill(Process node) throws InterruptedException {
    node.destroyForcibly();
    assertThat(node.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(node.exitValue()).as("killed, and not ended by itself").isEqualTo(128 + 9);
  }

  private Set<NotificationId> committedTo(Receiver receiver) {
    return new HashSet<>(
        database
            .jdbi()
            .withHandle(
                handle ->
                    handle
                        .createQuery("SELECT id FROM realtime.notification WHERE user_id = :user")
                        .bind("user", receiver.user().value())
                        .mapTo(UUID.class)
                        .map(NotificationId::new)
                        .list()));
  }
}
