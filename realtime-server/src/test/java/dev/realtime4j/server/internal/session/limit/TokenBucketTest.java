package dev.realtime4j.server.internal.session.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The token bucket, with time in hand. */
final class TokenBucketTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void a_burst_passes_at_once_and_then_the_rate() {
    TokenBucket limiter = new TokenBucket(10, 20, 0);
    for (int i = 0; i < 20; i++) {
      assertThat(limiter.tryPass(0)).isTrue();
    }
    assertThat(limiter.tryPass(0)).isFalse();
    assertThat(limiter.waitMillis(1)).isEqualTo(100);

    assertThat(limiter.tryPass(SECOND / 10)).isTrue();
    assertThat(limiter.tryPass(SECOND / 10)).isFalse();
  }

  @Test
  void several_pass_together_or_none_of_them() {
    TokenBucket limiter = new TokenBucket(10, 20, 0);
    assertThat(limiter.tryPass(17, 0)).isTrue();
    assertThat(limiter.tryPass(4, 0)).isFalse();
    assertThat(limiter.waitMillis(4)).isEqualTo(100);

    assertThat(limiter.tryPass(3, 0)).isTrue();
    assertThat(limiter.waitMillis(4)).isEqualTo(400);
  }

  @Test
  void a_pause_gives_no_more_than_a_burst() {
    TokenBucket limiter = new TokenBucket(10, 20, 0);
    int passed = 0;
    while (limiter.tryPass(3600 * SECOND)) {
      passed++;
    }
    assertThat(passed).isEqualTo(20);
  }
}
