package dev.realtime4j.server.internal.session.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class UserBudgetTest {
  private static final long SECOND = 1_000_000_000L;

  private long nanos;

  private static int passed(UserBudget.Share share) {
    int passed = 0;
    while (share.tryPass()) {
      passed++;
    }
    return passed;
  }

  @Test
  void the_next_socket_goes_on_with_what_the_last_one_left() {
    UserBudget budget = new UserBudget(1, 5, 1000, 3, () -> nanos);
    UserBudget.Share first = budget.open();
    UserBudget.Share other = budget.open();
    assertThat(passed(first)).isEqualTo(5);
    first.leave();

    UserBudget.Share next = budget.open();

    assertThat(passed(next)).isZero();
    assertThat(passed(other)).isEqualTo(5);
  }

  @Test
  void no_message_costs_more_than_a_full_budget_has() {
    UserBudget.Share share = new UserBudget(1, 3, 1000, 1, () -> nanos).open();

    assertThat(share.tryPass() && share.trySpend(3)).isTrue();
    assertThat(share.tryPass()).isFalse();
    assertThat(share.waitMillis(3)).isBetween(2_000L, 3_000L);

    UserBudget.Share least = new UserBudget(1, 1, 1000, 1, () -> nanos).open();
    assertThat(least.tryPass() && least.trySpend(3)).isTrue();
  }

  @Test
  void sockets_above_the_bound_share_with_those_that_share_least() {
    UserBudget budget = new UserBudget(1, 5, 1000, 2, () -> nanos);
    UserBudget.Share a = budget.open();
    UserBudget.Share b = budget.open();

    assertThat(budget.open()).isSameAs(a);
    assertThat(budget.open()).isSameAs(b);
    b.leave();
    assertThat(budget.open()).isSameAs(b);
  }

  @Test
  void it_is_forgotten_only_when_nothing_is_owed() {
    UserBudget budget = new UserBudget(1, 5, 1000, 2, () -> nanos);
    UserBudget.Share share = budget.open();
    assertThat(budget.isIdle()).isFalse();
    assertThat(passed(share)).isEqualTo(5);
    assertThat(share.refuse()).isFalse();
    share.leave();

    assertThat(budget.isIdle()).isFalse();
    nanos = 6 * SECOND;
    assertThat(budget.isIdle()).as("a refusal").isFalse();
    nanos = 11 * SECOND;
    assertThat(budget.isIdle()).isTrue();
  }

  @Test
  void refusals_are_counted_over_all_shares() {
    UserBudget budget = new UserBudget(1, 2, 1000, 2, () -> nanos);
    UserBudget.Share one = budget.open();
    UserBudget.Share other = budget.open();
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
