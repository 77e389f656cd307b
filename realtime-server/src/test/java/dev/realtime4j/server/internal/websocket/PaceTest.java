package dev.realtime4j.server.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is given to a socket by what its link takes, in a time that the test says. */
final class PaceTest {
  private static final int KIB = 1024;
  private static final int SETTING = 128 * KIB;

  private final Pace pace = new Pace(SETTING);
  private long now;

  private void emptiedAfter(long millis) {
    pace.full(now);
    now += millis * 1_000_000;
    pace.emptied(now);
  }

  @Test
  void frames_begin_small_and_grow_while_the_socket_takes_them_up_to_half_of_what_it_holds() {
    assertThat(pace.frameBytes()).isEqualTo(4 * KIB);
    pace.taken(200);
    assertThat(pace.frameBytes()).isEqualTo(4 * KIB);
    pace.taken(4 * KIB);
    assertThat(pace.frameBytes()).isEqualTo(8 * KIB);
    for (int i = 0; i < 10; i++) {
      pace.taken(128 * KIB);
    }
    assertThat(pace.frameBytes()).isEqualTo(16 * KIB);
    assertThat(pace.sendBufferBytes()).isEqualTo(32 * KIB);
  }

  @Test
  void a_socket_that_empties_quickly_is_given_all_that_the_setting_allows() {
    for (int i = 0; i < 10; i++) {
      emptiedAfter(5);
      pace.taken(128 * KIB);
    }
    assertThat(pace.sendBufferBytes()).isEqualTo(SETTING);
    assertThat(pace.frameBytes()).isEqualTo(64 * KIB);
  }

  @Test
  void a_link_with_a_long_way_and_much_room_is_not_taken_for_a_slow_one() {
    emptiedAfter(300);
    assertThat(pace.sendBufferBytes()).isEqualTo(64 * KIB);
    emptiedAfter(600);
    assertThat(pace.sendBufferBytes()).isEqualTo(SETTING);
  }

  @Test
  void a_link_that_becomes_slow_is_given_little_again() {
    a_socket_that_empties_quickly_is_given_all_that_the_setting_allows();
    for (int i = 0; i < 5; i++) {
      emptiedAfter(20_000);
    }
    assertThat(pace.sendBufferBytes()).isEqualTo(32 * KIB);
    assertThat(pace.frameBytes()).isEqualTo(4 * KIB);
  }

  @Test
  void a_small_setting_is_the_bound_from_the_start() {
    Pace small = new Pace(4 * KIB);
    small.full(0);
    assertThat(small.emptied(1)).isFalse();
    assertThat(small.sendBufferBytes()).isEqualTo(4 * KIB);
    small.taken(64 * KIB);
    assertThat(small.frameBytes()).isEqualTo(4 * KIB);
  }
}
