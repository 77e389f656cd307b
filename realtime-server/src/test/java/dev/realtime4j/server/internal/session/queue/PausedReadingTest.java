package dev.realtime4j.server.internal.session.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.server.internal.session.RecordingConnection;
import dev.realtime4j.server.internal.session.limit.UserBudget;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Reasons to read no further, with a timer whose time a test passes. */
final class PausedReadingTest {
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private final ArrayDeque<Runnable> planned = new ArrayDeque<>();
  private final List<Long> delays = new ArrayList<>();
  private final RecordingConnection connection = new RecordingConnection();
  private final PausedReading reading =
      new PausedReading(connection, this::later, () -> connection.heard.add("alive"));

  private void later(Runnable task, long nanos) {
    planned.add(task);
    delays.add(nanos);
  }

  private void pass() {
    for (Runnable due = planned.poll(); due != null; due = planned.poll()) {
      due.run();
    }
  }

  @Test
  void reading_goes_on_when_the_last_reason_is_gone() {
    reading.pause(PausedReading.Reason.CALL_QUEUE);
    reading.pauseFor(PausedReading.Reason.BYTES, 5 * MILLI);
    assertThat(connection.heard).containsExactly("pause");

    pass();
    assertThat(connection.heard).containsExactly("pause");
    assertThat(reading.isPaused()).isTrue();

    reading.resume(PausedReading.Reason.CALL_QUEUE);
    assertThat(connection.heard).containsExactly("pause", "alive", "resume");
    assertThat(reading.isPaused()).isFalse();
  }

  @Test
  void one_pause_has_one_timer_however_often_it_is_asked_for() {
    reading.pauseFor(PausedReading.Reason.MESSAGES, 5 * MILLI);
    reading.pauseFor(PausedReading.Reason.MESSAGES, 9 * MILLI);
    assertThat(delays).containsExactly(5 * MILLI);

    pass();
    assertThat(connection.heard).containsExactly("pause", "alive", "resume");

    reading.pauseFor(PausedReading.Reason.MESSAGES, 5 * MILLI);
    assertThat(connection.heard).containsExactly("pause", "alive", "resume", "pause");
  }

  @Test
  void without_a_timer_it_does_not_pause_for_good() {
    PausedReading ending =
        new PausedReading(
            connection,
            (task, nanos) -> {
              throw new RejectedExecutionException("the node has ended");
            },
            () -> {});

    ending.pauseFor(PausedReading.Reason.BYTES, 5 * MILLI);

    assertThat(ending.isPaused()).isFalse();
    assertThat(connection.heard).endsWith("resume");
  }

  @Test
  void a_socket_is_not_read_until_the_bytes_it_sent_have_come_again_and_others_are() {
    UserBudget mine = new UserBudget(10, 20, 100_000, 1, () -> 0);
    IncomingBytes incoming = new IncomingBytes(mine.open(), reading);

    incoming.add(200_000); // what may come at once: as many seconds' worth as of messages
    assertThat(connection.heard).isEmpty();
    incoming.add(50_000);
    assertThat(connection.heard).containsExactly("pause");
    assertThat(delays).hasSize(1);
    assertThat(delays.get(0) / MILLI).isEqualTo(500);

    RecordingConnection otherConnection = new RecordingConnection();
    new IncomingBytes(
            new UserBudget(10, 20, 100_000, 1, () -> 0).open(),
            new PausedReading(otherConnection, this::later, () -> {}))
        .add(50_000);
    assertThat(otherConnection.heard).isEmpty();

    pass();
    assertThat(connection.heard).containsExactly("pause", "alive", "resume");
  }

  @Test
  void sockets_with_one_budget_pay_for_each_other() {
    UserBudget one = new UserBudget(10, 20, 100_000, 1, () -> 0);
    new IncomingBytes(
            one.open(), new PausedReading(new RecordingConnection(), this::later, () -> {}))
        .add(250_000);

    IncomingBytes second = new IncomingBytes(one.open(), reading);
    second.add(4_095);
    assertThat(connection.heard).isEmpty();
    second.add(1);

    assertThat(connection.heard).containsExactly("pause");
  }
}
