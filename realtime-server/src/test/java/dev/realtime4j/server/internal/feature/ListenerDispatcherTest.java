package dev.realtime4j.server.internal.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls of a host's listener: their order, and what one that blocks or throws does to others. */
final class ListenerDispatcherTest {
  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private final ListenerDispatcher calls = new ListenerDispatcher("A listener", threads, 2);
  private final List<Integer> made = new CopyOnWriteArrayList<>();
  private final CountDownLatch release = new CountDownLatch(1);

  @AfterEach
  void end() {
    release.countDown();
    threads.shutdownNow();
  }

  private void block() {
    try {
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void calls_about_the_same_thing_keep_their_order() {
    IntStream.range(0, 1_000).forEach(i -> calls.call("a", () -> made.add(i)));

    await().until(() -> made.size() == 1_000);
    assertThat(made).isSorted();
  }

  @Test
  void a_call_that_blocks_holds_up_only_what_it_is_about() {
    calls.call("a", this::block);
    calls.call("a", () -> made.add(1));
    calls.call("b", () -> made.add(2));

    await().until(() -> made.contains(2));
    assertThat(made).containsExactly(2);
    release.countDown();
    await().until(() -> made.contains(1));
  }

  @Test
  void a_call_that_throws_is_followed_by_the_next() {
    calls.call(
        "a",
        () -> {
          throw new IllegalStateException("thrown by the test");
        });
    calls.call("a", () -> made.add(1));

    await().until(() -> made.contains(1));
  }

  @Test
  void no_more_run_at_once_than_allowed() {
    for (int i = 0; i < 3; i++) {
      int number = i;
      calls.call(
          number,
          () -> {
            made.add(number);
            block();
          });
    }

    await().until(() -> made.size() == 2);
    release.countDown();
    await().until(() -> made.size() == 3);
  }

  @Test
  void beyond_the_bound_the_oldest_is_missed() {
    List<Runnable> started = new ArrayList<>();
    ListenerDispatcher stuck = new ListenerDispatcher("A listener", started::add, 1);
    for (int i = 0; i <= ListenerDispatcher.MAX_WAITING; i++) {
      int number = i;
      stuck.call("a", () -> made.add(number));
    }

    started.forEach(Runnable::run);

    assertThat(made)
        .hasSize(ListenerDispatcher.MAX_WAITING)
        .doesNotContain(0)
        .contains(1)
        .isSorted();
  }

  @Test
  void beyond_the_bound_the_oldest_is_missed_also_while_one_is_being_told() {
    ListenerDispatcher busy = new ListenerDispatcher("A listener", threads, 1);
    CountDownLatch begun = new CountDownLatch(1);
    busy.call(
        "a",
        () -> {
          begun.countDown();
          block();
        });
    await().until(() -> begun.getCount() == 0);
    for (int i = 0; i < ListenerDispatcher.MAX_WAITING + 5; i++) {
      int number = i;
      busy.call("a", () -> made.add(number));
    }

    release.countDown();

    await().until(() -> made.contains(ListenerDispatcher.MAX_WAITING + 4));
    assertThat(made)
        .hasSize(ListenerDispatcher.MAX_WAITING)
        .doesNotContain(4)
        .contains(5)
        .isSorted();
  }

  @Test
  void what_is_missed_leaves_nothing_behind() {
    List<Runnable> started = new ArrayList<>();
    ListenerDispatcher stuck = new ListenerDispatcher("A listener", started::add, 1);
    for (int i = 0; i < ListenerDispatcher.MAX_WAITING + 500; i++) {
      int number = i;
      stuck.call(number, () -> made.add(number));
    }

    assertThat(stuck.things()).isEqualTo(ListenerDispatcher.MAX_WAITING);
    started.forEach(Runnable::run);

    assertThat(made).hasSize(ListenerDispatcher.MAX_WAITING).doesNotContain(499).contains(500);
    assertThat(stuck.things()).isZero();
  }
}
