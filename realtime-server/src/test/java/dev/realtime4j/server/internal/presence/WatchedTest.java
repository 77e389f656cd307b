package dev.realtime4j.server.internal.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceChange;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.server.internal.session.Lanes;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What watchers hear of one user, whatever order and repetition the bus brings. */
final class WatchedTest {
  private final UserId user = new UserId(UUID.randomUUID());
  private final List<PresenceStatus> heard = new ArrayList<>();
  private final Watched watched = new Watched(user, new OneLane());

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
