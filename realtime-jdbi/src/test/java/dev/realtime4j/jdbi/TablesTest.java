package dev.realtime4j.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.api.notification.NotificationType;
import dev.realtime4j.fixtures.Postgres;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables as an operator finds them. */
class TablesTest {
  private static final DataSource DATABASE = Postgres.database();
  private static final Jdbi JDBI = migrated();
  private static final JdbiNotificationRepository REPOSITORY =
      JdbiNotificationRepository.create(DATABASE);

  private static Jdbi migrated() {
    RealtimeSchema.DEFAULT.migrate(DATABASE);
    return Jdbi.create(DATABASE);
  }

  private static List<String> strings(String sql) {
    return JDBI.withHandle(handle -> handle.createQuery(sql).mapTo(String.class).list());
  }

  private static List<String> columns(String table) {
    return strings(
        "SELECT concat_ws(' ', column_name, data_type, CASE is_nullable WHEN 'NO' THEN 'required'"
            + " END, column_default) FROM information_schema.columns"
            + " WHERE table_schema = 'realtime' AND table_name = '"
            + table
            + "' ORDER BY ordinal_position");
  }

  @Test
  void a_notification_has_the_columns_of_the_specification() {
    assertThat(columns("notification"))
        .containsExactly(
            "id uuid required realtime.uuid_v7()",
            "user_id uuid required",
            "type text required 'INFO'::text",
            "title text required",
            "body text",
            "data jsonb required '{}'::jsonb",
            "read_at timestamp with time zone",
            "created_at timestamp with time zone required now()",
            "xact_id xid8 required pg_current_xact_id()");
  }

  @Test
  void a_connection_has_the_columns_of_the_specification() {
    assertThat(columns("connection_log"))
        .containsExactly(
            "id uuid required realtime.uuid_v7()",
            "user_id uuid required",
            "server_id text required",
            "socket_id text required",
            "remote_address inet required",
            "user_agent text",
            "connected_at timestamp with time zone required",
            "disconnected_at timestamp with time zone",
            "close_code integer",
            "close_reason text");
  }

