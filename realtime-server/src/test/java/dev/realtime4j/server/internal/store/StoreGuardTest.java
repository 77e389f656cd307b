package dev.realtime4j.server.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class StoreGuardTest {
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger probes = new AtomicInteger();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private volatile CountDownLatch answers = new CountDownLatch(0);
  private volatile boolean refuses;
  private final StoreGuard guard =
      new StoreGuard(
          "the store",
          "test",
          new ServerEnvironment(
              ServerEnvironment.system().clock(),
              nanos::get,
              ServerEnvironment.system().random(),
              ServerEnvironment.system().threads()),
          this::probe,
          new StoreGuard.Listener() {
            @Override
            public void opened(RealtimeException why) {
              told.add("opened: " + why.getMessage());
            }

            @Override
            public void closed() {
              told.add("closed");
            }
          });

  private void probe() {
    probes.incrementAndGet();
    ask();
  }

  private String ask() {
    awaitLatch(answers);
    if (refuses) {
      throw RealtimeException.unavailable("connection refused", null);
    }
    return "answer";
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw RealtimeException.unavailable("interrupted", e);
    }
  }

  private void pass(Duration time) {
    for (long passed = 0; passed < time.toMillis(); passed += 100) {
      nanos.addAndGet(100_000_000);
      guard.tick();
    }
  }

  @AfterEach
  void close() {
    answers.countDown();
    guard.close();
  }

  private static void assertUnavailable(Throwable failure, String message) {
    assertThat(failure)
        .isInstanceOfSatisfying(
            RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
        .hasMessageContaining(message);
  }

  @Test
  void a_store_that_refuses_is_not_asked_by_callers_until_a_probe_has_found_it_back() {
    refuses = true;
    assertUnavailable(catchThrowable(() -> guard.call(this::ask)), "connection refused");
    Awaitility.await().until(guard::isOpen);
    assertUnavailable(
        catchThrowable(() -> guard.call(() -> "not called")),
        "the store is unavailable: connection refused");

    int before = probes.get();
    for (int i = 0; i < 20; i++) {
      nanos.addAndGet(10_000_000);
      guard.tick();
    }
    assertThat(probes.get() - before).isLessThanOrEqualTo(2);

    refuses = false;
    Awaitility.await()
        .until(
            () -> {
              pass(Duration.ofMillis(100));
              return !guard.isOpen();
            });
    assertThat(guard.<String>call(this::ask)).isEqualTo("answer");
    assertThat(told).containsExactly("opened: connection refused", "closed");
  }

  @Test
  void whoever_waits_for_a_store_that_hangs_is_told_when_that_is_known() {
    answers = new CountDownLatch(1);
    List<CompletableFuture<String>> waiting = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      waiting.add(guard.submit(this::ask));
    }
    Awaitility.await()
        .until(
            () -> {
              pass(Duration.ofMillis(100));
              return guard.isOpen();
            });
    assertThat(Duration.ofNanos(nanos.get())).isGreaterThan(Duration.ofSeconds(3));
    for (CompletableFuture<String> one : waiting) {
      assertUnavailable(
          one.handle((answer, failure) -> failure).join(), "it has not answered within 2000 ms");
    }
    assertUnavailable(
        guard.submit(this::ask).handle((answer, failure) -> failure).join(), "unavailable");
  }

  @Test
  void a_probe_that_never_returns_is_followed_by_others_but_not_by_many() {
    CountDownLatch forever = new CountDownLatch(1);
    answers = forever;
    guard.submit(this::ask);
    Awaitility.await()
        .until(
            () -> {
              pass(Duration.ofMillis(100));
              return guard.isOpen();
            });
    answers = new CountDownLatch(0); // The next one is answered.
    Awaitility.await()
        .until(
            () -> {
              pass(Duration.ofMillis(500));
              return !guard.isOpen();
            });
    assertThat(probes.get()).isEqualTo(2);
    forever.countDown();
  }

  @Test
  void one_slow_call_beside_others_that_come_back_is_nothing() {
    CountDownLatch slow = new CountDownLatch(1);
    guard.submit(
        () -> {
          awaitLatch(slow);
          return "late";
        });
    for (int i = 0; i < 100; i++) {
      pass(Duration.ofMillis(500));
      assertThat(guard.<String>call(this::ask)).isEqualTo("answer");
    }
    assertThat(probes.get()).isZero();
    slow.countDown();
  }

  @Test
  void a_call_that_fails_for_a_reason_of_its_own_is_no_reason_to_ask() {
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(
              () ->
                  guard.call(
                      () -> {
                        throw new RealtimeException(ErrorCode.NOT_FOUND, "no such row");
                      }))
          .hasMessage("no such row");
      pass(Duration.ofSeconds(1));
    }
    assertThat(probes.get()).isZero();
    assertThat(told).isEmpty();
  }

  @Test
  void a_bounded_call_comes_back_in_time() {
    answers = new CountDownLatch(1);
    assertUnavailable(
        catchThrowable(() -> guard.within(Duration.ofMillis(50), this::ask)),
        "the store did not answer within 50 ms");
    answers.countDown();
    assertThat(guard.<String>within(Duration.ofSeconds(10), this::ask)).isEqualTo("answer");
  }

  @Test
  void nothing_waits_for_a_guard_that_was_closed() {
    answers = new CountDownLatch(1);
    CompletableFuture<String> waiting = guard.submit(this::ask);
    guard.close();
    assertUnavailable(waiting.handle((answer, failure) -> failure).join(), "");
    assertUnavailable(
        guard.submit(this::ask).handle((answer, failure) -> failure).join(), "too many");
  }
}
