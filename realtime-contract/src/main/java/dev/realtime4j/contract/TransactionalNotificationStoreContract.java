package dev.realtime4j.contract;

import static dev.realtime4j.contract.ContractAssertions.assertBadRequest;
import static dev.realtime4j.contract.ContractIds.next;
import static dev.realtime4j.contract.ContractIds.user;
import static dev.realtime4j.contract.NotificationSamples.ids;
import static dev.realtime4j.contract.NotificationSamples.keyed;
import static dev.realtime4j.contract.NotificationSamples.titled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.IdempotencyConflictException;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationCatchUp;
import dev.realtime4j.api.notification.NotificationContent;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationOutbox;
import dev.realtime4j.api.notification.NotificationStore.Stored;
import dev.realtime4j.api.notification.Transaction;
import dev.realtime4j.api.notification.TransactionalNotificationStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The laws of {@link TransactionalNotificationStore}, for a store that takes part in transactions.
 */
public abstract class TransactionalNotificationStoreContract extends NotificationContract {
  private Connection connection;

  /** The store to test; may be the same for each test. */
  protected abstract TransactionalNotificationStore transactional();

  /** Shows what is committed. */
  protected abstract NotificationOutbox outbox();

  /** By whose clock ids are made. */
  protected abstract NotificationCatchUp catchUp();

  /**
   * A connection of the application to the database of the store; the test closes it.
   *
   * @throws SQLException when there is none, which fails the test
   */
  protected abstract Connection connection() throws SQLException;

  @BeforeEach
  void begin() throws SQLException {
    connection = connection();
    connection.setAutoCommit(false);
  }

  @AfterEach
  void end() throws SQLException {
    if (!connection.isClosed()) {
      if (!connection.getAutoCommit()) {
        connection.rollback();
      }
      connection.close();
    }
  }

  private Transaction transaction() {
    return Transaction.of(connection);
  }

  private List<Notification> pending(List<NotificationId> ids) {
    return outbox().pending(ids);
  }

  @Test
  void what_was_inserted_is_stored_with_the_commit_and_not_before() throws SQLException {
    NotificationId id = next();
    Stored stored = transactional().insert(transaction(), id, titled(user(), "paid"));
    assertThat(stored.outcome()).isEqualTo(Stored.Outcome.NEW);
    assertThat(pending(List.of(id))).isEmpty();
    connection.commit();
    assertThat(pending(List.of(id))).containsExactly(stored.notification());
  }

  @Test
  void after_a_rollback_it_never_was_and_its_key_is_free() throws SQLException {
    UserId user = user();
    NotificationId id = next();
    transactional().insert(transaction(), id, keyed(user, "paid", "order"));
    connection.rollback();
    assertThat(pending(List.of(id))).isEmpty();
    assertThat(store().insert(next(), keyed(user, "paid", "order")).outcome())
        .isEqualTo(Stored.Outcome.NEW);
  }

  @Test
  void the_transaction_goes_on_as_it_was() throws SQLException {
    transactional().insert(transaction(), next(), titled(user(), "one"));
    assertThat(connection.isClosed()).isFalse();
    assertThat(connection.getAutoCommit()).isFalse();
    NotificationId second = next();
    transactional().insert(transaction(), second, titled(user(), "two"));
    connection.commit();
    assertThat(pending(List.of(second))).hasSize(1);
  }

  @Test
  void a_repeated_key_answers_the_first_notification() throws SQLException {
    UserId user = user();
    Notification first = store().insert(next(), keyed(user, "paid", "order")).notification();
    NotificationId second = next();
    Stored repeated = transactional().insert(transaction(), second, keyed(user, "paid", "order"));
    connection.commit();
    assertThat(repeated).isEqualTo(new Stored(first, Stored.Outcome.REPEATED));
    assertThat(pending(List.of(second))).isEmpty();
  }

  @Test
  void several_are_answered_in_the_order_given() throws SQLException {
    UserId one = user();
    UserId two = user();
    List<NotificationId> ids = next(3);
    List<Stored> stored =
        transactional()
            .insertAll(
                transaction(), ids, List.of(titled(two, "a"), titled(one, "b"), titled(two, "c")));
    connection.commit();
    assertThat(stored).extracting(s -> s.notification().id()).containsExactlyElementsOf(ids);
    assertThat(stored).extracting(s -> s.notification().userId()).containsExactly(two, one, two);
    assertThat(ids(pending(ids))).containsExactlyElementsOf(ids);
  }

  @Test
  void several_of_which_one_has_a_used_key_with_another_content_are_refused() throws SQLException {
    UserId user = user();
    store().insert(next(), keyed(user, "paid", "order"));
    List<NotificationId> ids = next(2);
    List<NewNotification> given =
        List.of(titled(user(), "before"), keyed(user, "cancelled", "order"));
    assertThatThrownBy(() -> transactional().insertAll(transaction(), ids, given))
        .isInstanceOf(IdempotencyConflictException.class)
        .hasMessageContaining(user.toString());
    connection.rollback();
    assertThat(pending(ids)).isEmpty();
  }

  @Test
  void insert_for_all_skips_receivers_that_have_the_key() throws SQLException {
    UserId had = user();
    UserId fresh = user();
    NotificationContent content = titled(had, "campaign").content();
    store().insertForAll(next(1), List.of(had), content, "campaign");

    List<Notification> stored =
        transactional()
            .insertForAll(transaction(), next(2), List.of(had, fresh), content, "campaign");
    connection.commit();

    assertThat(stored).extracting(Notification::userId).containsExactly(fresh);
    assertThat(pending(ids(stored))).containsExactlyElementsOf(stored);
  }

  @Test
  void insert_for_all_is_refused_when_one_has_the_key_with_another_content() throws SQLException {
    UserId had = user();
    store().insert(next(), keyed(had, "something else", "campaign"));
    List<NotificationId> ids = next(2);
    List<UserId> users = List.of(user(), had);
    NotificationContent content = titled(had, "campaign").content();
    assertThatThrownBy(
            () -> transactional().insertForAll(transaction(), ids, users, content, "campaign"))
        .isInstanceOf(IdempotencyConflictException.class)
        .hasMessageContaining(had.toString());
    connection.rollback();
    assertThat(pending(ids)).isEmpty();
  }

  @Test
  void inserting_none_stores_none() {
    NotificationContent content = titled(user(), "x").content();
    assertThat(transactional().insertAll(transaction(), List.of(), List.of())).isEmpty();
    assertThat(transactional().insertForAll(transaction(), List.of(), List.of(), content, null))
        .isEmpty();
  }

  @Test
  void a_connection_that_commits_by_itself_is_refused_and_nothing_is_written() throws SQLException {
    connection.setAutoCommit(true);
    assertRefused();
  }

  @Test
  void a_transaction_that_may_not_write_is_refused() throws SQLException {
    connection.setReadOnly(true);
    assertRefused();
    connection.rollback();
    connection.setReadOnly(false);
  }

  @Test
  void a_closed_connection_is_refused() throws SQLException {
    connection.close();
    assertRefused();
  }

  private void assertRefused() {
    NotificationId id = next();
    assertBadRequest(() -> transactional().insert(transaction(), id, titled(user(), "refused")));
    assertThat(pending(List.of(id))).isEmpty();
  }

  @Test
  void the_clock_is_told_in_a_transaction_where_it_is_told_without_one() {
    assertThat(transactional().time(transaction()).isPresent())
        .isEqualTo(catchUp().time().isPresent());
  }
}
