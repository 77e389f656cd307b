package dev.realtime4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceChange;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.api.presence.PresenceStore;
import dev.realtime4j.api.presence.PresenceStore.LocalUser;
import dev.realtime4j.api.presence.StatusOverride;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The laws of {@link PresenceStore}: who is present, how, and what is published of it. */
public abstract class PresenceStoreContract extends PresenceTimeContract {
  @Test
  void aUserIsPresentAsLongAsOneOfHisSocketsIs() {
    assertThat(store.connected(user, here, phone, LONG).presence().status())
        .isEqualTo(PresenceStatus.ONLINE);
    store.connected(user, there, laptop, LONG);

    Presence left = store.disconnected(user, here, phone, Duration.ZERO);

    assertThat(left.status()).isEqualTo(PresenceStatus.ONLINE);
    assertThat(status()).isEqualTo(PresenceStatus.ONLINE);
    assertThat(store.reap(10)).isZero();
    assertThat(statusesUpToASetBusy()).containsExactly("ONLINE", "BUSY");
  }

  @Test
  void connectingIsPublishedOnceHoweverManySocketsConnect() {
    store.connected(user, here, phone, LONG);
    store.connected(user, here, phone, LONG);
    store.connected(user, there, laptop, LONG);

    assertThat(statusesUpToASetBusy()).containsExactly("ONLINE", "BUSY");
  }

  @Test
  void severalSocketsMayOpenTogether() {
    UserId other = newUser();
    Map<SocketId, UserId> sockets = new LinkedHashMap<>();
    sockets.put(phone, user);
    sockets.put(laptop, other);
    SocketId tablet = newSocket();
    sockets.put(tablet, user);

    Map<SocketId, PresenceStore.Opened> opened = store.connectedAll(here, sockets, LONG);

    assertThat(opened).containsOnlyKeys(phone, laptop, tablet);
    assertThat(opened.get(phone).sockets()).isEqualTo(1);
    assertThat(opened.get(tablet).sockets()).isEqualTo(2);
    assertThat(opened.get(laptop).presence().userId()).isEqualTo(other);
    assertThat(store.get(List.of(user, other)).values())
        .allSatisfy(one -> assertThat(one.status()).isEqualTo(PresenceStatus.ONLINE));
    assertThat(statusesUpToASetBusy()).containsExactly("ONLINE", "BUSY");
  }

  @Test
  void busySurvivesAReconnectWithinTheGraceTime() {
    store.connected(user, here, phone, LONG);
    StatusOverride chosen = store.setStatus(user, PresenceStatus.BUSY).choice();
    store.disconnected(user, here, phone, LONG);

    PresenceStore.Opened back = store.connected(user, there, laptop, LONG);

    assertThat(back.presence().status()).isEqualTo(PresenceStatus.BUSY);
    assertThat(back.choice()).isEqualTo(chosen);
    assertThat(status()).isEqualTo(PresenceStatus.BUSY);
  }

  @Test
  void busyEndsWithThePresence() {
    store.connected(user, here, phone, LONG);
    store.setStatus(user, PresenceStatus.BUSY);
    store.disconnected(user, here, phone, Duration.ZERO);

    Presence back = store.connected(user, there, laptop, LONG).presence();

    assertThat(back.status()).isEqualTo(PresenceStatus.ONLINE);
    watcher.awaitChanges(user, 3);
    assertThat(statuses()).containsExactly("ONLINE", "BUSY", "ONLINE");
  }

  @Test
  void theLastSetStatusWinsWhateverTheSocket() {
    store.connected(user, here, phone, LONG);
    store.connected(user, there, laptop, LONG);
    store.setStatus(user, PresenceStatus.BUSY);
    store.connected(user, here, newSocket(), LONG);
    store.disconnected(user, there, laptop, LONG);
    store.refresh(here, Map.of(user, LocalUser.with(phone)), LONG);

    assertThat(status()).isEqualTo(PresenceStatus.BUSY);
    assertThat(store.setStatus(user, PresenceStatus.ONLINE).presence().status())
        .isEqualTo(PresenceStatus.ONLINE);
    assertThat(status()).isEqualTo(PresenceStatus.ONLINE);
  }

  @Test
  void settingTheSameStatusAgainIsNotPublished() {
    store.connected(user, here, phone, LONG);
    store.setStatus(user, PresenceStatus.ONLINE);

    assertThat(statusesUpToASetBusy()).containsExactly("ONLINE", "BUSY");
  }

  @Test
  void setStatusOfAUserWithoutASocketChangesNothing() {
    assertThat(store.setStatus(user, PresenceStatus.BUSY).presence().status())
        .isEqualTo(PresenceStatus.OFFLINE);
    assertThat(status()).isEqualTo(PresenceStatus.OFFLINE);

    store.connected(user, here, phone, LONG);
    store.disconnected(user, here, phone, LONG);
    assertThat(store.setStatus(user, PresenceStatus.BUSY).presence().status())
        .isEqualTo(PresenceStatus.OFFLINE);
    assertThat(status()).isEqualTo(PresenceStatus.ONLINE);
  }

