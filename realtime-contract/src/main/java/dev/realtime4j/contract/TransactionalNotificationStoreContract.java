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
import dev.realtime4j.api.notification.IdempotencyKeyHeldException;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationCatchUp;
import dev.realtime4j.api.notification.NotificationContent;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationOutbox;
import dev.realtime4j.api.notification.NotificationStore.Stored;
import dev.realtime4j.api.notification.Transaction;
import dev.realtime4j.api.notification.TransactionalNotificationStore;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The laws of {@link TransactionalNotificationStore}, for a store that takes part in transactions
 * of whatever kind. One in a database with JDBC extends {@link JdbcNotificationStoreContract}
 * instead, which has these and those of connections.
 */
public abstract class TransactionalNotificationStoreContract extends NotificationContract {
  private ApplicationTransaction open;

  /** The store to test; may be the same for each test. */
  protected abstract TransactionalNotificationStore transactional();

  /** Shows what is committed. */
  protected abstract NotificationOutbox outbox();

  /** By whose clock ids are made. */
  protected abstract NotificationCatchUp catchUp();

  /**
   * Begins a transaction of the application on the store; the test closes it.
   *
   * @throws Exception when it cannot, which fails the test
   */
  protected abstract ApplicationTransaction begin() throws Exception;

  @BeforeEach
  void open() throws Exception {
    open = begin();
  }

  @AfterEach
  void close() throws Exception {
    open.close();
  }

  final Transaction transaction() {
    return open.transaction();
  }

  private List<Notification> pending(List<NotificationId> ids) {
    return outbox().pending(ids);
  }

  @Test
  void what_was_inserted_is_stored_with_the_commit_and_not_before() throws Exception {
    NotificationId id = next();
    Stored stored = transactional().insert(transaction(), id, titled(user(), "paid"));
    assertThat(stored.outcome()).isEqualTo(Stored.Outcome.NEW);
    assertThat(pending(List.of(id))).isEmpty();
    open.commit();
    assertThat(pending(List.of(id))).containsExactly(stored.notification());
  }

  @Test
  void after_a_rollback_it_never_was_and_its_key_is_free() throws Exception {
    UserId user = user();
    NotificationId id = next();
    transactional().insert(transaction(), id, keyed(user, "paid", "order"));
    open.rollback();
    assertThat(pending(List.of(id))).isEmpty();
    assertThat(store().insert(next(), keyed(user, "paid", "order")).outcome())
        .isEqualTo(Stored.Outcome.NEW);
  }

  @Test
  void the_transaction_goes_on() throws Exception {
    NotificationId first = next();
    transactional().insert(transaction(), first, titled(user(), "one"));
    NotificationId second = next();
    transactional().insert(transaction(), second, titled(user(), "two"));
    assertThat(pending(List.of(first, second))).isEmpty();
    open.commit();
    assertThat(ids(pending(List.of(first, second)))).containsExactly(first, second);
  }

  @Test
  void a_repeated_key_answers_the_first_notification() throws Exception {
    UserId user = user();
    Notification first = store().insert(next(), keyed(user, "paid", "order")).notification();
    NotificationId second = next();
    Stored repeated = transactional().insert(transaction(), second, keyed(user, "paid", "order"));
    open.commit();
    assertThat(repeated).isEqualTo(new Stored(first, Stored.Outcome.REPEATED));
    assertThat(pending(List.of(second))).isEmpty();
  }

  @Test
  void a_key_repeated_in_the_same_transaction_answers_what_that_wrote() throws Exception {
    UserId user = user();
    Notification first =
        transactional().insert(transaction(), next(), keyed(user, "paid", "order")).notification();
    NotificationId second = next();
    assertThat(transactional().insert(transaction(), second, keyed(user, "paid", "order")))
        .isEqualTo(new Stored(first, Stored.Outcome.REPEATED));
    open.commit();
    assertThat(pending(List.of(first.id(), second))).containsExactly(first);
  }

  @Test
  void nobody_else_uses_a_key_that_an_open_transaction_has_used() throws Exception {
    UserId user = user();
    transactional().insert(transaction(), next(), keyed(user, "paid", "order"));
    List<NewNotification> same = List.of(keyed(user, "paid", "order"));
    assertThatThrownBy(() -> store().insertAll(next(1), same, Duration.ofMillis(20)))
        .isInstanceOf(IdempotencyKeyHeldException.class);
    open.commit();
    assertThat(store().insertAll(next(1), same, Duration.ofMillis(20)))
        .extracting(Stored::outcome)
        .containsExactly(Stored.Outcome.REPEATED);
  }

  @Test
  void several_are_answered_in_the_order_given() throws Exception {
    UserId one = user();
    UserId two = user();
    List<NotificationId> ids = next(3);
    List<Stored> stored =
        transactional()
            .insertAll(
                transaction(), ids, List.of(titled(two, "a"), titled(one, "b"), titled(two, "c")));
    open.commit();
    assertThat(stored).extracting(s -> s.notification().id()).containsExactlyElementsOf(ids);
    assertThat(stored).extracting(s -> s.notification().userId()).containsExactly(two, one, two);
    assertThat(ids(pending(ids))).containsExactlyElementsOf(ids);
  }

  @Test
  void several_of_which_one_has_a_used_key_with_another_content_are_refused() throws Exception {
    UserId user = user();
    store().insert(next(), keyed(user, "paid", "order"));
    List<NotificationId> ids = next(2);
    List<NewNotification> given =
        List.of(titled(user(), "before"), keyed(user, "cancelled", "order"));
    assertThatThrownBy(() -> transactional().insertAll(transaction(), ids, given))
        .isInstanceOf(IdempotencyConflictException.class)
        .hasMessageContaining(user.toString());
    open.rollback();
    assertThat(pending(ids)).isEmpty();
  }

  @Test
  void insert_for_all_skips_receivers_that_have_the_key() throws Exception {
    UserId had = user();
    UserId fresh = user();
    NotificationContent content = titled(had, "campaign").content();
    store().insertForAll(next(1), List.of(had), content, "campaign");

    List<Notification> stored =
        transactional()
            .insertForAll(transaction(), next(2), List.of(had, fresh), content, "campaign");
    open.commit();

    assertThat(stored).extracting(Notification::userId).containsExactly(fresh);
    assertThat(pending(ids(stored))).containsExactlyElementsOf(stored);
  }

  @Test
  void insert_for_all_is_refused_when_one_has_the_key_with_another_content() throws Exception {
    UserId had = user();
    store().insert(next(), keyed(had, "something else", "campaign"));
    List<NotificationId> ids = next(2);
    List<UserId> users = List.of(user(), had);
    NotificationContent content = titled(had, "campaign").content();
    assertThatThrownBy(
            () -> transactional().insertForAll(transaction(), ids, users, content, "campaign"))
        .isInstanceOf(IdempotencyConflictException.class)
        .hasMessageContaining(had.toString());
    open.rollback();
    assertThat(pending(ids)).isEmpty();
  }

  @Test
  void inserting_none_stores_none() {
    NotificationContent content = titled(user(), "x").content();
    assertThat(transactional().insertAll(transaction(), List.of(), List.of())).isEmpty();
    assertThat(transactional().insertForAll(transaction(), List.of(), List.of(), content, null))
        .isEmpty();
  }

  final void assertRefused() {
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
