package dev.realtime4j.server.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** When sockets are asked, and when they are given up: without threads or waiting. */
final class HeartbeatTest {
  private static final Duration INTERVAL = Duration.ofSeconds(25);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final long STEP = Duration.ofMillis(50).toNanos();

  private long now = 12_345;
  private final HeartbeatWheel wheel = new HeartbeatWheel(TIMEOUT, INTERVAL, () -> now);

  /** A socket that is asked, and notes when. */
  private final class Socket implements Heartbeat.Asked {
    private final List<Long> asked = new ArrayList<>();
    private final Heartbeat heartbeat = new Heartbeat(INTERVAL, TIMEOUT, this, () -> now);
    private long silentAt = -1;
    private long written;
    private boolean listenedTo = true;

    private Socket opened() {
      heartbeat.start(wheel, RandomGenerator.getDefault());
      return this;
    }

    @Override
    public void sendFirst(byte[] message) {
      asked.add(now);
      written += message.length;
    }

    @Override
    public boolean isListenedTo() {
      return listenedTo;
    }

    @Override
    public long bytesWritten() {
      return written;
    }

    @Override
    public void silent() {
      silentAt = now;
    }
  }

  private void pass(Duration time, Runnable eachStep) {
    for (long end = now + time.toNanos(); now < end; now += STEP) {
      wheel.tick();
      eachStep.run();
    }
  }

  private static Duration since(long from, long to) {
    return Duration.ofNanos(to - from);
  }

  @Test
  void the_first_question_comes_after_half_to_a_whole_interval_and_the_others_an_interval_apart() {
    Socket socket = new Socket().opened();
    long opened = now;

    pass(Duration.ofMinutes(5), socket.heartbeat::heard);

    assertThat(since(opened, socket.asked.get(0)))
        .isBetween(INTERVAL.dividedBy(2), INTERVAL.plusMillis(200));
    assertThat(socket.asked).hasSizeBetween(11, 12);
    for (int i = 1; i < socket.asked.size(); i++) {
      assertThat(since(socket.asked.get(i - 1), socket.asked.get(i)))
          .isBetween(INTERVAL.minusMillis(200), INTERVAL.plusMillis(200));
    }
    assertThat(socket.silentAt).isNegative();
  }

  @Test
  void sockets_that_came_together_are_asked_spread_over_half_an_interval() {
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      sockets.add(new Socket().opened());
    }
    int[] most = new int[1];
    int[] before = new int[1];

    pass(
        Duration.ofSeconds(30),
        () -> {
          int asked = sockets.stream().mapToInt(socket -> socket.asked.size()).sum();
          most[0] = Math.max(most[0], asked - before[0]);
          before[0] = asked;
        });

    assertThat(before[0]).isEqualTo(1000);
    assertThat(most[0]).as("at once; 8 of each slot are even").isLessThan(40);
  }

  @Test
  void a_socket_that_does_not_answer_is_given_up_after_the_timeout_and_asked_no_more() {
    Socket socket = new Socket().opened();

    pass(Duration.ofMinutes(2), () -> {});

    assertThat(socket.asked).hasSize(1);
    assertThat(since(socket.asked.get(0), socket.silentAt))
        .isBetween(TIMEOUT, TIMEOUT.plusMillis(200));
  }

  @Test
  void anything_that_arrives_in_time_is_an_answer() {
    Socket socket = new Socket().opened();

    pass(
        Duration.ofMinutes(2),
        () -> {
          boolean due =
              !socket.asked.isEmpty()
                  && now - socket.asked.get(socket.asked.size() - 1)
                      > TIMEOUT.minusMillis(500).toNanos();
          if (due) {
            socket.heartbeat.heard();
          }
        });

    assertThat(socket.silentAt).isNegative();
    assertThat(socket.asked).hasSizeGreaterThan(3);
  }

  @Test
  void what_was_written_of_late_adds_the_time_that_a_slow_link_needs_for_it() {
    Socket socket = new Socket().opened();
    socket.written = 20 * 1024;

    pass(Duration.ofMinutes(2), () -> {});

    assertThat(socket.asked).hasSize(1);
    assertThat(since(socket.asked.get(0), socket.silentAt))
        .isBetween(TIMEOUT.plusSeconds(20), TIMEOUT.plusSeconds(21));
  }

  @Test
  void a_slow_client_that_answers_when_it_is_asked_at_last_stays() {
    Socket socket = new Socket().opened();
    // 1 KiB/s, and always 40 KiB on the way before the question.
    pass(
        Duration.ofMinutes(10),
        () -> {
          socket.written += STEP * 1024 / 1_000_000_000L;
          int last = socket.asked.size() - 1;
          if (last >= 0 && now - socket.asked.get(last) > Duration.ofSeconds(40).toNanos()) {
            socket.heartbeat.heard();
          }
          if (last < 0) {
            socket.written = 40 * 1024;
          }
        });

    assertThat(socket.silentAt).isNegative();
    assertThat(socket.asked).hasSizeGreaterThan(5);
  }

  @Test
  void a_dead_client_is_given_up_a_minute_later_at_most_whatever_is_written_to_it() {
    Socket socket = new Socket().opened();

    pass(Duration.ofMinutes(5), () -> socket.written += 100_000);

    assertThat(since(socket.asked.get(0), socket.silentAt))
        .isBetween(TIMEOUT.plusSeconds(60), TIMEOUT.plusSeconds(61));
  }

  @Test
  void what_was_written_long_ago_adds_nothing() {
    Socket socket = new Socket().opened();
    socket.written = 60 * 1024;
    Runnable answers =
        () -> {
          if (!socket.asked.isEmpty()) {
            socket.heartbeat.heard();
          }
        };
    pass(Duration.ofMinutes(3), answers);
    int before = socket.asked.size();

    pass(Duration.ofMinutes(2), () -> {});

    assertThat(socket.asked).hasSize(before + 1);
    assertThat(since(socket.asked.get(before), socket.silentAt))
        .isBetween(TIMEOUT, TIMEOUT.plusMillis(300));
  }

  @Test
  void a_client_that_is_not_read_from_is_not_given_up_before_it_can_be_heard() {
    Socket socket = new Socket().opened();
    socket.listenedTo = false;
    pass(Duration.ofMinutes(3), () -> {});
    assertThat(socket.silentAt).isNegative();

    socket.listenedTo = true;
    pass(Duration.ofMinutes(1), () -> {});

    assertThat(socket.silentAt).isPositive();
  }

  @Test
  void a_socket_that_was_closed_is_neither_asked_nor_given_up() {
    Socket socket = new Socket().opened();
    socket.heartbeat.stop();

    pass(Duration.ofMinutes(1), () -> {});

    assertThat(socket.asked).isEmpty();
    assertThat(socket.silentAt).isNegative();
  }

  @Test
  void a_late_timer_does_everything_that_is_due_and_a_failure_of_one_hurts_no_other() {
    wheel.add(
        () -> {
          throw new IllegalStateException("a test");
        },
        0);
    Socket socket = new Socket().opened();

    now += Duration.ofSeconds(60).toNanos();
    wheel.tick();

    assertThat(socket.asked).hasSize(1);
  }
}
