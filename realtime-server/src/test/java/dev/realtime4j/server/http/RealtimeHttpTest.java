package dev.realtime4j.server.http;

import static dev.realtime4j.server.http.HttpHouse.ANNA;
import static dev.realtime4j.server.http.HttpHouse.BERT;
import static dev.realtime4j.server.http.HttpHouse.admin;
import static dev.realtime4j.server.http.HttpHouse.field;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.server.HealthReport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What holds for every call: who may, how often, how large, and what a refusal looks like. */
final class RealtimeHttpTest {
  private final HttpHouse house = new HttpHouse();

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void a_refusal_is_a_problem_with_a_code() {
    HttpResponse<String> response = house.get(null, "/notifications");

    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(response.headers().firstValue("WWW-Authenticate")).contains("Bearer");
    assertThat(response.body())
        .isEqualTo(
            "{\"type\":\"about:blank\",\"title\":\"Unauthorized\",\"status\":401,"
                + "\"detail\":\"no token\",\"code\":\"RT_UNAUTHORIZED\"}");
  }

  @Test
  void a_token_in_the_url_or_the_sub_protocol_is_not_looked_at() {
    HttpResponse<String> url = house.get(null, "/notifications?token=" + ANNA);
    HttpResponse<String> protocol =
        house.call("GET", null, "/notifications", null, "Sec-WebSocket-Protocol", "bearer." + ANNA);

    assertThat(url.statusCode()).isEqualTo(401);
    assertThat(protocol.statusCode()).isEqualTo(401);
  }

  @Test
  void a_principal_whose_time_is_over_is_unauthorized() {
    house.authenticator = handshake -> new Principal(ANNA, Set.of(), house.now);

    assertThat(house.get("any", "/notifications").statusCode()).isEqualTo(401);
  }

  @ParameterizedTest
  @CsvSource({"UNAUTHORIZED, 401", "FORBIDDEN, 403", "UNAVAILABLE, 503", "INTERNAL, 503"})
  void the_authenticator_s_refusal_decides_the_status(ErrorCode code, int status) {
    house.authenticator =
        handshake -> {
          throw new RealtimeException(code, "because");
        };

    assertThat(house.get("any", "/notifications").statusCode()).isEqualTo(status);
  }

  @Test
  void an_authenticator_that_breaks_is_unavailable_and_tells_nothing() {
    house.authenticator =
        handshake -> {
          throw new IllegalStateException("secret of " + handshake.token().orElse(""));
        };
    ListAppender<ILoggingEvent> log = logOf(Gate.class);

    HttpResponse<String> response = house.get("my-token", "/notifications");

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(field(response, "code").asString()).isEqualTo("RT_UNAVAILABLE");
    assertThat(response.body()).doesNotContain("my-token").doesNotContain("secret");
    assertThat(log.list).singleElement().satisfies(RealtimeHttpTest::tellsOnlyTheClass);
  }

  @ParameterizedTest
  @CsvSource({"POST, /notifications", "POST, /broadcast", "GET, /connections"})
  void a_call_of_admins_is_forbidden_to_others(String method, String path) {
    HttpResponse<String> response = house.call(method, ANNA.toString(), path, "{}");

    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(field(response, "code").asString()).isEqualTo("RT_FORBIDDEN");
  }

