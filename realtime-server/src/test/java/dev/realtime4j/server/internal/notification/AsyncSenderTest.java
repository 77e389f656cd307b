package dev.realtime4j.server.internal.notification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.IdempotencyKeyHeldException;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationRepository;
import dev.realtime4j.api.notification.NotificationStore.Stored;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import dev.realtime4j.server.internal.health.ProblemList;
import dev.realtime4j.server.memory.InMemoryNotificationRepository;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sends with idempotency keys that open transactions have used. */
class AsyncSenderTest {
  private final NotificationRepository memory = InMemoryNotificationRepository.create();
  private final Set<String> held = ConcurrentHashMap.newKeySet();
  private final List<NotificationId> pushed = new ArrayList<>();
  private AsyncSender sender = sender(Duration.ofHours(1));

  private AsyncSender sender(Duration patience) {
    NotificationRepository store = store();
    StoreClock clock =
        new StoreClock(
            store,
            InstantSource.system(),
            System::nanoTime,
            new ProblemList(InstantSource.system()));
    GroupCommit commit =
        new GroupCommit(store, clock, new PushSequencer(clock), this::settle, Runnable::run);
    AsyncSender started = new AsyncSender(commit, patience, ServerEnvironment.system());
    started.start();
    return started;
  }

  private void settle(PushSequencer.Ticket ticket, Stored stored) {
    if (stored.outcome() == Stored.Outcome.NEW) {
      ticket.stored(
          () -> {
            synchronized (pushed) {
              pushed.add(stored.notification().id());
            }
          });
    } else {
      ticket.failed();
    }
  }

  /** Refuses a batch with one of the held keys, as a database does after a while. */
  private NotificationRepository store() {
    return (NotificationRepository)
        Proxy.newProxyInstance(
            AsyncSenderTest.class.getClassLoader(),
            new Class<?>[] {NotificationRepository.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("insertAll") && arguments[1] instanceof List<?> all) {
                for (Object one : all) {
                  String key = ((NewNotification) one).idempotencyKey();
                  if (key != null && held.contains(key)) {
                    throw new IdempotencyKeyHeldException("held", null);
                  }
                }
              }
              try {
                return method.invoke(memory, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @AfterEach
  void close() {
    sender.close();
  }

  private CompletableFuture<Notification> send(UserId user, String key) {
    return sender.send(NewNotification.to(user).title("x").idempotencyKey(key).build());
  }

  private CompletableFuture<Notification> send(UserId user) {
    return sender.send(NewNotification.to(user).title("x").build());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 100})
  void whoever_is_not_held_is_stored_and_pushed_in_the_order_sent(int heldKeys) throws Exception {
    Random random = new Random(heldKeys);
    IntStream.range(0, heldKeys).forEach(i -> held.add("held" + i));
    List<UserId> users =
        IntStream.range(0, 20).mapToObj(i -> new UserId(UUID.randomUUID())).toList();
    Map<UserId, List<CompletableFuture<Notification>>> free = new HashMap<>();
    List<CompletableFuture<Notification>> waiting = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      UserId user = users.get(random.nextInt(users.size()));
      if (heldKeys > 0 && random.nextInt(20) == 0) {
        waiting.add(send(user, "held" + random.nextInt(heldKeys)));
      } else {
        CompletableFuture<Notification> one =
            random.nextBoolean() ? send(user) : send(user, "free" + i);
        free.computeIfAbsent(user, key -> new ArrayList<>()).add(one);
      }
    }

    for (List<CompletableFuture<Notification>> ofOne : free.values()) {
      List<NotificationId> ids = new ArrayList<>();
      for (CompletableFuture<Notification> one : ofOne) {
        ids.add(one.get(20, TimeUnit.SECONDS).id());
      }
      assertThat(ids).isSorted();
      synchronized (pushed) {
        assertThat(pushed.stream().filter(ids::contains).toList()).isEqualTo(ids);
      }
    }
    assertThat(waiting).noneMatch(CompletableFuture::isDone);

    held.clear();

    for (CompletableFuture<Notification> one : waiting) {
      assertThat(one).succeedsWithin(Duration.ofSeconds(20));
    }
  }

  @Test
  void one_that_is_held_for_too_long_is_told_so() {
    sender.close();
    sender = sender(Duration.ofMillis(300));
    held.add("key");
    assertThat(send(new UserId(UUID.randomUUID()), "key"))
        .failsWithin(Duration.ofSeconds(20))
        .withThrowableThat()
        .withCauseInstanceOf(IdempotencyKeyHeldException.class)
        .withMessageContaining("send again with the same key");
  }

  @Test
  void more_than_can_wait_are_refused() {
    held.add("key");
    UserId user = new UserId(UUID.randomUUID());
    CompletableFuture<?> refused = new CompletableFuture<>();
    for (int i = 0; i < 60_000 && !refused.isDone(); i++) {
      CompletableFuture<Notification> one = send(user, "key");
      one.whenComplete((done, failure) -> refused.complete(null));
    }
    assertThat(refused).succeedsWithin(Duration.ofSeconds(20));
    sender.close();
    assertThat(send(user)).isCompletedExceptionally();
  }
}
