package dev.realtime4j.server.internal.session.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Order, turns and back-pressure, with workers that wait until they are told to work. */
final class CallQueueTest {
  private final ArrayDeque<Runnable> workers = new ArrayDeque<>();
  private final List<String> heard = new ArrayList<>();
  private final CallQueue.Reading reading =
      new CallQueue.Reading() {
        @Override
        public void pause() {
          heard.add("pause");
        }

        @Override
        public void resume() {
          heard.add("resume");
        }
      };
  private final CallQueue queue = new CallQueue(workers::add, reading);

  @BeforeEach
  void open() {
    queue.open();
    work();
  }

  private void work() {
    for (Runnable turn = workers.poll(); turn != null; turn = workers.poll()) {
      turn.run();
    }
  }

  @Test
  void things_are_done_in_order_and_by_one_worker_at_a_time() {
    List<Integer> done = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      int number = i;
      queue.add(() -> done.add(number), 1);
      assertThat(workers).hasSize(1);
    }

    work();

    assertThat(done).hasSize(100).isSorted();
  }

  @Test
  void nothing_is_done_before_it_opens() {
    CallQueue held = new CallQueue(workers::add, reading);
    held.add(() -> heard.add("done"), 1);
    work();
    assertThat(heard).isEmpty();

    held.open();
    work();

    assertThat(heard).containsExactly("done");
  }

  @Test
  void after_a_turn_other_sockets_come_first() {
    for (int i = 0; i < 33; i++) {
      queue.add(() -> heard.add("mine"), 1);
    }
    workers.add(() -> heard.add("other's"));

    work();

    assertThat(heard).hasSize(34);
    assertThat(heard.indexOf("other's")).isEqualTo(32);
  }

  @Test
  void above_the_bound_reading_pauses_once_and_goes_on_below_half_of_it() {
    for (int i = 0; i < 10; i++) {
      queue.add(() -> heard.add("done"), 40_000);
    }
    assertThat(heard).containsExactly("pause");

    work();

    assertThat(heard).containsOnlyOnce("pause").containsOnlyOnce("resume");
    assertThat(heard.indexOf("resume")).isBetween(4, 9);
  }

  @Test
  void something_that_fails_does_not_stop_what_follows() {
    queue.add(
        () -> {
          throw new AssertionError("a test");
        },
        1);
    queue.add(() -> heard.add("next"), 1);

    work();

    assertThat(heard).containsExactly("next");
  }
}
