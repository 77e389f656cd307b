package dev.realtime4j.jdbi;

import static dev.realtime4j.jdbi.TestIds.next;
import static dev.realtime4j.jdbi.TestIds.titled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.IdempotencyConflictException;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationStore.Stored;
import dev.realtime4j.api.notification.Transaction;
import dev.realtime4j.fixtures.Postgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.LocalTransactionHandler;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Notifications inside a transaction of the host. */
class TransactionsTest {
  private static final DataSource DATABASE = Postgres.database();
  private static final Jdbi JDBI = Jdbi.create(DATABASE);

  private final JdbiNotificationRepository repository = JdbiNotificationRepository.create(JDBI);
  private final UserId user = TestIds.user();

  @BeforeAll
  static void migrate() {
    RealtimeSchema.DEFAULT.migrate(DATABASE);
  }

  @BeforeEach
  void empty() {
    JDBI.useHandle(
        handle ->
            handle.execute(
                "TRUNCATE realtime.notification, realtime.notification_outbox,"
                    + " realtime.notification_dedupe"));
  }

  private static int rows() {
    return JDBI.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT (SELECT count(*) FROM realtime.notification)"
                        + " + (SELECT count(*) FROM realtime.notification_outbox)"
                        + " + (SELECT count(*) FROM realtime.notification_dedupe)")
                .mapTo(Integer.class)
                .one());
  }

  private NewNotification keyed(String key) {
    return NewNotification.to(user).title("paid").idempotencyKey(key).build();
  }

  private int listed() {
    return repository.list(user, NotificationFilter.ALL, PageRequest.first(100)).items().size();
  }

  @Test
  void a_rollback_leaves_no_row_in_any_table() throws SQLException {
    NotificationId id = next();
    try (Connection connection = DATABASE.getConnection()) {
      connection.setAutoCommit(false);
      repository.insert(Transaction.of(connection), id, keyed("rolled back"));
      assertThat(repository.pending(List.of(id))).isEmpty();
      assertThat(repository.claimOutbox(Duration.ZERO, 10)).isEmpty();
      connection.rollback();
    }
    assertThat(rows()).isZero();
  }

  @Test
  void a_commit_stores_it_with_the_hosts_own_rows() throws SQLException {
    try (Connection connection = DATABASE.getConnection()) {
      connection.setAutoCommit(false);
      Stored stored = repository.insert(Transaction.of(connection), next(), keyed("committed"));
      assertThat(connection.isClosed()).isFalse();
      assertThat(connection.getAutoCommit()).isFalse();
      assertThat(listed()).isZero();
      connection.commit();
      assertThat(repository.pending(List.of(stored.notification().id()))).hasSize(1);
    }
    assertThat(rows()).isEqualTo(3);
  }

  @Test
  void a_connection_in_auto_commit_mode_is_refused() throws SQLException {
    try (Connection connection = DATABASE.getConnection()) {
      assertThatThrownBy(
              () -> repository.insert(Transaction.of(connection), next(), titled(user, "refused")))
          .isInstanceOfSatisfying(
              RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST))
          .hasMessageContaining("setAutoCommit(false)");
    }
    assertThat(rows()).isZero();
  }

  @Test
  void a_jdbi_transaction_tells_of_its_commit_and_not_of_its_rollback() {
    List<String> told = new ArrayList<>();
    JDBI.useTransaction(
        handle -> {
          JdbiTransaction transaction = JdbiTransaction.of(handle);
          repository.insert(transaction, next(), titled(user, "x"));
          assertThat(transaction.afterCommit(() -> told.add("committed")))
              .isEqualTo(Transaction.CommitHook.REGISTERED);
          assertThat(told).isEmpty();
        });
    JDBI.useTransaction(
        handle -> {
          JdbiTransaction.of(handle).afterCommit(() -> told.add("rolled back"));
          handle.rollback();
        });
    assertThat(told).containsExactly("committed");
    assertThat(listed()).isOne();
  }

  @Test
  void a_handle_outside_of_a_transaction_promises_nothing() {
    JDBI.useHandle(
        handle ->
            assertThat(JdbiTransaction.of(handle).afterCommit(() -> {}))
                .isEqualTo(Transaction.CommitHook.NONE));
  }

  @Test
  void a_call_without_the_transaction_does_not_join_it_unasked() {
    JDBI.useTransaction(
        handle -> {
          repository.insert(next(), titled(user, "on its own"));
          handle.rollback();
        });
    assertThat(listed()).isOne();
  }

  @Test
  void a_key_repeats_within_the_transaction_and_after_it() {
    JDBI.useTransaction(
        handle -> {
          JdbiTransaction transaction = JdbiTransaction.of(handle);
          Stored first = repository.insert(transaction, next(), keyed("twice"));
          Stored second = repository.insert(transaction, next(), keyed("twice"));
          assertThat(second.outcome()).isEqualTo(Stored.Outcome.REPEATED);
          assertThat(second.notification().id()).isEqualTo(first.notification().id());
        });
    assertThat(repository.insert(next(), keyed("twice")).outcome())
        .isEqualTo(Stored.Outcome.REPEATED);
    assertThat(listed()).isOne();
  }

  @Test
  void who_waits_for_a_key_stores_it_when_the_other_rolls_back() throws SQLException {
    try (Connection connection = DATABASE.getConnection()) {
      connection.setAutoCommit(false);
      repository.insert(Transaction.of(connection), next(), keyed("contended"));
      CompletableFuture<Stored> waiting =
          CompletableFuture.supplyAsync(() -> repository.insert(next(), keyed("contended")));
      await().until(() -> waitingBackends() == 1 && !waiting.isDone());
      connection.rollback();
      assertThat(waiting.join().outcome()).isEqualTo(Stored.Outcome.NEW);
    }
  }

  private static int waitingBackends() {
    return JDBI.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                        + " AND datname = current_database()")
                .mapTo(Integer.class)
                .one());
  }

  @Test
  void transactions_with_different_notifications_do_not_wait_for_each_other() throws SQLException {
    try (Connection one = DATABASE.getConnection();
        Connection two = DATABASE.getConnection()) {
      one.setAutoCommit(false);
      two.setAutoCommit(false);
      try (var statement = two.createStatement()) {
        statement.execute("SET LOCAL lock_timeout = '1ms'");
      }
      repository.insert(Transaction.of(one), next(), keyed("one"));
      repository.insert(Transaction.of(two), next(), keyed("two"));
      one.commit();
      two.commit();
    }
    assertThat(listed()).isEqualTo(2);
  }

  @Test
  void a_serializable_pool_works() throws SQLException {
    JDBI.useHandle(
        handle ->
            handle.execute(
                "ALTER DATABASE "
                    + handle.getConnection().getCatalog()
                    + " SET default_transaction_isolation = 'serializable'"));
    try {
      repository.insert(next(), keyed("serial"));
      assertThat(repository.insert(next(), keyed("serial")).outcome())
          .isEqualTo(Stored.Outcome.REPEATED);
      assertThat(repository.claimOutbox(Duration.ZERO, 10)).hasSize(1);
      assertThat(listed()).isOne();
    } finally {
      JDBI.useHandle(
          handle ->
              handle.execute(
                  "ALTER DATABASE "
                      + handle.getConnection().getCatalog()
                      + " RESET default_transaction_isolation"));
    }
  }

  private static void assertBadRequest(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .hasMessageContaining(message)
        .isInstanceOfSatisfying(
            RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
  }

  @Test
  void several_are_stored_at_once_and_each_repeat_is_told() throws SQLException {
    List<NotificationId> ids = next(3);
    try (Connection connection = DATABASE.getConnection()) {
      connection.setAutoCommit(false);
      List<Stored> stored =
          repository.insertAll(
              Transaction.of(connection),
              ids,
              List.of(keyed("several"), titled(user, "plain"), keyed("several")));
      assertThat(stored)
          .extracting(Stored::outcome)
          .containsExactly(Stored.Outcome.NEW, Stored.Outcome.NEW, Stored.Outcome.REPEATED);
      assertThat(listed()).isZero();
      connection.commit();
    }
    assertThat(listed()).isEqualTo(2);
    assertThat(repository.pending(ids)).hasSize(2);
  }

  @Test
  void a_conflict_among_several_leaves_none_of_them_in_a_transaction_that_goes_on()
      throws SQLException {
    repository.insert(next(), keyed("conflict"));
    UserId other = TestIds.user();
    NewNotification conflicting =
        NewNotification.to(user).title("another").idempotencyKey("conflict").build();
    int before = rows();
    try (Connection connection = DATABASE.getConnection()) {
      connection.setAutoCommit(false);
      Transaction transaction = Transaction.of(connection);
      assertThatThrownBy(
              () ->
                  repository.insertAll(
                      transaction, next(2), List.of(titled(other, "fine"), conflicting)))
          .isInstanceOf(IdempotencyConflictException.class);
      assertThatThrownBy(
              () ->
                  repository.insertForAll(
                      transaction,
                      next(2),
                      List.of(other, user),
                      conflicting.content(),
                      "conflict"))
          .isInstanceOf(IdempotencyConflictException.class);
      connection.commit();
    }
    assertThat(rows()).isEqualTo(before);
    // The other one's key is free.
    assertThat(repository.insertForAll(next(1), List.of(other), conflicting.content(), "conflict"))
        .hasSize(1);
  }

  @Test
  void the_same_for_all_skips_who_has_it() throws SQLException {
    UserId other = TestIds.user();
    repository.insert(next(), keyed("all"));
    try (Connection connection = DATABASE.getConnection()) {
      connection.setAutoCommit(false);
      List<Notification> stored =
          repository.insertForAll(
              Transaction.of(connection),
              next(2),
              List.of(other, user),
              keyed("all").content(),
              "all");
      assertThat(stored).extracting(Notification::userId).containsExactly(other);
      connection.commit();
    }
    assertThat(listed()).isOne();
  }

  @Test
  void a_closed_connection_is_named() throws SQLException {
    Connection connection = DATABASE.getConnection();
    connection.setAutoCommit(false);
    connection.close();
    assertBadRequest(
        () -> repository.insert(Transaction.of(connection), next(), titled(user, "x")),
        "its connection is closed");
  }

  @Test
  void a_transaction_that_has_failed_is_named() throws SQLException {
    try (Connection connection = DATABASE.getConnection()) {
      connection.setAutoCommit(false);
      try (var statement = connection.createStatement()) {
        assertThatThrownBy(() -> statement.execute("SELECT 1/0")).isInstanceOf(SQLException.class);
      }
      assertBadRequest(
          () -> repository.insert(Transaction.of(connection), next(), titled(user, "x")),
          "a statement before this one failed (25P02); roll it back");
      connection.rollback();
    }
  }

  @Test
  void a_handle_that_has_committed_is_refused() {
    List<Throwable> refused = new ArrayList<>();
    JDBI.useTransaction(
        handle ->
            handle.afterCommit(
                () ->
                    refused.add(
                        catchThrowable(
                            () ->
                                repository.insert(
                                    JdbiTransaction.of(handle), next(), titled(user, "late"))))));
    assertIsOver(refused);
    assertThat(rows()).isZero();
  }

  @Test
  void a_handle_that_has_committed_is_refused_on_a_pool_with_auto_commit_off_as_well() {
    List<Throwable> refused = new ArrayList<>();
    try (HikariDataSource pool = Postgres.pool(DATABASE, Postgres.AutoCommit.OFF, 2)) {
      Jdbi jdbi = Jdbi.create(pool).setTransactionHandler(LocalTransactionHandler.managed());
      jdbi.useTransaction(
          handle -> {
            repository.insert(JdbiTransaction.of(handle), next(), titled(user, "in time"));
            handle.afterCommit(
                () ->
                    refused.add(
                        catchThrowable(
                            () ->
                                repository.insert(
                                    JdbiTransaction.of(handle), next(), titled(user, "late")))));
          });
    }
    assertIsOver(refused);
    assertThat(listed()).isOne();
  }

  private static void assertIsOver(List<Throwable> refused) {
    assertThat(refused)
        .singleElement()
        .isInstanceOfSatisfying(
            RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
    assertThat(refused.get(0)).hasMessageContaining("send before the commit");
  }

  @Test
  void a_transaction_that_lost_against_another_says_that_it_is_to_be_repeated_as_a_whole()
      throws SQLException {
    repository.insert(next(), keyed("before"));
    try (Connection connection = DATABASE.getConnection()) {
      connection.setAutoCommit(false);
      try (var statement = connection.createStatement()) {
        statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
        statement.execute("SELECT 1");
      }
      repository.insert(next(), keyed("meanwhile"));
      assertThatThrownBy(
              () -> repository.insert(Transaction.of(connection), next(), keyed("meanwhile")))
          .hasMessageContaining("it lost against another one (40001)")
          .hasMessageContaining("repeat it as a whole")
          .isInstanceOfSatisfying(
              RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
      connection.rollback();
    }
  }
}
