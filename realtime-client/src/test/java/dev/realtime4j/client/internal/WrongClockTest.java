package dev.realtime4j.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.client.internal.connection.TokenRenewal;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens are renewed ahead of their end, and never in a storm, whatever the clock here shows. */
class WrongClockTest {
  private static final Duration LIFE = Duration.ofSeconds(300);

  private final Rig rig = new Rig();
  private boolean tellsTime = true;
  private @Nullable Instant cachedUntil;
  private int granted;

  private FakeSocket welcomed() {
    rig.driver.connect();
    rig.settle();
    rig.socket().welcome(null, "c0", expiry(), time());
    rig.settle();
    return rig.socket();
  }

  private Instant expiry() {
    Instant cached = cachedUntil;
    return cached == null ? rig.loop.trueTime().plus(LIFE) : cached;
  }

  private @Nullable Instant time() {
    return tellsTime ? rig.loop.trueTime() : null;
  }

  /** Grants every renewal, and tells of each end, as a server does. */
  private void serveFor(Duration time) {
    Instant goodUntil = expiry();
    for (long second = 0; second < time.toSeconds(); second++) {
      FakeSocket socket = rig.socket();
      socket.text("{}");
      rig.advance(Duration.ofSeconds(1));
      if (socket.calls("auth.refresh").size() > granted) {
        granted++;
        goodUntil = expiry();
        socket.answer("auth.refresh", "token_expires_at", goodUntil, "server_time", time());
      } else if (rig.loop.trueTime().equals(goodUntil)) {
        socket.push("token_expired", "grace_ms", 30_000);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 299, 305, -299, 3_600, -3_600, 86_400_000})
  void with_the_servers_time_the_clock_here_does_not_matter(long wrongBySeconds) {
    rig.loop.wrongBy = Duration.ofSeconds(wrongBySeconds);
    FakeSocket socket = welcomed();

    serveFor(Duration.ofHours(1));

    assertThat(socket.calls("auth.refresh")).hasSizeBetween(14, 16);
    assertThat(rig.tokensRefused).as("always ahead of the end").isZero();
    assertThat(rig.sockets).hasSize(1);
  }

  @Test
  void a_clock_that_jumps_while_connected_does_not_matter() {
    FakeSocket socket = welcomed();
    for (int i = 0; i < 12; i++) {
      rig.loop.wrongBy = Duration.ofSeconds(i % 2 == 0 ? 3_600 : -290);
      serveFor(Duration.ofMinutes(5));
    }
    assertThat(socket.calls("auth.refresh")).hasSizeBetween(14, 16);
    assertThat(rig.tokensRefused).isZero();
  }

  @ParameterizedTest
  @CsvSource({"299, 30", "290, 30", "200, 70", "305, 13", "-299, 13", "3600, 13"})
  void a_server_that_tells_no_time_is_not_asked_in_a_storm_either(long wrongBySeconds, int most) {
    tellsTime = false;
    rig.loop.wrongBy = Duration.ofSeconds(wrongBySeconds);
    FakeSocket socket = welcomed();

    serveFor(Duration.ofHours(1));

    assertThat(socket.calls("auth.refresh")).hasSizeBetween(6, most);
    assertThat(rig.sockets).as("it stays connected").hasSize(1);
  }

  @Test
  void a_provider_that_gives_the_same_token_to_its_end_is_not_asked_in_a_storm() {
    FakeSocket socket = welcomed();
    cachedUntil = rig.loop.trueTime().plus(LIFE);

    serveFor(LIFE);

    assertThat(socket.calls("auth.refresh")).hasSizeLessThanOrEqualTo(4);
  }

  @Test
  void a_renewal_that_fails_is_tried_again_ever_more_seldom_and_at_once_when_the_end_is_told() {
    FakeSocket socket = welcomed();
    int refused = 0;
    for (int second = 0; second < 3_600; second++) {
      socket.text("{}");
      rig.advance(Duration.ofSeconds(1));
      if (socket.calls("auth.refresh").size() > refused) {
        refused++;
        socket.refuseCall("auth.refresh", ErrorCode.UNAVAILABLE);
        rig.settle();
      }
    }
    assertThat(refused).isBetween(50, 62);

    socket.push("token_expired", "grace_ms", 30_000);
    rig.settle();
    assertThat(socket.calls("auth.refresh")).hasSize(refused + 1);
    socket.refuseCall("auth.refresh", ErrorCode.UNAVAILABLE);
    rig.settle();
    socket.text("{}");
    rig.advance(TokenRenewal.RETRY);
    assertThat(socket.calls("auth.refresh")).as("within the grace").hasSize(refused + 2);
  }
}
