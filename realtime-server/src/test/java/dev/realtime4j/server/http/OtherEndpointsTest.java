package dev.realtime4j.server.http;

import static dev.realtime4j.server.http.HttpHouse.ANNA;
import static dev.realtime4j.server.http.HttpHouse.BERT;
import static dev.realtime4j.server.http.HttpHouse.admin;
import static dev.realtime4j.server.http.HttpHouse.field;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.connectionlog.ConnectionLogEntry;
import dev.realtime4j.server.HealthReport;
import dev.realtime4j.server.HealthReport.ComponentStatus;
import dev.realtime4j.server.HealthReport.Problem;
import dev.realtime4j.server.HealthReport.Status;
import java.net.InetAddress;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OtherEndpointsTest {
  private final HttpHouse house = new HttpHouse();

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void presence_is_answered_for_any_user() {
    HttpResponse<String> busy = house.get(BERT.toString(), "/presence/" + ANNA);
    HttpResponse<String> offline = house.get(BERT.toString(), "/presence/" + BERT);

    assertThat(busy.statusCode()).isEqualTo(200);
    assertThat(busy.body())
        .isEqualTo(
            "{\"user_id\":\"%s\",\"status\":\"BUSY\",\"last_seen\":\"2026-03-01T11:59:58.500Z\"}"
                .formatted(ANNA));
    assertThat(offline.body())
        .isEqualTo(
            "{\"user_id\":\"%s\",\"status\":\"OFFLINE\",\"last_seen\":null}".formatted(BERT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"00000000-0000-0000-0000-000000000000", "anna"})
  void presence_of_nobody_is_refused(String user) {
    HttpResponse<String> response = house.get(BERT.toString(), "/presence/" + user);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(field(response, "detail").asString()).startsWith("user_id ");
  }

  @Test
  void a_broadcast_reaches_a_room_and_tells_how_many() {
    HttpResponse<String> response =
        broadcast("{\"channel\":\"match:42\",\"event\":\"match.update\",\"data\":{\"score\":1}}");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{\"status\":\"queued\",\"receivers_count\":3}");
    assertThat(house.broadcasts).containsExactly("match:42 match.update {\"score\":1}");
  }

  @Test
  void a_broadcast_reaches_a_user_whatever_the_case_of_his_id() {
    broadcast("{\"channel\":\"user:%s\",\"event\":\"hi\"}".formatted(ANNA));
    broadcast(
        "{\"channel\":\"user:%s\",\"event\":\"hi\"}"
            .formatted("AAAAAAAA-1111-4111-8111-111111111111"));

    assertThat(house.broadcasts)
        .containsExactly(
            "user:" + ANNA + " hi {}", "user:aaaaaaaa-1111-4111-8111-111111111111 hi {}");
  }

  @ParameterizedTest
  @CsvSource({
    "'', RT_INVALID_CHANNEL",
    "a room, RT_INVALID_CHANNEL",
    "user:, RT_INVALID_CHANNEL",
    "user:anna, RT_INVALID_CHANNEL",
    "user:00000000-0000-0000-0000-000000000000, RT_INVALID_CHANNEL",
  })
  void a_bad_channel_is_refused(String channel, String code) {
    HttpResponse<String> response =
        broadcast("{\"channel\":\"%s\",\"event\":\"hi\"}".formatted(channel));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(field(response, "code").asString()).isEqualTo(code);
    assertThat(house.broadcasts).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"channel\":\"a\"}", "{\"channel\":\"a\",\"event\":\"\"}"})
  void a_broadcast_without_event_is_refused(String body) {
    assertThat(broadcast(body).statusCode()).isEqualTo(400);
  }

  @Test
  void connections_are_listed_page_by_page() throws Exception {
    for (int i = 0; i < 3; i++) {
      house.connections.add(entry(i).closed(Instant.parse("2026-03-01T13:00:00Z"), 1000, "bye"));
    }
    house.connections.add(entry(3));

    HttpResponse<String> first = house.get(admin(BERT), "/connections?limit=3&user_id=" + ANNA);
    String cursor = field(first, "next_cursor").asString();
    HttpResponse<String> second =
        house.get(admin(BERT), "/connections?limit=3&user_id=" + ANNA + "&cursor=" + cursor);

    assertThat(field(first, "data").elements()).hasSize(3);
    assertThat(HttpHouse.field(field(first, "data").elements().get(0), "close_code").asLong())
        .isEqualTo(1000);
    assertThat(field(second, "data").elements().get(0).text())
        .isEqualTo(
            "{\"id\":\"01900000-0000-7000-8000-000000000003\",\"user_id\":\"%s\",".formatted(ANNA)
                + "\"server_id\":\"node-1\",\"socket_id\":\"s3\",\"remote_address\":\"192.0.2.7\","
                + "\"user_agent\":null,\"connected_at\":\"2026-03-01T12:00:00.000Z\","
                + "\"disconnected_at\":null,\"close_code\":null,\"close_reason\":null}");
    assertThat(field(second, "next_cursor").isNull()).isTrue();
  }

  @Test
  void connections_of_nobody_are_refused() {
    assertThat(house.get(admin(BERT), "/connections").statusCode()).isEqualTo(400);
    assertThat(house.get(admin(BERT), "/connections?user_id=anna").statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health/live", "/health/ready"})
  void health_needs_no_token_and_tells_of_every_part(String path) {
    house.health =
        HealthReport.serving(
            Map.of("cluster", ComponentStatus.UP, "notifications", ComponentStatus.UP));
    HttpResponse<String> up = house.get(null, path);
    house.health =
        HealthReport.serving(
            Map.of("cluster", ComponentStatus.DOWN, "notifications", ComponentStatus.UP));
    HttpResponse<String> degraded = house.get(null, path);

    assertThat(up.statusCode()).isEqualTo(200);
    assertThat(up.body())
        .isEqualTo("{\"status\":\"up\",\"parts\":{\"cluster\":\"up\",\"notifications\":\"up\"}}");
    assertThat(degraded.statusCode()).isEqualTo(200);
    assertThat(degraded.body())
        .isEqualTo(
            "{\"status\":\"degraded\",\"parts\":{\"cluster\":\"down\",\"notifications\":\"up\"}}");
  }

  @Test
  void a_node_that_starts_or_drains_is_not_ready() {
    house.health = new HealthReport(Status.STARTING, Map.of());
    HttpResponse<String> starting = house.get(null, "/health/ready");
    house.health = new HealthReport(Status.DRAINING, Map.of());
    HttpResponse<String> draining = house.get(null, "/health/ready");

    assertThat(starting.statusCode()).isEqualTo(503);
    assertThat(draining.statusCode()).isEqualTo(503);
    assertThat(draining.body()).isEqualTo("{\"status\":\"draining\",\"parts\":{}}");
  }

  @Test
  void a_node_that_waits_for_somebody_is_not_ready_but_lives_and_says_what_to_do() {
    Problem problem =
        new Problem(
            "notifications.store", Instant.parse("2026-03-01T12:00:00Z"), "a table is missing");
    house.health =
        new HealthReport(
            Status.NOT_READY, Map.of("notifications", ComponentStatus.UP), List.of(problem));
    HttpResponse<String> ready = house.get(null, "/health/ready");
    HttpResponse<String> live = house.get(null, "/health/live");

    assertThat(ready.statusCode()).isEqualTo(503);
    assertThat(live.statusCode()).isEqualTo(200);
    assertThat(ready.body())
        .isEqualTo(live.body())
        .isEqualTo(
            "{\"status\":\"not_ready\",\"parts\":{\"notifications\":\"up\"},\"problems\":["
                + "{\"name\":\"notifications.store\",\"since\":\"2026-03-01T12:00:00.000Z\","
                + "\"message\":\"a table is missing\"}]}");
  }

  @Test
  void a_node_with_a_problem_is_degraded_and_ready() {
    house.health =
        HealthReport.serving(
            Map.of("cluster", ComponentStatus.UP),
            List.of(new Problem("clock", Instant.EPOCH, "the clock is slow")));
    HttpResponse<String> ready = house.get(null, "/health/ready");

    assertThat(ready.statusCode()).isEqualTo(200);
    assertThat(field(ready, "status").asString()).isEqualTo("degraded");
  }

  private HttpResponse<String> broadcast(String body) {
    return house.call("POST", admin(BERT), "/broadcast", body);
  }

  private static ConnectionLogEntry entry(int number) throws Exception {
    return new ConnectionLogEntry(
        new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0000_0000L + number),
        ANNA,
        new ServerId("node-1"),
        new SocketId("s" + number),
        InetAddress.getByName("192.0.2.7"),
        null,
        Instant.parse("2026-03-01T12:00:00Z"),
        null,
        null,
        null);
  }
}
