package dev.realtime4j.server.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.IdempotencyConflictException;
import dev.realtime4j.api.notification.IdempotencyKeyHeldException;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationCatchUp;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationOutbox;
import dev.realtime4j.api.notification.NotificationStore;
import dev.realtime4j.api.notification.NotificationStore.Stored.Outcome;
import dev.realtime4j.api.notification.SyncCursor;
import dev.realtime4j.api.notification.SyncResult;
import dev.realtime4j.api.notification.Transaction;
import dev.realtime4j.api.notification.TransactionalNotificationStore;
import dev.realtime4j.contract.ApplicationTransaction;
import dev.realtime4j.contract.TransactionalNotificationStoreContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The laws within transactions, and what those in memory have of their own. */
class InMemoryTransactionTest extends TransactionalNotificationStoreContract {
  private final InMemoryNotificationRepository repository = InMemoryNotificationRepository.create();
  private final InMemoryTransaction transaction = InMemoryTransaction.begin();
  private final UserId user = new UserId(UUID.randomUUID());

  @Override
  protected TransactionalNotificationStore transactional() {
    return repository;
  }

  @Override
  protected NotificationStore store() {
    return repository;
  }

  @Override
  protected NotificationOutbox outbox() {
    return repository;
  }

  @Override
  protected NotificationCatchUp catchUp() {
    return repository;
  }

  @Override
  protected ApplicationTransaction begin() {
    return new Double(transaction);
  }

  private record Double(InMemoryTransaction transaction) implements ApplicationTransaction {
    @Override
    public void commit() {
      transaction.commit();
    }

    @Override
    public void rollback() {
      transaction.rollback();
    }

    @Override
    public void close() {
      transaction.close();
    }
  }

  private static NotificationId id() {
    return new NotificationId(UUID.randomUUID());
  }

  private NewNotification keyed(String title) {
    return NewNotification.to(user).title(title).idempotencyKey("order").build();
  }

  private Outcome insert(InMemoryTransaction into, String title) {
    return repository.insert(into, id(), keyed(title)).outcome();
  }

  private List<Notification> all() {
    List<Notification> all = new ArrayList<>();
    repository.export(user, all::add);
    return all;
  }

  private SyncResult sync(Optional<SyncCursor> cursor) {
    return repository.sync(Map.of(user, cursor), 10).values().iterator().next();
  }

  @Test
  void a_cursor_of_before_the_commit_catches_up_what_was_committed() {
    SyncCursor start = sync(Optional.empty()).cursor();
    NotificationId early = id();
    repository.insert(transaction, early, keyed("early"));
    repository.insert(id(), NewNotification.to(user).title("late").build());
    SyncResult between = sync(Optional.of(start));
    assertThat(between.missed()).extracting(it -> it.content().title()).containsExactly("late");

    transaction.commit();

    assertThat(sync(Optional.of(between.cursor())).missed())
        .extracting(Notification::id)
        .containsExactly(early);
  }

  @Test
  void a_key_held_by_an_open_transaction_is_refused_elsewhere_and_free_after_its_rollback() {
    assertThat(insert(transaction, "paid")).isEqualTo(Outcome.NEW);
    InMemoryTransaction other = InMemoryTransaction.begin();

    assertThatThrownBy(() -> insert(other, "paid"))
        .isInstanceOf(IdempotencyKeyHeldException.class)
        .hasMessageContaining("commit that one or roll it back");
    assertThatThrownBy(
            () ->
                repository.insertForAll(
                    List.of(id()), List.of(user), keyed("x").content(), "order"))
        .isInstanceOf(IdempotencyKeyHeldException.class);

    transaction.rollback();
    assertThat(insert(other, "paid")).isEqualTo(Outcome.NEW);
  }

  @Test
  void a_committed_key_is_a_repeat_or_a_conflict_in_a_transaction_that_was_open_before() {
    InMemoryTransaction other = InMemoryTransaction.begin();
    repository.insert(other, id(), NewNotification.to(user).title("other").build());
    insert(transaction, "paid");
    transaction.commit();

    assertThat(insert(other, "paid")).isEqualTo(Outcome.REPEATED);
    assertThat(insert(other, "cancelled")).isEqualTo(Outcome.CONFLICT);
  }

  @Test
  void after_a_conflict_among_several_the_transaction_goes_on_without_them() {
    insert(transaction, "paid");
    List<NewNotification> given =
        List.of(
            NewNotification.to(user).title("before").idempotencyKey("free").build(),
            keyed("cancelled"));
    assertThatThrownBy(() -> repository.insertAll(transaction, List.of(id(), id()), given))
        .isInstanceOf(IdempotencyConflictException.class);

    repository.insert(transaction, id(), given.get(0));
    transaction.commit();

    assertThat(all())
        .extracting(it -> it.content().title())
        .containsExactlyInAnyOrder("paid", "before");
  }

  @Test
  void an_id_of_an_open_transaction_is_used_and_after_its_rollback_it_is_not() {
    NotificationId id = id();
    NewNotification hello = NewNotification.to(user).title("hello").build();
    repository.insert(transaction, id, hello);
    assertRefused(() -> repository.insert(id, hello), "used before");
    transaction.close();
    assertThat(repository.insert(id, hello).outcome()).isEqualTo(Outcome.NEW);
  }

  @Test
  void one_that_is_over_is_refused_with_the_remedy() {
    transaction.commit();
    assertOver();
  }

  @Test
  void one_that_was_rolled_back_is_refused_with_the_remedy() {
    transaction.rollback();
    assertOver();
  }

  private void assertOver() {
    String remedy = "send before the commit, or without the transaction";
    assertRefused(() -> insert(transaction, "late"), remedy);
    assertThatThrownBy(() -> transaction.afterCommit(() -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(remedy);
    assertThatThrownBy(transaction::commit).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(transaction::rollback).isInstanceOf(IllegalStateException.class);
    transaction.close();
    assertThat(all()).isEmpty();
  }

  @Test
  void what_is_to_run_after_the_commit_runs_in_order_when_all_is_seen() {
    List<Object> ran = new ArrayList<>();
    insert(transaction, "paid");
    assertThat(transaction.afterCommit(() -> ran.add(all().size())))
        .isEqualTo(Transaction.CommitHook.REGISTERED);
    transaction.afterCommit(() -> ran.add("second"));
    assertThat(ran).isEmpty();
    transaction.commit();
    assertThat(ran).containsExactly(1, "second");
  }

  @Test
  void nothing_runs_after_a_rollback() {
    List<Object> ran = new ArrayList<>();
    transaction.afterCommit(() -> ran.add("after"));
    transaction.rollback();
    assertThat(ran).isEmpty();
  }

  @Test
  void it_has_no_connection_and_says_what_has_one() {
    assertThatThrownBy(transaction::connection)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("JdbiTransaction");
  }

  @Test
  void it_holds_what_was_sent_to_several_stores() {
    InMemoryNotificationRepository second = InMemoryNotificationRepository.create();
    insert(transaction, "one");
    second.insert(transaction, id(), keyed("two"));
    transaction.commit();
    assertThat(all()).hasSize(1);
    assertThat(second.unreadCount(user).count()).isOne();
  }

  private static void assertRefused(Runnable call, String why) {
    assertThatThrownBy(call::run)
        .hasMessageContaining(why)
        .isInstanceOfSatisfying(
            RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
  }
}
