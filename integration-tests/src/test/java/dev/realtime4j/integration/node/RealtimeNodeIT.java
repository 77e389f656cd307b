package dev.realtime4j.integration.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.examples.Closing;
import dev.realtime4j.fixtures.Certificates;
import dev.realtime4j.fixtures.Postgres;
import dev.realtime4j.fixtures.Redis;
import dev.realtime4j.fixtures.WireSocket;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The packaged jar, started as anybody would start it. */
class RealtimeNodeIT {
  private static final String SECRET = "a secret of more than thirty-two bytes";
  private static final UUID USER = UUID.fromString("0190a5f0-0000-7000-8000-0000000000ff");

  private final Closing closing = new Closing();

  @AfterEach
  void closeAll() {
    closing.close();
  }

  private static Map<String, String> with(String... namesAndValues) {
    Map<String, String> environment =
        new HashMap<>(
            Map.of(
                "REALTIME_JWT_SECRET", SECRET,
                "REALTIME_WS_PORT", "0",
                "REALTIME_HTTP_PORT", "0",
                "REALTIME_DRAIN_TIME", "1s"));
    for (int i = 0; i < namesAndValues.length; i += 2) {
      environment.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return environment;
  }

  private NodeProcess serving(Map<String, String> environment) throws Exception {
    return closing.later(NodeProcess.serving(environment));
  }

  private WireSocket connected(NodeProcess node) throws Exception {
    return closing.later(
        new WireSocket(node.wsPort(), WireSocket.token(SECRET, USER, "realtime:admin")));
  }

  @Test
  void it_serves_without_any_store_and_echoes() throws Exception {
    NodeProcess node = serving(with("REALTIME_SERVER_ID", "alone"));
    WireSocket socket = connected(node);

    socket.send("{\"id\":1,\"method\":\"echo\",\"params\":{\"deep\":[1,\"ü\"]}}");

    assertThat(socket.await("\"id\":1")).isEqualTo("{\"id\":1,\"result\":{\"deep\":[1,\"ü\"]}}");
    assertThat(socket.await("\"connected\"")).contains("\"server_id\":\"alone\"");
    assertThat(get(node, "/api/v1/realtime/health/ready").statusCode()).isEqualTo(200);
    assertThat(node.out()).hasSize(1);
  }

  @Test
  void its_figures_are_there_for_prometheus_on_a_port_of_their_own() throws Exception {
    NodeProcess node = serving(with("REALTIME_METRICS_PORT", "0", "REALTIME_SERVER_ID", "alone"));
    connected(node).await("\"connected\"");
    String port =
        node.err().stream()
            .filter(line -> line.contains("Figures for Prometheus on port "))
            .map(line -> line.replaceAll(".* port (\\d+),.*", "$1"))
            .findFirst()
            .orElseThrow();
    URI metrics = URI.create("http://localhost:" + port + "/metrics");

    HttpResponse<String> page =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString());

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body())
        .contains("realtime_sockets{node=\"alone\"} 1.0")
        .contains("realtime_outbox_lag_seconds{node=\"alone\"}")
        .contains("realtime_notifications_relayed_total{node=\"alone\"} 0.0")
        .contains("jvm_memory_used_bytes");
    assertThat(get(node, "/metrics").statusCode()).isEqualTo(404);
  }

  @Test
  void a_termination_sends_the_clients_away_and_ends_cleanly() throws Exception {
    NodeProcess node = serving(with());
    WireSocket socket = connected(node);

    long start = System.nanoTime();
    node.terminate();

    assertThat(socket.await("server.draining")).contains("reconnect_after_ms");
    assertThat(socket.awaitClose()).isEqualTo(1012);
    assertThat(node.exitCode()).isIn(0, 143);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    assertThat(node.out()).hasSize(1);
    assertThat(node.err()).noneMatch(line -> line.contains("Exception") || line.contains(SECRET));
  }

  @Test
  void it_speaks_tls_on_both_ports_with_secrets_from_files(@TempDir Path here) throws Exception {
    Path keyStore = Certificates.keyStore(here.resolve("server.p12"), "dns:localhost");
    Path password = Files.writeString(here.resolve("password"), Certificates.PASSWORD + "\n");
    Path secret = Files.writeString(here.resolve("secret"), SECRET + "\n");
    NodeProcess node =
        serving(
            with(
                "REALTIME_JWT_SECRET", "",
                "REALTIME_JWT_SECRET_FILE", secret.toString(),
                "REALTIME_TLS_KEY_STORE", keyStore.toString(),
                "REALTIME_TLS_KEY_STORE_PASSWORD_FILE", password.toString()));
    HttpClient client = HttpClient.newBuilder().sslContext(Certificates.trusting(keyStore)).build();
    String token = WireSocket.token(SECRET, USER, "realtime:admin");

    WireSocket socket =
        closing.later(
            new WireSocket(client, URI.create("wss://localhost:" + node.wsPort() + "/ws"), token));
    socket.send("{\"id\":1,\"method\":\"echo\",\"params\":{\"a\":1}}");
    assertThat(socket.await("\"id\":1")).contains("{\"a\":1}");
    HttpRequest health =
        HttpRequest.newBuilder(
                URI.create(
                    "https://localhost:" + node.httpPort() + "/api/v1/realtime/health/ready"))
            .build();
    assertThat(client.send(health, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(200);
    node.terminate();
    assertThat(socket.awaitClose()).isEqualTo(1012);
    assertThat(node.exitCode()).isIn(0, 143);
    assertThat(node.err())
        .noneMatch(
            line ->
                line.contains("Exception")
                    || line.contains(SECRET)
                    || line.contains(Certificates.PASSWORD));
  }

  @ParameterizedTest
  @CsvSource({
    "REALTIME_TLS_KEY_STORE, /hush-is-no-file",
    "REALTIME_JWT_SECRET_FILE, hush-and-a-secret",
  })
  void a_bad_setting_ends_the_start_with_one_line(String name, String value) throws Exception {
    NodeProcess node = closing.later(NodeProcess.start(with(name, value)));

    assertThat(node.exitCode()).isEqualTo(1);
    assertThat(node.err()).hasSize(1);
    assertThat(node.err().get(0)).contains(name).doesNotContain("hush");
    assertThat(node.out()).isEmpty();
  }

  @Test
  void a_missing_secret_ends_the_start_with_one_line() throws Exception {
    NodeProcess node = closing.later(NodeProcess.start(Map.of()));

    assertThat(node.exitCode()).isEqualTo(1);
    assertThat(node.err()).singleElement().asString().contains("REALTIME_JWT_SECRET is missing");
  }

  @Test
  void a_port_that_is_taken_is_one_clear_line() throws Exception {
    String name = "REALTIME_HTTP_PORT";
    try (ServerSocket taken = new ServerSocket(0)) {
      NodeProcess node =
          closing.later(NodeProcess.start(with(name, String.valueOf(taken.getLocalPort()))));

      assertThat(node.exitCode()).isEqualTo(1);
      assertThat(errors(node)).singleElement().asString().contains(name);
      assertThat(node.err()).noneMatch(line -> line.startsWith("\tat "));
      assertThat(node.out()).isEmpty();
    }
  }

  @Test
  void a_database_that_is_not_there_is_one_clear_line() throws Exception {
    NodeProcess node =
        closing.later(
            NodeProcess.start(
                with(
                    "REALTIME_JDBC_URL", "jdbc:postgresql://localhost:1/none",
                    "REALTIME_JDBC_PASSWORD", "hush")));

    assertThat(node.exitCode()).isEqualTo(1);
    assertThat(node.err()).singleElement().asString().contains("PostgreSQL").doesNotContain("hush");
    assertThat(node.out()).isEmpty();
  }

  @Test
  void two_nodes_share_their_users() throws Exception {
    Redis redis = closing.later(Redis.start());
    Map<String, String> shared =
        with(
            "REALTIME_REDIS_URL",
            redis.url().toString(),
            "REALTIME_JDBC_URL",
            Postgres.url(Postgres.database()),
            "REALTIME_ROOM_PUBLISH",
            "true");
    NodeProcess one = serving(shared);
    NodeProcess other = serving(shared);
    WireSocket here = connected(one);
    WireSocket there = connected(other);

    HttpResponse<String> sent =
        post(
            one,
            "/api/v1/realtime/notifications",
            "{\"user_id\":\"" + USER + "\",\"title\":\"Hello\"}");
    assertThat(sent.statusCode()).isEqualTo(201);

    assertThat(here.await("notification.new")).contains("\"title\":\"Hello\"");
    assertThat(there.await("notification.new")).contains("\"title\":\"Hello\"");
    there.send("{\"id\":1,\"method\":\"room.join\",\"params\":{\"room\":\"lobby\"}}");
    there.await("\"id\":1");
    here.send("{\"id\":1,\"method\":\"room.join\",\"params\":{\"room\":\"lobby\"}}");
    here.await("\"id\":1");
    here.send(
        "{\"id\":2,\"method\":\"room.publish\",\"params\":"
            + "{\"room\":\"lobby\",\"event\":\"said\",\"data\":{\"text\":\"hi\"}}}");
    assertThat(there.await("\"said\"")).contains("hi");
    assertThat(List.of(one.out().size(), other.out().size())).containsExactly(1, 1);
  }

  private static List<String> errors(NodeProcess node) {
    return node.err().stream().filter(line -> line.contains("ERROR")).toList();
  }

  private static HttpResponse<String> get(NodeProcess node, String path) throws Exception {
    return call(HttpRequest.newBuilder(uri(node, path)).GET());
  }

  private static HttpResponse<String> post(NodeProcess node, String path, String body)
      throws Exception {
    return call(
        HttpRequest.newBuilder(uri(node, path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private static HttpResponse<String> call(HttpRequest.Builder request) throws Exception {
    String token = WireSocket.token(SECRET, USER, "realtime:admin");
    return HttpClient.newHttpClient()
        .send(
            request.header("Authorization", "Bearer " + token).build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private static URI uri(NodeProcess node, String path) {
    return URI.create("http://localhost:" + node.httpPort() + path);
  }
}
