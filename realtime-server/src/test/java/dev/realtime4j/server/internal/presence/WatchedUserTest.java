package dev.realtime4j.server.internal.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceChange;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.server.internal.session.fanout.Lanes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What watchers hear of one user, whatever order and repetition the bus brings. */
final class WatchedUserTest {
  private final UserId user = new UserId(UUID.randomUUID());
  private final List<PresenceStatus> heard = new ArrayList<>();
  private final RecordedTimer timer = new RecordedTimer();
  private final WatchedUser watched =
      new WatchedUser(
          user, new OneLane(), new Flapping.Maker(Duration.ofSeconds(1), timer, timer::nanoTime));

  @BeforeEach
  void listen() {
    watched.listeners().add(presence -> heard.add(presence.status()));
  }

  private Presence being(PresenceStatus status) {
    return new Presence(user, status, null);
  }

  private void change(PresenceStatus status, long version) {
    watched.changed(new PresenceChange(being(status), version));
  }

  @Test
  void a_late_change_never_overwrites_a_newer_one() {
    change(PresenceStatus.BUSY, 7);
    change(PresenceStatus.ONLINE, 6);
    change(PresenceStatus.BUSY, 7);

    assertThat(heard).containsExactly(PresenceStatus.BUSY);
  }

  @Test
  void what_watchers_know_already_is_not_told_again() {
    watched.observed(being(PresenceStatus.ONLINE), watched.version());
    change(PresenceStatus.ONLINE, 8);
    change(PresenceStatus.OFFLINE, 9);

    assertThat(heard).containsExactly(PresenceStatus.OFFLINE);
  }

  @Test
  void a_change_that_the_bus_lost_is_told_when_the_store_is_asked() {
    change(PresenceStatus.ONLINE, 5);

    long version = watched.observed(being(PresenceStatus.BUSY), 5);

    assertThat(heard).containsExactly(PresenceStatus.ONLINE, PresenceStatus.BUSY);
    assertThat(version).isEqualTo(watched.version());
  }

  @Test
  void an_answer_of_the_store_that_is_older_than_the_bus_changes_nothing() {
    long before = watched.version();
    change(PresenceStatus.BUSY, 5);

    watched.observed(being(PresenceStatus.ONLINE), before);

    assertThat(heard).containsExactly(PresenceStatus.BUSY);
  }

  @Test
  void of_a_status_that_flaps_the_first_change_is_told_at_once_and_the_last_a_second_later() {
    change(PresenceStatus.ONLINE, 1);
    for (int flip = 0; flip < 200; flip++) {
      change(flip % 2 == 0 ? PresenceStatus.BUSY : PresenceStatus.ONLINE, 2 + flip);
    }
    assertThat(heard).containsExactly(PresenceStatus.ONLINE, PresenceStatus.BUSY);
    assertThat(timer.waiting()).isOne();

    timer.pass(1000);
    assertThat(heard).endsWith(PresenceStatus.ONLINE).hasSize(3);
    assertThat(timer.waiting()).as("nothing waits once all is told").isZero();

    change(PresenceStatus.BUSY, 300);
    assertThat(heard).as("a second has not passed").hasSize(3);
    timer.pass(1000);
    assertThat(heard).endsWith(PresenceStatus.BUSY).hasSize(4);
    timer.pass(5000);
    change(PresenceStatus.ONLINE, 301);
    assertThat(heard).as("after a pause").endsWith(PresenceStatus.ONLINE).hasSize(5);
  }

  @Test
  void coming_and_going_are_told_at_once_whatever_flaps() {
    change(PresenceStatus.ONLINE, 1);
    change(PresenceStatus.BUSY, 2);
    change(PresenceStatus.ONLINE, 3);
    change(PresenceStatus.OFFLINE, 4);
    change(PresenceStatus.BUSY, 5);

    assertThat(heard)
        .containsExactly(
            PresenceStatus.ONLINE,
            PresenceStatus.BUSY,
            PresenceStatus.OFFLINE,
            PresenceStatus.BUSY);
    timer.pass(1000);
    assertThat(heard).as("all is told").hasSize(4);
  }

  @Test
  void a_status_that_flapped_back_is_told_again_for_who_asked_meanwhile() {
    change(PresenceStatus.ONLINE, 1);
    change(PresenceStatus.BUSY, 2);
    change(PresenceStatus.ONLINE, 3);
    change(PresenceStatus.BUSY, 4);
    timer.pass(1000);

    assertThat(heard)
        .containsExactly(PresenceStatus.ONLINE, PresenceStatus.BUSY, PresenceStatus.BUSY);
  }

  private record OneLane() implements Lanes {
    @Override
    public int count() {
      return 1;
    }

    @Override
    public void afterWrites(int lane, Runnable task) {
      // Nobody is connected: there is nothing to write.
    }
  }
}