  @Test
  void last_seen_is_a_row_for_each_user() {
    assertThat(columns("user_last_seen"))
        .containsExactly("user_id uuid required", "last_seen timestamp with time zone required");
    assertThat(
            strings(
                "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'p'"
                    + " AND conrelid = 'realtime.user_last_seen'::regclass"))
        .containsExactly("PRIMARY KEY (user_id)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"notification", "connection_log"})
  void the_key_is_the_id_alone_and_its_range_is_the_partition(String table) {
    assertThat(
            strings(
                "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'p'"
                    + " AND conrelid = 'realtime."
                    + table
                    + "'::regclass"))
        .containsExactly("PRIMARY KEY (id)");
    assertThat(strings("SELECT pg_get_partkeydef('realtime." + table + "'::regclass)"))
        .containsExactly("RANGE (id)");
  }

  @Test
  void a_notification_has_three_indexes() {
    assertThat(
            strings(
                "SELECT regexp_replace(indexdef, '.* USING btree ', '') FROM pg_indexes"
                    + " WHERE schemaname = 'realtime' AND tablename = 'notification' ORDER BY 1"))
        .containsExactly(
            "(id)", "(user_id, id DESC)", "(user_id, id DESC) WHERE (read_at IS NULL)");
  }

  @Test
  void a_plain_insert_gets_every_default() {
    UserId user = TestIds.user();
    Instant before = Instant.now().minus(Duration.ofMinutes(1));
    JDBI.useHandle(
        handle ->
            handle.execute(
                "INSERT INTO realtime.notification(user_id, title) VALUES (?, 'hello')",
                user.value()));

    Notification stored =
        REPOSITORY.list(user, NotificationFilter.ALL, PageRequest.first(1)).items().get(0);

    assertThat(stored.content().type()).isEqualTo(NotificationType.INFO);
    assertThat(stored.content().body()).isNull();
    assertThat(stored.content().data().text()).isEqualTo("{}");
    assertThat(stored.createdAt()).isBetween(before, before.plus(Duration.ofMinutes(2)));
    assertThat(UuidTime.timeOf(stored.id().value()))
        .isBetween(before, before.plus(Duration.ofMinutes(2)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          type            | 'LOUD'                                      | notification_type_check
          title           | ''                                          | notification_title_check
          title           | repeat('x', 256)                            | notification_title_check
          body            | repeat('é', 8193)                           | notification_body_check
          data            | '[]'                                        | notification_data_check
          data            | jsonb_build_object('a', repeat('x', 16384)) | notification_data_size_check
          data            | '{"a":[1e200]}'                             | notification_data_number_check
          """)
  void the_database_checks_content(String column, String value, String check) {
    String quoted = value.startsWith("'") || value.contains("(") ? value : "'" + value + "'";
    String columns = column.equals("title") ? "title" : "title, " + column;
    String values = column.equals("title") ? quoted : "'t', " + quoted;
    assertThatThrownBy(
            () ->
                JDBI.useHandle(
                    handle ->
                        handle.execute(
                            "INSERT INTO realtime.notification(user_id, "
                                + columns
                                + ") VALUES (gen_random_uuid(), "
                                + values
                                + ")")))
        .hasMessageContaining(check);
  }

  @Test
  void long_digits_in_a_string_and_blanks_of_jsonb_count_for_nothing() {
    assertThat(
            JDBI.<Integer, RuntimeException>withHandle(
                handle ->
                    handle.execute(
                        """
                        INSERT INTO realtime.notification(user_id, title, data)
                        VALUES (gen_random_uuid(), 't', jsonb_build_object('a', repeat('1', 300))),
                               (gen_random_uuid(), 't', jsonb_build_object('a', (
                                 SELECT jsonb_agg(1) FROM generate_series(1, 8188))))
                        """)))
        .isEqualTo(2);
  }

  @Test
  void data_that_no_client_could_read_does_not_hide_the_list() {
    UserId user = TestIds.user();
    String deep = "[".repeat(100) + "]".repeat(100);
    JDBI.useHandle(
        handle ->
            handle.execute(
                "INSERT INTO realtime.notification(user_id, title, data)"
                    + " VALUES (?, 'deep', ?::jsonb), (?, 'fine', '{}')",
                user.value(),
                "{\"a\":" + deep + "}",
                user.value()));
    assertThat(REPOSITORY.list(user, NotificationFilter.ALL, PageRequest.first(9)).items())
        .extracting(item -> item.content().title())
        .containsExactlyInAnyOrder("deep", "fine");
  }

  @Test
  void default_ids_are_uuids_of_version_7_that_grow_with_the_clock() {
    List<UUID> ids =
        JDBI.withHandle(
            handle ->
                handle
                    .createQuery("SELECT realtime.uuid_v7() FROM generate_series(1, 1000)")
                    .mapTo(UUID.class)
                    .list());
    Instant now = Instant.now();
    assertThat(ids).doesNotHaveDuplicates();
    assertThat(ids)
        .allSatisfy(
            id -> {
              assertThat(id.version()).isEqualTo(7);
              assertThat(id.variant()).isEqualTo(2);
              assertThat(UuidTime.timeOf(id))
                  .isBetween(now.minus(Duration.ofMinutes(1)), now.plus(Duration.ofMinutes(1)));
            });
    // 12 bits of the fraction of a millisecond: in order of time to the microsecond.
    List<Long> stamps = ids.stream().map(UUID::getMostSignificantBits).toList();
    assertThat(stamps).isSorted();
  }

  @Test
  void the_floor_of_a_time_is_the_same_in_java_and_sql() {
    Instant time = Instant.parse("2026-12-31T23:59:59.999Z");
    UUID floor =
        JDBI.withHandle(
            handle ->
                handle
                    .createQuery("SELECT realtime.uuid_floor('2026-12-31T23:59:59.999Z')")
                    .mapTo(UUID.class)
                    .one());
    assertThat(floor).isEqualTo(UuidTime.floor(time));
  }
}
