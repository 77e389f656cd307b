package dev.realtime4j.server.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is told when, with a timer that only writes down what it is asked for. */
final class TokenExpiryTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final UserId USER = new UserId(UUID.randomUUID());

  private final List<String> told = new ArrayList<>();
  private final List<Due> due = new ArrayList<>();
  private final TokenExpiry expiry =
      new TokenExpiry(
          new Noting(),
          Duration.ofSeconds(30),
          new TokenExpiry.Holder() {
            @Override
            public void tokenExpired(Duration grace) {
              told.add("expired, " + grace.toSeconds() + " s");
            }

            @Override
            public void tokenRunOut() {
              told.add("run out");
            }
          });

  private record Due(long millis, Runnable task) {}

  private final class Noting extends ScheduledThreadPoolExecutor {
    Noting() {
      super(0);
    }

    /** Gives a future that cannot be cancelled any more, as that of a task that has begun. */
    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
      due.add(new Due(unit.toMillis(delay), task));
      ScheduledFuture<?> begun = super.schedule(() -> {}, 1, TimeUnit.DAYS);
      begun.cancel(false);
      return begun;
    }
  }

  private static Principal until(Instant end) {
    return new Principal(USER, Set.of(), end);
  }

  private Due last() {
    return due.get(due.size() - 1);
  }

  @Test
  void an_expiry_is_told_and_after_the_grace_the_token_has_run_out() {
    expiry.follow(until(NOW.plusSeconds(60)), NOW);
    assertThat(last().millis).isEqualTo(60_000);

    last().task.run();
    assertThat(told).containsExactly("expired, 30 s");
    assertThat(last().millis).isEqualTo(30_000);

    last().task.run();
    assertThat(told).containsExactly("expired, 30 s", "run out");
  }

  @Test
  void an_expiry_that_waited_for_the_lock_during_a_refresh_is_not_told() {
    expiry.follow(until(NOW.plusSeconds(60)), NOW);
    Runnable stale = last().task;

    expiry.follow(until(NOW.plusSeconds(600)), NOW);
    stale.run();

    assertThat(told).isEmpty();
    assertThat(last().millis).isEqualTo(600_000);
  }

  @Test
  void a_refresh_within_the_grace_saves_the_socket() {
    expiry.follow(until(NOW), NOW);
    last().task.run();
    Runnable end = last().task;

    expiry.follow(until(NOW.plusSeconds(600)), NOW.plusSeconds(29));
    end.run();

    assertThat(told).containsExactly("expired, 30 s");
  }

  @Test
  void a_socket_that_is_gone_hears_nothing() {
    expiry.follow(until(NOW), NOW);
    expiry.stop();
    last().task.run();

    assertThat(told).isEmpty();
  }

  @Test
  void a_token_that_never_ends_or_ends_in_ages_is_followed_all_the_same() {
    expiry.follow(Principal.of(USER), NOW);
    assertThat(due).isEmpty();

    expiry.follow(until(Instant.MAX), NOW);
    for (int day = 0; day < 3; day++) {
      assertThat(last().millis).isEqualTo(TimeUnit.DAYS.toMillis(1));
      last().task.run();
    }
    assertThat(told).isEmpty();
  }
}
