package dev.realtime4j.server.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whose task is next; the thread is the test's own. */
final class FairExecutorTest {
  private final List<Runnable> thread = new ArrayList<>();
  private final FairExecutor tasks = new FairExecutor(thread::add);
  private final List<String> done = new ArrayList<>();

  private void give(String whose, int from, int to) {
    for (int i = from; i <= to; i++) {
      String name = whose + i;
      tasks.execute(whose, () -> done.add(name));
    }
  }

  private void work(int times) {
    for (int i = 0; i < times; i++) {
      thread.remove(0).run();
    }
  }

  @Test
  void whoever_comes_late_waits_for_one_task_of_each_other() {
    give("a", 1, 300);
    give("b", 1, 300);
    work(10);
    done.clear();

    give("c", 1, 2);
    work(6);

    assertThat(done).containsExactly("a6", "b6", "c1", "a7", "b7", "c2");
  }

  @Test
  void everything_is_done_once_and_in_the_order_of_each() {
    give("a", 1, 4);
    give("b", 1, 1);
    work(2);
    give("b", 2, 2);
    work(4);

    assertThat(done).containsExactly("a1", "b1", "a2", "b2", "a3", "a4");
    assertThat(thread).isEmpty();
  }

  @Test
  void a_task_that_fails_takes_no_other_with_it() {
    tasks.execute(
        "a",
        () -> {
          throw new IllegalStateException("a test");
        });
    give("a", 1, 1);
    try {
      work(1);
    } catch (IllegalStateException expected) {
      done.add(String.valueOf(expected.getMessage()));
    }
    work(1);

    assertThat(done).containsExactly("a test", "a1");
  }
}
