package dev.realtime4j.jdbi;

import static dev.realtime4j.jdbi.TestIds.next;
import static dev.realtime4j.jdbi.TestIds.titled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.Transaction;
import dev.realtime4j.api.notification.UnreadCount;
import dev.realtime4j.fixtures.Postgres;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

/** Many rows, many claimers, and what is said when something fails. */
class RowsAndErrorsTest {
  private static final DataSource DATABASE = Postgres.database();
  private static final Jdbi JDBI = Jdbi.create(DATABASE);

  private final JdbiNotificationRepository repository = JdbiNotificationRepository.create(JDBI);
  private final UserId user = TestIds.user();

  @BeforeAll
  static void migrate() {
    RealtimeSchema.DEFAULT.migrate(DATABASE);
  }

  private void insertMany(int count) {
    List<NotificationId> ids = next(count);
    repository.insertAll(ids, ids.stream().map(id -> titled(user, "x")).toList());
  }

  @Test
  void more_than_one_chunk_is_read_and_erased_whole() {
    insertMany(11_003);
    assertThat(repository.readAll(user, next(), Instant.now())).isEqualTo(11_003);
    assertThat(repository.unreadCount(user)).isEqualTo(UnreadCount.of(0));
    assertThat(repository.erase(user)).isEqualTo(2 * 11_003);
  }

