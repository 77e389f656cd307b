package dev.realtime4j.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.realtime4j.api.UserId;
import dev.realtime4j.server.http.CallBudget.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class CallBudgetTest {
  private Instant now = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void the_minute_begins_with_the_first_call_and_not_with_the_clock() {
    now = Instant.parse("2026-03-01T12:00:59Z");
    CallBudget budget = new CallBudget(1, () -> now);

    assertThat(budget.take(user(1)).outcome()).isEqualTo(Outcome.ALLOWED);
    now = now.plus(Duration.ofMillis(59_999));
    assertThat(budget.take(user(1)).outcome()).isEqualTo(Outcome.REFUSED);
    now = now.plus(Duration.ofMillis(1));
    assertThat(budget.take(user(1)).outcome()).isEqualTo(Outcome.ALLOWED);
  }

  @Test
  void what_is_left_to_wait_is_rounded_up() {
    CallBudget budget = new CallBudget(1, () -> now);
    budget.take(user(1));
    now = now.plus(Duration.ofMillis(59_500));

    assertThat(budget.take(user(1)).headers("GET /x"))
        .containsOnly(
            entry("RateLimit-Policy", "\"GET /x\";q=1;w=60"),
            entry("RateLimit", "\"GET /x\";r=0;t=1"));
  }

  @Test
  void refused_calls_do_not_prolong_the_wait() {
    CallBudget budget = new CallBudget(1, () -> now);
    for (int second = 0; second < 60; second++) {
      budget.take(user(1));
      now = now.plusSeconds(1);
    }

    assertThat(budget.take(user(1)).outcome()).isEqualTo(Outcome.ALLOWED);
  }

  @Test
  void a_clock_that_went_back_makes_nobody_wait() {
    CallBudget budget = new CallBudget(1, () -> now);
    budget.take(user(1));
    now = now.minus(Duration.ofHours(1));

    assertThat(budget.take(user(1)).outcome()).isEqualTo(Outcome.ALLOWED);
  }

  @Test
  void users_of_minutes_that_are_over_are_forgotten() {
    CallBudget budget = new CallBudget(1, () -> now);
    for (int i = 1; i <= 100; i++) {
      budget.take(user(i));
    }
    now = now.plusSeconds(60);
    budget.take(user(1));

    assertThat(budget.users()).isOne();
  }

  @Test
  void when_too_many_users_call_the_oldest_is_forgotten() {
    CallBudget budget = new CallBudget(1, () -> now, 2);
    budget.take(user(1));
    budget.take(user(2));
    budget.take(user(3));

    assertThat(budget.users()).isEqualTo(2);
    assertThat(budget.take(user(3)).outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(budget.take(user(2)).outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(budget.take(user(1)).outcome()).isEqualTo(Outcome.ALLOWED);
  }

  private static UserId user(int number) {
    return new UserId(new UUID(1, number));
  }
}
