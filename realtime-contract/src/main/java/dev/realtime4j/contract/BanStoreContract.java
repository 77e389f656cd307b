package dev.realtime4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.cluster.BanStore;
import dev.realtime4j.api.cluster.BanStore.Ban;
import dev.realtime4j.api.cluster.BanStore.Reach;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The laws of {@link BanStore}. */
public abstract class BanStoreContract extends ClusterContract {
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private final UserId user = newUser();
  private BanStore bans;

  @BeforeEach
  final void openBans() {
    bans = cluster().bans();
  }

  private Ban ban(UserId who, Duration time, Reach reach) {
    Ban ban = new Ban(who, now.plus(time), reach);
    bans.add(ban);
    return ban;
  }

  @Test
  void aBanIsAnsweredAsItWasGiven() {
    Ban one = ban(user, LONG, Reach.ALL_SOCKETS);
    Ban another = ban(newUser(), LONG.multipliedBy(2), Reach.NEW_SOCKETS);

    assertThat(bans.active(now)).containsExactlyInAnyOrder(one, another);
  }

  @Test
  void aBanIsAnsweredUntilItsEndAndNotAtIt() {
    Ban one = ban(user, LONG, Reach.ALL_SOCKETS);

    assertThat(bans.active(one.until().minusMillis(1))).containsExactly(one);
    assertThat(bans.active(one.until())).isEmpty();
  }

  @Test
  void theLatestEndCountsWhateverTheOrder() {
    ban(user, LONG, Reach.ALL_SOCKETS);
    Ban latest = ban(user, LONG.multipliedBy(3), Reach.ALL_SOCKETS);
    ban(user, LONG.multipliedBy(2), Reach.ALL_SOCKETS);
    bans.add(latest);

    assertThat(bans.active(now)).containsExactly(latest);
  }

  @Test
  void theReachesOfOneUserAreKeptApart() {
    Ban all = ban(user, LONG, Reach.ALL_SOCKETS);
    Ban newcomers = ban(user, LONG.multipliedBy(2), Reach.NEW_SOCKETS);

    assertThat(bans.active(now)).containsExactlyInAnyOrder(all, newcomers);
  }

  @Test
  void endedBansAreForgottenWithoutHarmToOthers() {
    ban(user, LONG.negated(), Reach.ALL_SOCKETS);
    Ban lasting = ban(newUser(), LONG, Reach.ALL_SOCKETS);

    assertThat(bans.active(now)).containsExactly(lasting);
  }

  @Test
  void manyBansAreAnsweredCompletely() {
    List<Ban> given = new ArrayList<>();
    for (int i = 0; i < 2_001; i++) {
      given.add(ban(newUser(), LONG, Reach.NEW_SOCKETS));
    }

    assertThat(bans.active(now)).containsExactlyInAnyOrderElementsOf(given);
  }

  @Test
  void theLatestDisconnectOfAUserIsAnsweredWhateverTheOrder() {
    UserId another = newUser();
    bans.addDisconnects(Map.of(user, now.minus(LONG), another, now));
    bans.addDisconnects(Map.of(user, now));
    bans.addDisconnects(Map.of(user, now.minus(LONG)));
    bans.addDisconnects(Map.of());

    assertThat(bans.disconnects(now.minus(LONG)))
        .containsOnly(entry(user, now), entry(another, now));
  }

  @Test
  void aDisconnectIsAnsweredFromItsTimeOnAndForgottenAfterwards() {
    bans.addDisconnects(Map.of(user, now));

    assertThat(bans.disconnects(now)).containsOnly(entry(user, now));
    assertThat(bans.disconnects(now.plusMillis(1))).isEmpty();
    assertThat(bans.disconnects(now)).isEmpty();
  }

  @Test
  void disconnectsAndBansAreKeptApart() {
    Ban ban = ban(user, LONG, Reach.ALL_SOCKETS);
    bans.addDisconnects(Map.of(user, now));

    assertThat(bans.active(now)).containsExactly(ban);
    assertThat(bans.disconnects(now)).containsOnly(entry(user, now));
  }

  @Test
  void manyDisconnectsAreAnsweredCompletely() {
    Map<UserId, Instant> given = new HashMap<>();
    for (int i = 0; i < 2_001; i++) {
      given.put(newUser(), now.plusMillis(i));
    }

    bans.addDisconnects(given);

    assertThat(bans.disconnects(now)).isEqualTo(given);
  }
}