  @ParameterizedTest
  @CsvSource({
    "HEAD, /notifications/read, PUT",
    "OPTIONS, /notifications, 'GET, HEAD, POST'",
    "BREW, /notifications, 'GET, HEAD, POST'",
    "DELETE, /notifications/read, PUT",
    "POST, /notifications/unread-count, 'GET, HEAD'",
    "GET, /notifications/11111111-1111-4111-8111-111111111111, DELETE",
    "POST, /health/live, 'GET, HEAD'",
  })
  void a_wrong_method_is_told_the_right_ones(String method, String path, String allow) {
    HttpResponse<String> response = house.call(method, ANNA.toString(), path, null);

    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Allow")).contains(allow);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/health/live",
        "/health/ready",
        "/notifications",
        "/notifications/unread-count",
        "/presence/11111111-1111-4111-8111-111111111111",
        "/notifications/read",
        "/nothing",
      })
  void head_is_answered_as_get_without_the_body(String path) {
    HttpResponse<String> get = house.get(ANNA.toString(), path);
    HttpResponse<String> head = house.call("HEAD", ANNA.toString(), path, null);

    assertThat(head.statusCode()).isEqualTo(get.statusCode());
    assertThat(head.body()).isEmpty();
    assertThat(head.headers().map().keySet()).isEqualTo(get.headers().map().keySet());
    for (String name : List.of("Content-Length", "Content-Type", "Cache-Control")) {
      assertThat(head.headers().allValues(name)).isEqualTo(get.headers().allValues(name));
    }
    dev.realtime4j.server.http.HttpResponse neutral = handled("HEAD", path, null, new byte[0]);
    assertThat(neutral.status()).isEqualTo(get.statusCode());
    assertThat(neutral.body()).isEmpty();
    assertThat(neutral.headers())
        .containsEntry("Content-Length", String.valueOf(get.body().length()));
  }

  @Test
  void head_says_that_a_node_drains() {
    house.health = new HealthReport(HealthReport.Status.DRAINING, Map.of());

    assertThat(house.call("HEAD", null, "/health/ready", null).statusCode()).isEqualTo(503);
  }

  @Test
  void head_counts_as_the_get_that_it_is() {
    for (int i = 0; i < 50; i++) {
      house.get(ANNA.toString(), "/notifications");
      house.call("HEAD", ANNA.toString(), "/notifications", null);
    }

    HttpResponse<String> refused = house.call("HEAD", ANNA.toString(), "/notifications", null);
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /notifications, '', 401",
    "POST, /broadcast, '', 401",
    "PUT, /notifications/read, '', 401",
    "POST, /notifications, 11111111-1111-4111-8111-111111111111, 403",
    "POST, /nothing, '', 404",
    "POST, /health/live, '', 405",
    "GET, /health/live, '', 200",
    "GET, /notifications, 11111111-1111-4111-8111-111111111111, 200",
    "PUT, /notifications/01900000-0000-7000-8000-000000000001/read,"
        + " 11111111-1111-4111-8111-111111111111, 404",
  })
  void a_body_is_not_read_for_whom_it_does_not_help(
      String method, String path, String token, int status) {
    HttpBody untouchable =
        most -> {
          throw new AssertionError("the body was read");
        };
    HttpRequest request =
        new HttpRequest(
            method,
            RealtimeHttp.BASE_PATH + path,
            null,
            token.isEmpty() ? Map.of() : Map.of("Authorization", "Bearer " + token),
            untouchable,
            InetAddress.getLoopbackAddress());

    PendingCall pending = house.http().begin(request);

    assertThat(pending.wantsBody()).isFalse();
    assertThat(pending.answer(untouchable).status()).isEqualTo(status);
    assertThat(house.http().handle(request).status()).isEqualTo(status);
  }

  @Test
  void a_body_that_does_not_arrive_is_refused_and_told_by_code_only() {
    PendingCall pending =
        house.http().begin(request("PUT", "/notifications/read", null, new byte[0]));

    assertThat(pending.wantsBody()).isTrue();
    dev.realtime4j.server.http.HttpResponse answer =
        pending.answer(
            most -> {
              throw new IOException("secret");
            });
    assertThat(answer.status()).isEqualTo(400);
    assertThat(new String(answer.body(), UTF_8))
        .contains("RT_BAD_REQUEST", "did not arrive")
        .doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 70_000, 900_000})
  void a_stranger_s_body_does_not_hide_the_answer(int size) {
    HttpResponse<String> response = house.call("POST", null, "/notifications", " ".repeat(size));

    assertThat(response.statusCode()).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/realtime",
        "/api/v1/realtime/",
        "/api/v1/realtime/nothing",
        "/api/v1/realtime/notifications/",
        "/api/v1/realtime/notifications//read",
        "/api/v1/realtime/health",
        "/api/v1/realtimes/notifications",
      })
  void an_unknown_path_is_not_found(String path) {
    HttpResponse<String> response = house.raw("GET", ANNA.toString(), path, null);

    assertThat(response.statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(ints = {RealtimeHttp.MAX_BODY_BYTES + 1, 900_000})
  void a_body_that_is_too_large_is_refused(int size) {
    HttpResponse<String> response =
        house.call("POST", admin(ANNA), "/notifications", " ".repeat(size));

    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(field(response, "code").asString()).isEqualTo("RT_LIMIT_EXCEEDED");
  }

  @Test
  void a_body_that_is_just_not_too_large_is_read() {
    String body = "{\"user_id\":\"%s\",\"title\":\"T\"}".formatted(BERT);
    String padded = body + " ".repeat(RealtimeHttp.MAX_BODY_BYTES - body.length());

    assertThat(house.call("POST", admin(ANNA), "/notifications", padded).statusCode())
        .isEqualTo(201);
  }

  @Test
  void a_body_that_is_not_utf_8_is_refused() {
    byte[] body = {'{', '"', (byte) 0xff, '"', '}'};

    assertThat(handled("PUT", "/notifications/read", null, body).status()).isEqualTo(400);
  }

  @Test
  void a_malformed_escape_in_the_query_is_refused() {
    assertThat(handled("GET", "/notifications", "cursor=%zz", new byte[0]).status()).isEqualTo(400);
  }

  @Test
  void a_request_does_not_show_its_token_and_text() {
    HttpRequest request = request("GET", "/notifications", "a=b", "text".getBytes(UTF_8));

    assertThat(request).hasToString("HttpRequest[GET " + request.path() + " from 127.0.0.1]");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /notifications, 100",
    "GET, /notifications/unread-count, 100",
    "PUT, /notifications/read, 100",
    "PUT, /notifications/01900000-0000-7000-8000-000000000001/read, 200",
    "DELETE, /notifications/01900000-0000-7000-8000-000000000001, 100",
    "GET, /presence/11111111-1111-4111-8111-111111111111, 120",
    "POST, /broadcast, 100",
  })
  void each_user_has_his_calls_a_minute(String method, String path, int limit) {
    for (int i = 1; i <= limit; i++) {
      HttpResponse<String> response = house.call(method, ANNA.toString(), path, "{}");
      assertThat(response.statusCode()).isNotEqualTo(429);
      assertThat(text(response, "RateLimit")).contains(";r=" + (limit - i) + ";");
    }
    house.now = house.now.plusSeconds(20);

    HttpResponse<String> refused = house.call(method, ANNA.toString(), path, "{}");

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(field(refused, "code").asString()).isEqualTo("RT_RATE_LIMITED");
    assertThat(header(refused, "Retry-After")).isEqualTo(40);
    assertThat(text(refused, "RateLimit-Policy"))
        .startsWith("\"" + method + " /")
        .endsWith("\";q=" + limit + ";w=60");
    assertThat(text(refused, "RateLimit")).endsWith("\";r=0;t=40");
    assertThat(house.call(method, BERT.toString(), path, "{}").statusCode()).isNotEqualTo(429);
    house.now = house.now.plusSeconds(header(refused, "Retry-After"));
    assertThat(house.call(method, ANNA.toString(), path, "{}").statusCode()).isNotEqualTo(429);
  }

  @Test
  void sending_is_not_limited() {
    for (int i = 0; i < 250; i++) {
      String body = "{\"user_id\":\"%s\",\"title\":\"T\"}".formatted(BERT);
      assertThat(house.call("POST", admin(ANNA), "/notifications", body).statusCode())
          .isEqualTo(201);
    }
  }

  @Test
  void a_store_that_is_away_is_unavailable() {
    house.notifications.failure =
        new RealtimeException(
            ErrorCode.UNAVAILABLE, "PostgreSQL is unavailable", Duration.ofMillis(1500), null);

    HttpResponse<String> response = house.get(ANNA.toString(), "/notifications");

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(field(response, "code").asString()).isEqualTo("RT_UNAVAILABLE");
    assertThat(header(response, "Retry-After")).isEqualTo(2);
    assertThat(text(response, "RateLimit")).contains(";r=99;");
  }

  @Test
  void a_failure_inside_tells_nothing_to_the_client_and_no_text_to_the_log() {
    house.notifications.failure =
        new IllegalStateException("secret", new RuntimeException("another secret"));
    ListAppender<ILoggingEvent> log = logOf(RealtimeHttp.class);

    HttpResponse<String> response = house.get(ANNA.toString(), "/notifications");

    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(field(response, "code").asString()).isEqualTo("RT_INTERNAL");
    assertThat(response.body()).doesNotContain("secret").doesNotContain("Exception");
    assertThat(log.list).singleElement().satisfies(RealtimeHttpTest::tellsOnlyTheClass);
  }

  @Test
  void no_answer_may_be_cached() {
    assertThat(house.get(ANNA.toString(), "/notifications").headers().firstValue("Cache-Control"))
        .contains("no-store");
  }

  @Test
  void unmounting_takes_the_api_off_the_server() {
    house.unmount();
    house.unmount();

    HttpResponse<String> response = house.get(null, "/health/live");

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.headers().firstValue("Content-Type"))
        .isNotEqualTo(java.util.Optional.of("application/problem+json"));
  }

  /** What no Java client would send, or no JDK server let through. */
  private dev.realtime4j.server.http.HttpResponse handled(
      String method, String path, @Nullable String query, byte[] body) {
    return house.http().handle(request(method, path, query, body));
  }

  private static HttpRequest request(
      String method, String path, @Nullable String query, byte[] body) {
    return new HttpRequest(
        method,
        RealtimeHttp.BASE_PATH + path,
        query,
        Map.of("Authorization", "Bearer " + ANNA),
        body,
        InetAddress.getLoopbackAddress());
  }

  private static String text(HttpResponse<String> response, String name) {
    return response.headers().firstValue(name).orElseThrow();
  }

  private static long header(HttpResponse<String> response, String name) {
    return response.headers().firstValueAsLong(name).orElseThrow();
  }

  private static ListAppender<ILoggingEvent> logOf(Class<?> type) {
    ListAppender<ILoggingEvent> appender = new ListAppender<>();
    appender.start();
    ((Logger) LoggerFactory.getLogger(type)).addAppender(appender);
    return appender;
  }

  private static void tellsOnlyTheClass(ILoggingEvent event) {
    assertThat(event.getFormattedMessage())
        .contains("IllegalStateException")
        .doesNotContain("secret")
        .doesNotContain("my-token");
    assertThat(event.getThrowableProxy()).isNull();
  }
}