  @Test
  void setStatusAnswersAChoiceThatIsLaterThanTheOneBefore() {
    assertThat(store.setStatus(user, PresenceStatus.BUSY).choice()).isEqualTo(StatusOverride.NONE);
    store.connected(user, here, phone, LONG);
    StatusOverride first = store.setStatus(user, PresenceStatus.BUSY).choice();
    StatusOverride second = store.setStatus(user, PresenceStatus.ONLINE).choice();

    assertThat(first.status()).isEqualTo(PresenceStatus.BUSY);
    assertThat(second.status()).isEqualTo(PresenceStatus.ONLINE);
    assertThat(second.version()).isGreaterThan(first.version()).isGreaterThan(0);
    assertThat(store.refresh(here, Map.of(user, new LocalUser(List.of(phone), first)), LONG))
        .containsEntry(user, second);
    assertThat(status()).isEqualTo(PresenceStatus.ONLINE);
  }

  @Test
  void refreshWritesAChoiceAgainThatTheStoreLost() {
    StatusOverride known = new StatusOverride(PresenceStatus.BUSY, 1_700_000_000_000_000L);

    assertThat(store.refresh(here, Map.of(user, new LocalUser(List.of(phone), known)), LONG))
        .containsEntry(user, known);

    assertThat(status()).isEqualTo(PresenceStatus.BUSY);
    watcher.awaitChanges(user, 1);
    assertThat(statuses()).containsExactly("BUSY");
  }

  @Test
  void ofTheChoicesThatTwoNodesKnowTheLaterOneCountsWhoeverWritesFirst() {
    StatusOverride earlier = new StatusOverride(PresenceStatus.BUSY, 1_700_000_000_000_000L);
    StatusOverride later = new StatusOverride(PresenceStatus.ONLINE, 1_700_000_000_000_001L);

    store.refresh(here, Map.of(user, new LocalUser(List.of(phone), earlier)), LONG);
    store.refresh(there, Map.of(user, new LocalUser(List.of(laptop), later)), LONG);
    assertThat(status()).isEqualTo(PresenceStatus.ONLINE);
    store.refresh(here, Map.of(user, new LocalUser(List.of(phone), earlier)), LONG);

    assertThat(status()).isEqualTo(PresenceStatus.ONLINE);
  }

  @Test
  void getAnswersOneEntryForEachUserAndNoTimeForAStranger() {
    store.connected(user, here, phone, LONG);
    UserId stranger = newUser();

    Map<UserId, Presence> answer = store.get(List.of(user, stranger, user));

    assertThat(answer).containsOnlyKeys(user, stranger);
    assertThat(answer).containsEntry(stranger, Presence.offline(stranger, null));
    assertThat(answer.get(user).lastSeen()).isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
    assertThat(store.get(List.of())).isEmpty();
  }

  @Test
  void socketsAreCountedOverAllNodes() {
    assertThat(store.socketCount(user)).isZero();
    assertThat(store.connected(user, here, phone, LONG).sockets()).isEqualTo(1);
    assertThat(store.connected(user, there, laptop, LONG).sockets()).isEqualTo(2);
    assertThat(store.connected(user, there, laptop, LONG).sockets()).isEqualTo(2);

    assertThat(store.socketCount(user)).isEqualTo(2);
  }

  @Test
  void socketsAreListedOverAllNodesInTheOrderOfTheirIds() {
    SocketId first = new SocketId("1-" + newSocket());
    SocketId second = new SocketId("2-" + newSocket());
    SocketId third = new SocketId("3-" + newSocket());
    store.connected(user, there, third, LONG);
    store.connected(user, here, first, LONG);
    store.connected(user, there, second, LONG);

    assertThat(store.sockets(user)).containsExactly(first, second, third);
    assertThat(store.sockets(newUser())).isEmpty();
  }

  @Test
  void disconnectingASocketTwiceChangesNothingMore() {
    store.connected(user, here, phone, LONG);
    store.disconnected(user, here, phone, LONG);

    Presence again = store.disconnected(user, here, phone, Duration.ZERO);

    assertThat(again.status()).isEqualTo(PresenceStatus.ONLINE);
    assertThat(status()).isEqualTo(PresenceStatus.ONLINE);
  }

  @Test
  void versionsGrowWithEveryChangeOfAUser() {
    store.connected(user, here, phone, LONG);
    store.setStatus(user, PresenceStatus.BUSY);
    store.setStatus(user, PresenceStatus.ONLINE);
    store.disconnected(user, here, phone, Duration.ZERO);
    store.reap(10);
    store.connected(user, here, laptop, LONG);

    watcher.awaitChanges(user, 5);
    assertThat(statuses()).containsExactly("ONLINE", "BUSY", "ONLINE", "OFFLINE", "ONLINE");
    assertThat(watcher.changes(user).stream().map(PresenceChange::version).toList())
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void aPublishedChangeIsAnEncodedPresenceChangeOfTheUser() {
    store.connected(user, here, phone, LONG);

    watcher.awaitChanges(user, 1);
    PresenceChange change = watcher.changes(user).get(0);
    assertThat(change.presence()).isEqualTo(store.get(List.of(user)).get(user));
    String encoded = new String(change.encoded(), StandardCharsets.UTF_8);
    assertThat(watcher.texts(PresenceChange.channel(user)))
        .singleElement()
        .isIn(encoded, "\n" + encoded);
  }
}
