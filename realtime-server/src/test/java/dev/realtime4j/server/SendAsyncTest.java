package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.IdempotencyConflictException;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sends that share a commit. */
class SendAsyncTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final FaultyStore store = new FaultyStore();
  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch gate = new CountDownLatch(1);
  private final UserId anna = TestUsers.some();

  @SuppressWarnings("NullAway.Init")
  private RealtimeServer server;

  @BeforeEach
  void start() {
    server =
        RealtimeServer.builder()
            .port(0)
            .authenticator(new TestUsers())
            .notifications(store.repository())
            .build()
            .start();
  }

  @AfterEach
  void stop() {
    gate.countDown();
    server.close();
  }

  private CompletableFuture<Notification> send(String title) {
    return server.notifications().sendAsync(titled(title));
  }

  private NewNotification titled(String title) {
    return NewNotification.to(anna).title(title).build();
  }

  /** The first commit waits at the gate; meanwhile others queue. */
  private CompletableFuture<Notification> sendAndBlock() throws InterruptedException {
    store.before(
        "insertAll",
        () -> {
          entered.countDown();
          try {
            gate.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    CompletableFuture<Notification> first = send("first");
    entered.await();
    return first;
  }

  @Test
  void a_future_completes_after_the_commit_and_never_before() throws Exception {
    CompletableFuture<Notification> first = sendAndBlock();
    assertThat(first).isNotDone();
    gate.countDown();
    assertThat(first).succeedsWithin(PATIENCE).extracting(Notification::userId).isEqualTo(anna);
    assertThat(server.notifications().unreadCount(anna).count()).isOne();
  }

  @Test
  void what_queues_during_a_commit_shares_the_next_ones_500_at_a_time() throws Exception {
    CompletableFuture<Notification> first = sendAndBlock();
    AtomicInteger commits = new AtomicInteger();
    store.before("insertAll", commits::incrementAndGet);
    List<CompletableFuture<Notification>> sent =
        IntStream.range(0, 1_200).mapToObj(i -> send("number " + i)).toList();

    gate.countDown();

    sent.forEach(future -> assertThat(future).succeedsWithin(PATIENCE));
    assertThat(first).isCompleted();
    assertThat(commits).hasValue(3);
  }

  @Test
  void when_20000_wait_the_next_one_is_refused_at_once_and_those_that_wait_are_stored()
      throws Exception {
    sendAndBlock();
    List<CompletableFuture<Notification>> waiting = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      waiting.add(send("number " + i));
    }
    CompletableFuture<Notification> refused = send("too many");
    assertThat(refused).isCompletedExceptionally();
    assertThatThrownBy(refused::join)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
        .hasMessageContaining("20000");

    gate.countDown();

    waiting.forEach(future -> assertThat(future).succeedsWithin(PATIENCE));
  }

  @Test
  void one_that_does_not_fit_the_store_takes_none_of_the_others_with_it() throws Exception {
    sendAndBlock();
    NewNotification key = NewNotification.to(anna).title("one").idempotencyKey("key").build();
    NewNotification other = NewNotification.to(anna).title("two").idempotencyKey("key").build();
    CompletableFuture<Notification> stored = server.notifications().sendAsync(key);
    CompletableFuture<Notification> conflict = server.notifications().sendAsync(other);
    CompletableFuture<Notification> beside = send("beside");
    AtomicInteger calls = new AtomicInteger();
    store.before(
        "insertAll",
        () -> {
          // The batch as a whole is refused, as by a check of the table.
          if (calls.getAndIncrement() == 0) {
            throw RealtimeException.badRequest("one of them does not fit");
          }
        });

    gate.countDown();

    assertThat(beside).succeedsWithin(PATIENCE);
    assertThat(stored).succeedsWithin(PATIENCE);
    assertThat(conflict)
        .failsWithin(PATIENCE)
        .withThrowableThat()
        .withCauseInstanceOf(IdempotencyConflictException.class);
  }

  @Test
  void a_store_that_is_away_fails_the_callers_and_later_sends_are_stored() {
    store.away(true);
    assertThat(send("lost"))
        .failsWithin(PATIENCE)
        .withThrowableThat()
        .withCauseInstanceOf(RealtimeException.class);
    store.away(false);
    await().ignoreExceptions().until(() -> server.notifications().unreadCount(anna).count() == 0);
    assertThat(send("stored")).succeedsWithin(PATIENCE);
    assertThat(server.notifications().unreadCount(anna).count()).isOne();
  }

  @Test
  void a_server_that_closes_stores_what_waits_and_refuses_what_comes_after() {
    List<CompletableFuture<Notification>> sent =
        IntStream.range(0, 300).mapToObj(i -> send("number " + i)).toList();
    server.close();
    sent.forEach(future -> assertThat(future).succeedsWithin(PATIENCE));
    assertThat(store.repository().unreadCount(anna).count()).isEqualTo(300);
    assertThat(send("too late"))
        .failsWithin(PATIENCE)
        .withThrowableThat()
        .withMessageContaining("closed");
  }
}
