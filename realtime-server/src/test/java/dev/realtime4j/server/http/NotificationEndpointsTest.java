package dev.realtime4j.server.http;

import static dev.realtime4j.server.http.HttpHouse.ANNA;
import static dev.realtime4j.server.http.HttpHouse.BERT;
import static dev.realtime4j.server.http.HttpHouse.admin;
import static dev.realtime4j.server.http.HttpHouse.field;
import static dev.realtime4j.server.http.HttpHouse.fields;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationType;
import java.net.http.HttpResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NotificationEndpointsTest {
  private static final String UNKNOWN = "01900000-0000-7000-ffff-ffffffffffff";

  private final HttpHouse house = new HttpHouse();

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void the_list_holds_the_wire_notifications_newest_first() {
    NotificationId older = sent(ANNA, "older");
    NotificationId newer = sent(ANNA, "newer");
    sent(BERT, "not hers");

    HttpResponse<String> response = house.get(ANNA.toString(), "/notifications");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(fields(response).keySet()).containsExactly("data", "next_cursor");
    List<Json> data = field(response, "data").elements();
    assertThat(data).extracting(NotificationEndpointsTest::id).containsExactly(newer, older);
    assertThat(data.get(1).text())
        .isEqualTo(
            "{\"id\":\"%s\",\"type\":\"INFO\",\"title\":\"older\",\"body\":null,\"data\":{},"
                    .formatted(older)
                + "\"read_at\":null,\"created_at\":\"2026-03-01T12:00:00.123Z\"}");
    assertThat(field(response, "next_cursor").isNull()).isTrue();
  }

  @Test
  void pages_follow_the_cursor_to_the_end() {
    for (int i = 0; i < 25; i++) {
      sent(ANNA, "number " + i);
    }

    HttpResponse<String> first = house.get(ANNA.toString(), "/notifications");
    String cursor = field(first, "next_cursor").asString();
    HttpResponse<String> second = house.get(ANNA.toString(), "/notifications?cursor=" + cursor);

    assertThat(field(first, "data").elements()).hasSize(20);
    assertThat(field(second, "data").elements()).hasSize(5);
    assertThat(field(second, "next_cursor").isNull()).isTrue();
  }

  @Test
  void the_list_can_be_narrowed_to_unread_ones_and_to_a_type() {
    NotificationId read = sent(ANNA, "read");
    NotificationId alert =
        house
            .notifications
            .send(NewNotification.to(ANNA).title("alert").type(NotificationType.ALERT).build())
            .id();
    NotificationId info = sent(ANNA, "info");
    house.notifications.read(ANNA, read);

    assertThat(listed("?unread=true")).containsExactly(info, alert);
    assertThat(listed("?unread=false")).containsExactly(info, alert, read);
    assertThat(listed("?type=ALERT")).containsExactly(alert);
    assertThat(listed("?limit=1&cursor=&unread=&type=")).containsExactly(info);
  }

  @ParameterizedTest
  @CsvSource({
    "limit=0, limit",
    "limit=101, limit",
    "limit=ten, limit",
    "limit=99999999999, limit",
    "limit=%2B5, limit",
    "limit=%D9%A5, limit",
    "unread=yes, unread",
    "type=LOUD, type",
    "cursor=a%00b, cursor",
  })
  void a_bad_query_is_refused_and_named(String query, String named) {
    HttpResponse<String> response = house.get(ANNA.toString(), "/notifications?" + query);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(field(response, "code").asString()).isEqualTo("RT_BAD_REQUEST");
    assertThat(field(response, "detail").asString()).contains(named);
  }

  @Test
  void the_unread_count_is_answered() {
    sent(ANNA, "one");
    sent(ANNA, "two");

    HttpResponse<String> response = house.get(ANNA.toString(), "/notifications/unread-count");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{\"count\":2,\"capped\":false}");
  }

  @Test
  void reading_answers_204_and_so_does_reading_again() {
    NotificationId id = sent(ANNA, "one");

    assertThat(put("/notifications/" + id + "/read", null).statusCode()).isEqualTo(204);
    HttpResponse<String> again = put("/notifications/" + id + "/read", null);

    assertThat(again.statusCode()).isEqualTo(204);
    assertThat(again.body()).isEmpty();
    assertThat(house.notifications.unreadCount(ANNA).count()).isZero();
  }

  @Test
  void what_is_unknown_or_anothers_is_not_found() {
    NotificationId hers = sent(BERT, "hers");

    for (String path : List.of("/notifications/" + hers, "/notifications/" + UNKNOWN)) {
      assertThat(put(path + "/read", null).statusCode()).isEqualTo(404);
      HttpResponse<String> deleted = house.call("DELETE", ANNA.toString(), path, null);
      assertThat(deleted.statusCode()).isEqualTo(404);
      assertThat(field(deleted, "code").asString()).isEqualTo("RT_NOT_FOUND");
    }
    assertThat(house.notifications.unreadCount(BERT).count()).isOne();
  }

  @Test
  void reading_all_answers_how_many_changed() {
    sent(ANNA, "one");
    NotificationId second = sent(ANNA, "two");
    sent(ANNA, "three");

    HttpResponse<String> response = put("/notifications/read", "{\"up_to\":\"" + second + "\"}");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{\"updated\":2}");
  }

  @Test
  void deleting_answers_204_once() {
    String path = "/notifications/" + sent(ANNA, "one");

    assertThat(house.call("DELETE", ANNA.toString(), path, null).statusCode()).isEqualTo(204);
    assertThat(house.call("DELETE", ANNA.toString(), path, null).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "PUT, /notifications/00000000-0000-0000-0000-000000000000/read",
    "PUT, /notifications/1-1-1-1-1/read",
    "DELETE, /notifications/abc",
    "DELETE, /notifications/%00",
  })
  void an_id_that_is_none_is_refused(String method, String path) {
    HttpResponse<String> response = house.call(method, ANNA.toString(), path, null);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(field(response, "detail").asString()).startsWith("id ");
  }

  @Test
  void a_sent_notification_is_answered_with_its_receiver() {
    HttpResponse<String> response =
        post(
            "{\"user_id\":\"%s\",\"type\":\"WARNING\",\"title\":\"T\",\"body\":\"B\",\"data\":{\"a\":[1]}}"
                .formatted(BERT));

    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(fields(response).keySet())
        .containsExactly("id", "user_id", "type", "title", "body", "data", "read_at", "created_at");
    assertThat(field(response, "user_id").asString()).isEqualTo(BERT.toString());
    assertThat(field(response, "type").asString()).isEqualTo("WARNING");
    assertThat(field(response, "data").text()).isEqualTo("{\"a\":[1]}");
    assertThat(house.notifications.unreadCount(BERT).count()).isOne();
  }

  @Test
  void type_body_and_data_may_be_left_out_or_null() {
    HttpResponse<String> response =
        post(
            "{\"user_id\":\"%s\",\"title\":\"T\",\"type\":null,\"body\":null,\"data\":null}"
                .formatted(BERT));

    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(field(response, "type").asString()).isEqualTo("INFO");
    assertThat(field(response, "data").text()).isEqualTo("{}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"title\":\"T\"} | user_id is required",
        "{\"user_id\":7,\"title\":\"T\"} | user_id must be a string",
        "{\"user_id\":\"x\",\"title\":\"T\"} | user_id is not a UUID",
        "{\"user_id\":\"00000000-0000-0000-0000-000000000000\",\"title\":\"T\"} | user_id must not be the nil UUID",
        "{\"user_id\":\"U\"} | title is required",
        "{\"user_id\":\"U\",\"title\":\"\"} | title must have 1 to 255",
        "{\"user_id\":\"U\",\"title\":[]} | title must be a string",
        "{\"user_id\":\"U\",\"title\":\"a\\u0000b\"} | title must not hold the character NUL",
        "{\"user_id\":\"U\",\"title\":\"\\ud800\"} | title holds half of a surrogate pair",
        "{\"user_id\":\"U\",\"title\":\"T\",\"type\":\"info\"} | type must be INFO",
        "{\"user_id\":\"U\",\"title\":\"T\",\"body\":{}} | body must be a string",
        "{\"user_id\":\"U\",\"title\":\"T\",\"data\":[]} | data must be a JSON object",
        "{\"user_id\":\"U\",\"title\":\"T\",\"data\":{\"a\":\"\\u0000\"}} | data must not hold the character NUL",
        "{\"user_id\":\"U\",\"title\":\"T\" | the body is not JSON",
        "[] | the body must be a JSON object",
        "`` | the body is not JSON: empty",
      })
  void what_cannot_be_sent_is_refused_and_named(String body, String named) {
    HttpResponse<String> response = post(body.replace("\"U\"", "\"" + BERT + "\""));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(field(response, "code").asString()).isEqualTo("RT_BAD_REQUEST");
    assertThat(field(response, "detail").asString()).startsWith(named);
  }

  @Test
  void the_same_idempotency_key_answers_with_the_first_notification() {
    HttpResponse<String> first = keyed("key-1", "once");
    HttpResponse<String> again = keyed("key-1", "once");

    assertThat(again.statusCode()).isEqualTo(201);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(house.notifications.unreadCount(BERT).count()).isOne();
  }

  @Test
  void the_same_idempotency_key_with_another_content_is_unprocessable() {
    keyed("key-1", "once");

    HttpResponse<String> response = keyed("key-1", "something else");

    assertThat(response.statusCode()).isEqualTo(422);
    assertThat(field(response, "code").asString()).isEqualTo("RT_BAD_REQUEST");
    assertThat(response.body()).doesNotContain("key-1").doesNotContain("something else");
  }

  @Test
  void an_idempotency_key_that_is_too_long_is_refused() {
    assertThat(keyed("k".repeat(256), "once").statusCode()).isEqualTo(400);
  }

  private NotificationId sent(UserId user, String title) {
    return house.notifications.send(NewNotification.to(user).title(title).build()).id();
  }

  private List<NotificationId> listed(String query) {
    return field(house.get(ANNA.toString(), "/notifications" + query), "data").elements().stream()
        .map(NotificationEndpointsTest::id)
        .toList();
  }

  private static NotificationId id(Json notification) {
    return NotificationId.of(HttpHouse.field(notification, "id").asString());
  }

  private HttpResponse<String> put(String path, @Nullable String body) {
    return house.call("PUT", ANNA.toString(), path, body);
  }

  private HttpResponse<String> post(String body) {
    return house.call("POST", admin(ANNA), "/notifications", body);
  }

  private HttpResponse<String> keyed(String key, String title) {
    String body = "{\"user_id\":\"%s\",\"title\":\"%s\"}".formatted(BERT, title);
    return house.call("POST", admin(ANNA), "/notifications", body, "Idempotency-Key", key);
  }
}
