package dev.realtime4j.server.internal.session.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class UserBudgetTest {
  private static final long SECOND = 1_000_000_000L;

  private static int passed(UserBudget.Share share) {
    int passed = 0;
    while (share.tryPass()) {
      passed++;
    }
    return passed;
  }

  @Test
  void the_next_socket_goes_on_with_what_the_last_one_left() {
    UserBudget budget = new UserBudget(1, 5, 1000, 3);
    UserBudget.Share first = budget.open(System.nanoTime());
    UserBudget.Share other = budget.open(System.nanoTime());
    assertThat(passed(first)).isEqualTo(5);
    first.leave();

    UserBudget.Share next = budget.open(System.nanoTime());

    assertThat(passed(next)).isZero();
    assertThat(passed(other)).isEqualTo(5);
  }

  @Test
  void no_message_costs_more_than_a_full_budget_has() {
    UserBudget.Share share = new UserBudget(1, 3, 1000, 1).open(System.nanoTime());

    assertThat(share.tryPass() && share.trySpend(3)).isTrue();
    assertThat(share.tryPass()).isFalse();
    assertThat(share.waitMillis(3)).isBetween(2_000L, 3_000L);

    UserBudget.Share least = new UserBudget(1, 1, 1000, 1).open(System.nanoTime());
    assertThat(least.tryPass() && least.trySpend(3)).isTrue();
  }

  @Test
  void sockets_above_the_bound_share_with_those_that_share_least() {
    UserBudget budget = new UserBudget(1, 5, 1000, 2);
    UserBudget.Share a = budget.open(0);
    UserBudget.Share b = budget.open(0);

    assertThat(budget.open(0)).isSameAs(a);
    assertThat(budget.open(0)).isSameAs(b);
    b.leave();
    assertThat(budget.open(0)).isSameAs(b);
  }

  @Test
  void it_is_forgotten_only_when_nothing_is_owed() {
    UserBudget budget = new UserBudget(1, 5, 1000, 2);
    UserBudget.Share share = budget.open(System.nanoTime());
    assertThat(budget.isIdle(System.nanoTime())).isFalse();
    assertThat(passed(share)).isEqualTo(5);
    assertThat(share.refuse()).isFalse();
    share.leave();

    assertThat(budget.isIdle(System.nanoTime())).isFalse();
    assertThat(budget.isIdle(System.nanoTime() + 6 * SECOND)).as("a refusal").isFalse();
    assertThat(budget.isIdle(System.nanoTime() + 11 * SECOND)).isTrue();
  }

  @Test
  void refusals_are_counted_over_all_shares() {
    UserBudget budget = new UserBudget(1, 2, 1000, 2);
    UserBudget.Share one = budget.open(0);
    UserBudget.Share other = budget.open(0);
    for (int i = 0; i < 5; i++) {
      assertThat(one.refuse()).isFalse();
      assertThat(other.refuse()).isFalse();
    }
    assertThat(other.refuse()).isTrue();
  }

  @Test
  void buckets_say_how_long_to_wait_and_forget_the_full_ones() {
    TokenBuckets<Integer> buckets = new TokenBuckets<>(2, 10);

    assertThat(buckets.take(0, 10, 0)).isNull();
    assertThat(buckets.take(0, 1, 0)).isEqualTo(Duration.ofMillis(500));
    assertThat(buckets.take(0, 1, SECOND / 2)).isNull();
    for (int key = 1; key < 1000; key++) {
      buckets.take(key, 1, SECOND);
    }
    assertThat(buckets.size()).isEqualTo(1000);
    buckets.take(1000, 1, 10 * SECOND);
    assertThat(buckets.size()).isEqualTo(1);
  }
}