  @Test
  void claimers_at_once_share_the_entries_and_each_gets_others() throws Exception {
    repository.erase(user);
    JDBI.useHandle(handle -> handle.execute("TRUNCATE realtime.notification_outbox"));
    insertMany(200);
    JDBI.useHandle(
        handle ->
            handle.execute(
                "UPDATE realtime.notification_outbox SET created_at = now() - interval '2 hours'"));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<NotificationId> claimed = new ArrayList<>();
    try {
      Callable<List<NotificationId>> claimer =
          () -> {
            List<NotificationId> mine = new ArrayList<>();
            int before;
            do {
              before = mine.size();
              repository
                  .claimOutbox(Duration.ofHours(1), 7)
                  .forEach(notification -> mine.add(notification.id()));
            } while (mine.size() > before);
            return mine;
          };
      for (Future<List<NotificationId>> one : threads.invokeAll(Collections.nCopies(4, claimer))) {
        claimed.addAll(one.get());
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(claimed).hasSize(200).doesNotHaveDuplicates();
  }

  @Test
  void an_entry_that_another_claims_at_this_moment_is_passed_by() throws Exception {
    JDBI.useHandle(handle -> handle.execute("TRUNCATE realtime.notification_outbox"));
    insertMany(3);
    try (Connection other = DATABASE.getConnection()) {
      other.setAutoCommit(false);
      try (var statement = other.createStatement()) {
        statement.execute(
            "SELECT FROM realtime.notification_outbox ORDER BY notification_id LIMIT 1 FOR UPDATE");
      }
      assertThat(repository.claimOutbox(Duration.ZERO, 10)).hasSize(2);
      other.rollback();
    }
  }

  private static String everythingSaid(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  private NewNotification secretive(String data) {
    return NewNotification.to(user)
        .title("SECRET-TITLE")
        .body("SECRET-BODY")
        .data(Json.parse(data))
        .idempotencyKey("SECRET-KEY")
        .build();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"SECRET-DATA\":1e200}",
        "{\"SECRET-DATA\":1e999999}",
        "{\"SECRET-DATA\":\"\\ud800\"}"
      })
  void what_postgresql_cannot_hold_is_a_bad_request_that_quotes_nothing(String data) {
    Throwable failure = catchThrowable(() -> repository.insert(next(), secretive(data)));
    assertThat(failure)
        .isInstanceOfSatisfying(
            InvalidValueException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
    assertThat(everythingSaid(failure)).doesNotContain("SECRET");
  }

  @Test
  void one_that_cannot_be_held_leaves_nothing_of_its_batch() {
    NotificationId fine = next();
    assertThatThrownBy(
            () ->
                repository.insertAll(
                    List.of(fine, next()),
                    List.of(titled(user, "fine"), secretive("{\"a\":1e200}"))))
        .isInstanceOf(InvalidValueException.class);
    assertThat(repository.pending(List.of(fine))).isEmpty();
  }

  @Test
  void a_failure_within_the_hosts_transaction_quotes_nothing_either() throws Exception {
    try (Connection connection = DATABASE.getConnection()) {
      connection.setAutoCommit(false);
      Throwable failure =
          catchThrowable(
              () ->
                  repository.insert(
                      Transaction.of(connection), next(), secretive("{\"SECRET\":1e200}")));
      assertThat(everythingSaid(failure))
          .contains("InvalidValueException")
          .doesNotContain("SECRET");
      connection.rollback();
    }
  }

  @Test
  void without_the_tables_the_error_names_the_migration() {
    JdbiNotificationRepository elsewhere =
        JdbiNotificationRepository.create(JDBI, RealtimeSchema.named("nowhere"));
    Throwable failure = catchThrowable(() -> elsewhere.insert(next(), secretive("{}")));
    assertThat(failure).hasMessageContaining("RealtimeSchema.migrate");
    assertThat(everythingSaid(failure)).doesNotContain("SECRET");
    assertThatThrownBy(() -> elsewhere.unreadCount(user))
        .hasMessageContaining("RealtimeSchema.migrate");
  }

  private static void assertUnavailable(Throwable failure) {
    assertThat(failure)
        .isInstanceOfSatisfying(
            RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    assertThat(everythingSaid(failure)).doesNotContain("SECRET");
  }

  @Test
  void a_transaction_that_was_idle_for_too_long_is_unavailable() throws Exception {
    try (Connection connection = DATABASE.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SET idle_in_transaction_session_timeout = 50");
      connection.setAutoCommit(false);
      int backend = connection.unwrap(PGConnection.class).getBackendPID();
      Transaction transaction = Transaction.of(connection);
      repository.insert(transaction, next(), secretive("{}"));
      await()
          .until(
              () ->
                  Jdbi.create(DATABASE)
                      .withHandle(
                          handle ->
                              handle
                                  .createQuery(
                                      "SELECT count(*) = 0 FROM pg_stat_activity WHERE pid = ?")
                                  .bind(0, backend)
                                  .mapTo(Boolean.class)
                                  .one()));
      assertUnavailable(
          catchThrowable(() -> repository.insert(transaction, next(), secretive("{}"))));
    }
  }

  @Test
  void a_database_that_is_away_is_unavailable() {
    PGSimpleDataSource nobody = new PGSimpleDataSource();
    nobody.setUrl("jdbc:postgresql://127.0.0.1:1/none?connectTimeout=2");
    JdbiNotificationRepository away = JdbiNotificationRepository.create(nobody);
    assertUnavailable(catchThrowable(() -> away.insert(next(), secretive("{}"))));
    assertUnavailable(catchThrowable(() -> away.unreadCount(user)));
    assertUnavailable(catchThrowable(away::maintain));
  }

  @Test
  void an_exhausted_pool_is_unavailable() throws Exception {
    try (HikariDataSource pool = Postgres.pool(DATABASE, Postgres.AutoCommit.ON, 1)) {
      pool.setConnectionTimeout(250);
      JdbiNotificationRepository starved = JdbiNotificationRepository.create(pool);
      try (Connection taken = pool.getConnection()) {
        assertThat(taken.isValid(1)).isTrue();
        assertUnavailable(catchThrowable(() -> starved.insert(next(), secretive("{}"))));
      }
      assertThat(starved.unreadCount(user)).isEqualTo(UnreadCount.of(0));
    }
  }

  @Test
  void a_connection_that_is_cut_is_unavailable_and_the_next_call_works() {
    try (HikariDataSource pool = Postgres.pool(DATABASE, Postgres.AutoCommit.OFF, 1)) {
      JdbiNotificationRepository cut = JdbiNotificationRepository.create(pool);
      insertMany(2);
      Throwable failure =
          catchThrowable(
              () ->
                  cut.export(
                      user,
                      notification ->
                          JDBI.useHandle(
                              handle ->
                                  handle.execute(
                                      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                                          + " WHERE datname = current_database()"
                                          + " AND pid <> pg_backend_pid()"))));
      assertUnavailable(failure);
      assertThat(cut.unreadCount(user)).isEqualTo(UnreadCount.of(2));
    }
  }

  @Test
  void a_prepared_statement_that_a_pooler_left_elsewhere_is_named() throws Exception {
    try (HikariDataSource pool = Postgres.pool(DATABASE, Postgres.AutoCommit.ON, 1)) {
      JdbiNotificationRepository pooled = JdbiNotificationRepository.create(pool);
      for (int i = 0; i < 6; i++) { // The driver keeps it on the server from the fifth on.
        pooled.list(user, NotificationFilter.ALL, PageRequest.first(10));
        pooled.unreadCount(user);
      }
      try (Connection connection = pool.getConnection();
          var statement = connection.createStatement()) {
        statement.execute("DO $$ BEGIN EXECUTE 'DEALLOCATE ALL'; END $$");
      }
      Throwable failure =
          catchThrowable(() -> pooled.list(user, NotificationFilter.ALL, PageRequest.first(10)));
      assertUnavailable(failure);
      assertThat(failure).hasMessageContaining("add prepareThreshold=0 to the URL");
      // Outside of a transaction the driver prepares it again by itself.
      assertThat(pooled.unreadCount(user)).isEqualTo(UnreadCount.of(0));
    }
  }

  @Test
  void a_longest_transaction_out_of_bounds_is_refused() {
    for (Duration duration : List.of(Duration.ZERO, Duration.ofDays(32))) {
      assertThatThrownBy(
              () -> JdbiNotificationRepository.builder(JDBI).longestTransaction(duration))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void blanks_are_cut_outside_of_strings_only() {
    assertThat(JsonbText.compact("{\"a b\": [1, 2], \"c\\\" d\": \"e\\\\\", \"f\": \"g h\"}"))
        .isEqualTo("{\"a b\":[1,2],\"c\\\" d\":\"e\\\\\",\"f\":\"g h\"}");
    assertThat(IntStream.range(0, 3).mapToObj(i -> JsonbText.compact("[1,2]")))
        .containsOnly("[1,2]");
  }
}
