package dev.realtime4j.integration.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.client.ConnectionState;
import dev.realtime4j.examples.Closing;
import dev.realtime4j.fixtures.FreePort;
import dev.realtime4j.fixtures.Postgres;
import dev.realtime4j.fixtures.Redis;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Three nodes are replaced one after the other, as in every deployment, under clients and a steady
 * stream of notifications.
 *
 * <p>{@code -Drolling.clients=3000 -Drolling.rate=200 -Drolling.drain=60} (seconds) make it larger.
 */
@SuppressWarnings("NullAway.Init")
class RollingRestartIT {
  private static final Logger log = LoggerFactory.getLogger(RollingRestartIT.class);
  private static final String SECRET = "a secret of more than thirty-two bytes";
  private static final int NODES = 3;
  private static final int CLIENTS = Integer.getInteger("rolling.clients", 240);
  private static final int RATE = Integer.getInteger("rolling.rate", 50);
  private static final int DRAIN_SECONDS = Integer.getInteger("rolling.drain", 3);

  /** So many more may come in a second by the half second that a client adds by chance. */
  private static final int CHANCE = 10;

  private final Closing closing = new Closing();
  private final List<Integer> wsPorts = new ArrayList<>();
  private final List<Integer> httpPorts = new ArrayList<>();
  private final List<NodeProcess> nodes = new ArrayList<>();
  private final DataSource database = Postgres.database();
  private Redis redis;
  private RollingClients clients;

  @BeforeEach
  void start() throws Exception {
    redis = closing.later(Redis.start());
    for (int i = 0; i < NODES; i++) {
      wsPorts.add(FreePort.some());
      httpPorts.add(FreePort.some());
      nodes.add(node(i));
    }
    clients = closing.later(new RollingClients(CLIENTS, wsPorts, SECRET));
    awaitAllConnected(Duration.ofMinutes(2));
  }

  @AfterEach
  void closeAll() {
    closing.close();
  }

  private void awaitAllConnected(Duration atMost) {
    Map<String, Long> all = Map.of(ConnectionState.CONNECTED.name(), (long) CLIENTS);
    await().atMost(atMost).untilAsserted(() -> assertThat(clients.standing()).isEqualTo(all));
  }

  private NodeProcess node(int number) throws Exception {
    return closing.later(
        NodeProcess.serving(
            Map.of(
                "REALTIME_JWT_SECRET",
                SECRET,
                "REALTIME_SERVER_ID",
                "node-" + number,
                "REALTIME_WS_PORT",
                "" + wsPorts.get(number),
                "REALTIME_HTTP_PORT",
                "" + httpPorts.get(number),
                "REALTIME_MAX_SOCKETS_PER_ADDRESS",
                "100000",
                "REALTIME_DRAIN_TIME",
                DRAIN_SECONDS + "s",
                "REALTIME_REDIS_URL",
                redis.url().toString(),
                "REALTIME_JDBC_URL",
                Postgres.url(database))));
  }

  @Test
  void nothing_is_lost_nothing_comes_twice_and_nobody_comes_in_a_burst() throws Exception {
    RollingSender sender =
        closing.later(new RollingSender(httpPorts, SECRET, clients.users(), RATE));

    for (int number = 0; number < NODES; number++) {
      int sockets =
          number(
              "SELECT count(*) FROM realtime.connection_log WHERE disconnected_at IS"
                  + " NULL AND server_id = 'node-"
                  + number
                  + "'");
      int before = number("SELECT count(*) FROM realtime.connection_log");

      clients.forgetReturns();
      nodes.get(number).terminate();

      assertThat(nodes.get(number).exitCode()).isIn(0, 143);
      awaitAllConnected(Duration.ofSeconds(DRAIN_SECONDS + 60));
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> number("SELECT count(*) FROM realtime.connection_log") >= before + sockets);
      assertSpread(sockets);
      // Not before: here it would take the processors from those who come back.
      nodes.set(number, node(number));
    }

    sender.close();
    log.info("{} notifications were sent to {} clients", sender.sent().size(), CLIENTS);
    assertThat(sender.sent()).hasSizeGreaterThan(RATE);
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(clients.shown()).hasSize(sender.sent().size()));
    assertThat(clients.shown()).containsExactlyInAnyOrderElementsOf(sender.sent());
  }

  /**
   * In no second of the last drain are more told to come back than their share, and as the servers
   * have logged it no more have come than a client's machine can heap up that is slow at first.
   */
  private void assertSpread(int sockets) throws Exception {
    int most =
        number(
            "SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM realtime.connection_log"
                + " WHERE connected_at > now() - interval '"
                + (DRAIN_SECONDS + 60)
                + " s' AND id > (SELECT id FROM realtime.connection_log ORDER BY id DESC LIMIT 1"
                + " OFFSET "
                + sockets
                + ") GROUP BY date_trunc('second', connected_at)) AS seconds");
    double share = (double) sockets / DRAIN_SECONDS;
    long told = clients.mostToldWithinASecond();
    log.info(
        "{} clients came back: at most {} in a second were told to, {} did; even are {}",
        sockets,
        told,
        most,
        share);
    assertThat((double) told).isLessThanOrEqualTo(1.1 * share + CHANCE);
    assertThat((double) most).isLessThanOrEqualTo(2 * share + CHANCE);
  }

  private int number(String sql) throws Exception {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
