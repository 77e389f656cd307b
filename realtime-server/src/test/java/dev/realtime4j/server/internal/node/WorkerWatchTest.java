package dev.realtime4j.server.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.realtime4j.server.CapturedLog;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;

final class WorkerWatchTest {
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private long seconds;
  private final WorkerWatch watch =
      new WorkerWatch(waiting::add, 16, () -> seconds * 1_000_000_000);

  private void tickFor(int count) {
    for (int i = 0; i < count; i++) {
      watch.tick();
      seconds++;
    }
  }

  @Test
  void busy_workers_are_told_once_and_once_that_they_are_free() {
    try (CapturedLog log = CapturedLog.open()) {
      tickFor(6);
      assertThat(log.from(Level.INFO)).isEmpty();

      tickFor(60);
      assertThat(log.from(Level.INFO))
          .singleElement()
          .asString()
          .startsWith("All 16 workers are busy for more than 5 s");

      waiting.remove().run();
      tickFor(1);
      assertThat(log.from(Level.INFO)).hasSize(2).last().isEqualTo("Workers are free again");
      assertThat(waiting).hasSize(1);
    }
  }

  @Test
  void workers_that_take_their_turn_are_not_spoken_of() {
    try (CapturedLog log = CapturedLog.open()) {
      for (int i = 0; i < 20; i++) {
        tickFor(4);
        waiting.remove().run();
      }
      assertThat(log.from(Level.INFO)).isEmpty();
    }
  }
}
