package dev.realtime4j.integration.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.examples.Closing;
import dev.realtime4j.fixtures.Postgres;
import dev.realtime4j.fixtures.Redis;
import dev.realtime4j.fixtures.WireSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes of the packaged jar, and what happens when one is killed or Redis goes away. */
@SuppressWarnings("NullAway.Init")
class NodeFaultsIT {
  private static final String SECRET = "a secret of more than thirty-two bytes";

  private final Closing closing = new Closing();
  private final UUID anna = UUID.randomUUID();
  private final UUID ben = UUID.randomUUID();
  private Redis redis;
  private final DataSource database = Postgres.database();
  private NodeProcess one;
  private NodeProcess other;
  private WireSocket annasSocket;
  private WireSocket bensSocket;

  @BeforeEach
  void two_nodes_with_a_user_each() throws Exception {
    redis = closing.later(Redis.start());
    one = node("one");
    other = node("other");
    annasSocket = socket(one, anna);
    bensSocket = socket(other, ben);
    bensSocket.send(
        "{\"id\":1,\"method\":\"presence.watch\",\"params\":{\"user_ids\":[\"" + anna + "\"]}}");
    assertThat(bensSocket.await("\"id\":1,")).contains("ONLINE");
    for (WireSocket socket : new WireSocket[] {annasSocket, bensSocket}) {
      socket.send("{\"id\":2,\"method\":\"room.join\",\"params\":{\"room\":\"lobby\"}}");
      socket.await("\"id\":2,");
    }
  }

  @AfterEach
  void closeAll() {
    closing.close();
  }

  private NodeProcess node(String name) throws Exception {
    return closing.later(
        NodeProcess.serving(
            Map.ofEntries(
                Map.entry("REALTIME_JWT_SECRET", SECRET),
                Map.entry("REALTIME_SERVER_ID", name),
                Map.entry("REALTIME_WS_PORT", "0"),
                Map.entry("REALTIME_HTTP_PORT", "0"),
                Map.entry("REALTIME_HEARTBEAT_INTERVAL", "2s"),
                Map.entry("REALTIME_HEARTBEAT_TIMEOUT", "10s"),
                Map.entry("REALTIME_PRESENCE_BUFFER", "4s"),
                Map.entry("REALTIME_ROOM_PUBLISH", "true"),
                Map.entry("REALTIME_REDIS_URL", redis.url().toString()),
                Map.entry("REALTIME_JDBC_URL", Postgres.url(database)))));
  }

  private WireSocket socket(NodeProcess node, UUID user) throws Exception {
    return closing.later(new WireSocket(node.wsPort(), WireSocket.token(SECRET, user, "")));
  }

  @Test
  void a_killed_node_leaves_nothing_behind_and_its_users_are_announced_once() throws Exception {
    one.kill();

    bensSocket.await("\"OFFLINE\"");
    bensSocket.await("room.user_left");
    await().untilAsserted(() -> assertThat(closeReasonOf(anna)).isEqualTo("server_lost"));
    bensSocket.send("{\"id\":3,\"method\":\"room.members\",\"params\":{\"room\":\"lobby\"}}");
    assertThat(bensSocket.await("\"id\":3,")).doesNotContain(anna.toString());
    assertThat(bensSocket.count("\"OFFLINE\"")).isEqualTo(1);
    assertThat(bensSocket.count("room.user_left")).isEqualTo(1);
  }

  @Test
  void without_redis_notifications_still_cross_and_everything_heals_by_itself() throws Exception {
    redis.stop();
    await().atMost(Duration.ofSeconds(20)).until(() -> ready(other).contains("\"degraded\""));

    assertThat(notifyBen(one)).isEqualTo(201);
    assertThat(bensSocket.await("notification.new")).contains("\"title\":\"Hello\"");

    redis.startAgain();
    await().atMost(Duration.ofSeconds(30)).until(() -> ready(one).contains("\"status\":\"up\""));
    await().atMost(Duration.ofSeconds(30)).until(() -> ready(other).contains("\"status\":\"up\""));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              annasSocket.send(
                  "{\"method\":\"room.publish\",\"params\":"
                      + "{\"room\":\"lobby\",\"event\":\"back\",\"data\":{}}}");
              return bensSocket.count("\"back\"") > 0;
            });
    assertThat(bensSocket.count("notification.new")).isEqualTo(1);
    assertThat(bensSocket.count("presence.changed")).as("nobody flickered").isZero();
  }

  private String closeReasonOf(UUID user) throws Exception {
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT close_reason FROM realtime.connection_log WHERE user_id = ?")) {
      statement.setObject(1, user);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? String.valueOf(rows.getString(1)) : "no row";
      }
    }
  }

  private static String ready(NodeProcess node) throws Exception {
    URI uri = URI.create("http://localhost:" + node.httpPort() + "/api/v1/realtime/health/ready");
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private int notifyBen(NodeProcess node) throws Exception {
    URI uri = URI.create("http://localhost:" + node.httpPort() + "/api/v1/realtime/notifications");
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("Authorization", "Bearer " + WireSocket.token(SECRET, anna, "realtime:admin"))
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"user_id\":\"" + ben + "\",\"title\":\"Hello\"}"))
            .build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.ofString())
        .statusCode();
  }
}
