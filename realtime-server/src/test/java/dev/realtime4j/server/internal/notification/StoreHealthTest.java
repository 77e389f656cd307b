package dev.realtime4j.server.internal.notification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.RealtimeException;
import org.junit.jupiter.api.Test;

class StoreHealthTest {
  private static final RealtimeException FAILURE = RealtimeException.unavailable("test", null);

  private final StoreHealth health = new StoreHealth();

  @Test
  void a_read_that_works_does_not_clear_a_write_that_fails() {
    health.writeFailed(FAILURE);
    health.read();
    assertThat(health.isUnavailable()).isTrue();
    assertThat(health.isReadingUnavailable()).isFalse();
    health.writeFailed(FAILURE);
    assertThat(health.isReadingUnavailable()).as("who reads is not sent away again").isFalse();
    health.wrote();
    assertThat(health.isUnavailable()).isFalse();
  }

  @Test
  void until_something_was_read_a_failed_write_counts_for_both() {
    health.writeFailed(FAILURE);
    assertThat(health.isReadingUnavailable()).isTrue();
  }

  @Test
  void a_failed_read_is_over_when_something_was_read_or_written() {
    health.readFailed(FAILURE);
    assertThat(health.isUnavailable()).isTrue();
    health.read();
    assertThat(health.isUnavailable()).isFalse();
    health.readFailed(FAILURE);
    health.wrote();
    assertThat(health.isUnavailable()).isFalse();
  }

  @Test
  void one_that_only_reads_and_then_goes_away_is_away_for_reading() {
    health.writeFailed(FAILURE);
    health.read();
    health.readFailed(FAILURE);
    assertThat(health.isReadingUnavailable()).isTrue();
    health.read();
    assertThat(health.isUnavailable()).isTrue();
  }
}
