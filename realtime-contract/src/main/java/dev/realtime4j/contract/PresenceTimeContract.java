package dev.realtime4j.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.cluster.ClusterBus;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceChange;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.api.presence.PresenceStore;
import dev.realtime4j.api.presence.PresenceStore.LocalUser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The laws of {@link PresenceStore} on time: what is prolonged, what runs out, what is reaped. */
abstract class PresenceTimeContract extends ClusterContract {
  final ServerId here = newServer();
  final ServerId there = newServer();
  final RecordingListener watcher = new RecordingListener();
  final UserId user = newUser();
  final SocketId phone = newSocket();
  final SocketId laptop = newSocket();
  PresenceStore store;
  ClusterBus bus;

  @BeforeEach
  final void watchTheUser() {
    store = cluster().presence();
    bus = startedBus(watcher);
    subscribe(bus, PresenceChange.channel(user));
  }

  @Test
  void aUserStaysPresentUntilTheGraceTimeAfterTheLastCleanClose() {
    store.connected(user, here, phone, LONG);

    Presence left = store.disconnected(user, here, phone, SHORT);

    assertThat(left.status()).isEqualTo(PresenceStatus.ONLINE);
    assertThat(store.socketCount(user)).isZero();
    awaitUntil(() -> status() == PresenceStatus.OFFLINE);
    awaitUntil(() -> store.reap(10) == 1);
    watcher.awaitChanges(user, 2);
    assertThat(statuses()).containsExactly("ONLINE", "OFFLINE");
  }

  @Test
  void aGraceTimeThatHasNotPassedIsNotReaped() {
    store.connected(user, here, phone, LONG);
    store.disconnected(user, here, phone, LONG);

    assertThat(store.reap(10)).isZero();
    assertThat(status()).isEqualTo(PresenceStatus.ONLINE);
  }

  @Test
  void withoutGraceTheUserLeavesAtTheNextReap() {
    store.connected(user, here, phone, LONG);
    store.disconnected(user, here, phone, Duration.ZERO);

    assertThat(store.reap(10)).isEqualTo(1);

    watcher.awaitChanges(user, 2);
    assertThat(statuses()).containsExactly("ONLINE", "OFFLINE");
    assertThat(store.get(List.of(user))).containsEntry(user, Presence.offline(user, null));
  }

  @Test
  void comingBackWithinTheGraceTimeIsNotAnnounced() {
    store.connected(user, here, phone, LONG);
    store.disconnected(user, here, phone, LONG);
    store.connected(user, there, laptop, LONG);

    assertThat(store.reap(10)).isZero();
    assertThat(statusesUpToASetBusy()).containsExactly("ONLINE", "BUSY");
  }

  /** Who asked meanwhile was answered OFFLINE: they have to hear that it is over. */
  @Test
  void comingBackBeforeTheReaperIsPublishedAgainAndNeverAsOffline() {
    store.connected(user, here, phone, LONG);
    store.disconnected(user, here, phone, Duration.ZERO);
    assertThat(status()).isEqualTo(PresenceStatus.OFFLINE);
    store.connected(user, there, laptop, LONG);

    assertThat(store.reap(10)).isZero();
    assertThat(statusesUpToASetBusy()).containsExactly("ONLINE", "ONLINE", "BUSY");
  }

  @Test
  void aRefreshThatComesTooLateIsPublishedAgainAndNeverAsOffline() {
    store.connected(user, here, phone, SHORT);
    awaitUntil(() -> status() == PresenceStatus.OFFLINE);
    store.refresh(here, Map.of(user, LocalUser.with(phone)), LONG);

    assertThat(store.reap(10)).isZero();
    assertThat(statusesUpToASetBusy()).containsExactly("ONLINE", "ONLINE", "BUSY");
  }

  @Test
  void theGraceTimeHoldsThoughWhatIsLeftIsADeadNodesSocket() {
    store.connected(user, there, laptop, SHORT);
    store.connected(user, here, phone, LONG);
    store.disconnected(user, here, phone, LONG);

    awaitUntil(() -> store.socketCount(user) == 0);
    assertThat(store.reap(10)).isZero();
    assertThat(status()).isEqualTo(PresenceStatus.ONLINE);
  }

  @Test
  void aDeadNodesSocketThatIsLeftIsFoundWhenItRunsOut() {
    store.connected(user, there, laptop, SHORT);
    store.connected(user, here, phone, LONG);
    store.disconnected(user, here, phone, Duration.ZERO);

    awaitUntil(() -> store.reap(10) == 1);
  }

  /** However their last words overtake each other: nobody stays until the TTL has passed. */
  @Test
  void whoLeavesTwoNodesAtOnceIsGoneAfterTheGraceTime() {
    int many = 200;
    ExecutorService nodes = Executors.newFixedThreadPool(2);
    for (int i = 0; i < many; i++) {
      UserId each = newUser();
      store.connected(each, here, phone, LONG);
      store.connected(each, there, laptop, LONG);
      CompletableFuture.allOf(
              CompletableFuture.runAsync(() -> store.disconnected(each, here, phone, SHORT), nodes),
              CompletableFuture.runAsync(
                  () -> store.disconnected(each, there, laptop, SHORT), nodes))
          .join();
    }
    nodes.shutdown();

    AtomicInteger announced = new AtomicInteger();
    awaitUntil(() -> announced.addAndGet(store.reap(many)) == many);
  }

  @Test
  void whatIsNotRefreshedGoesAwayByItself() {
    store.connected(user, here, phone, SHORT);

    awaitUntil(() -> status() == PresenceStatus.OFFLINE);
    assertThat(store.socketCount(user)).isZero();
    awaitUntil(() -> store.reap(10) == 1);
    watcher.awaitChanges(user, 2);
    assertThat(statuses()).containsExactly("ONLINE", "OFFLINE");
  }

  @Test
  void refreshProlongs() {
    store.connected(user, here, phone, SHORT);
    store.refresh(here, Map.of(user, LocalUser.with(phone)), LONG);

    letPass(SHORT.multipliedBy(2));
    assertThat(status()).isEqualTo(PresenceStatus.ONLINE);
    assertThat(store.socketCount(user)).isEqualTo(1);
    assertThat(store.reap(10)).isZero();
  }

  @Test
  void refreshProlongsTheSocketsOfItsOwnNodeOnly() {
    store.connected(user, there, laptop, SHORT);
    store.connected(user, here, phone, LONG);
    store.refresh(here, Map.of(user, LocalUser.with(phone)), LONG);

    awaitUntil(() -> store.socketCount(user) == 1);
    assertThat(status()).isEqualTo(PresenceStatus.ONLINE);
  }

  @Test
  void refreshWritesASocketAgainThatTheStoreLost() {
    store.refresh(here, Map.of(user, LocalUser.with(phone, laptop)), LONG);

    assertThat(status()).isEqualTo(PresenceStatus.ONLINE);
    assertThat(store.socketCount(user)).isEqualTo(2);
    assertThat(statusesUpToASetBusy()).containsExactly("ONLINE", "BUSY");
  }

  @Test
  void refreshTakesManyUsersAtOnce() {
    List<UserId> users = Stream.generate(ClusterContract::newUser).limit(1_200).toList();
    Map<UserId, LocalUser> sockets =
        users.stream().collect(Collectors.toMap(each -> each, each -> LocalUser.with(newSocket())));

    store.refresh(here, sockets, LONG);

    assertThat(store.get(users).values())
        .hasSize(1_200)
        .allMatch(presence -> presence.status() == PresenceStatus.ONLINE);
  }

  @Test
  void eachGoingOfflineIsPublishedOnceHoweverManyNodesReap() {
    List<UserId> users = Stream.generate(ClusterContract::newUser).limit(40).toList();
    for (UserId each : users) {
      subscribe(bus, PresenceChange.channel(each));
      SocketId socket = newSocket();
      store.connected(each, here, socket, LONG);
      store.disconnected(each, here, socket, Duration.ZERO);
    }
    ExecutorService nodes = Executors.newFixedThreadPool(4);
    List<CompletableFuture<Integer>> reaped = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      reaped.add(CompletableFuture.supplyAsync(() -> store.reap(100), nodes));
    }
    int announced = reaped.stream().mapToInt(CompletableFuture::join).sum();
    nodes.shutdown();

    assertThat(announced).isEqualTo(40);
    assertThat(store.reap(100)).isZero();
    for (UserId each : users) {
      watcher.awaitChanges(each, 2);
      assertThat(statuses(each)).containsExactly("ONLINE", "OFFLINE");
    }
  }

  @Test
  void reapWithoutALimitToAnnounceAnnouncesNobody() {
    store.connected(user, here, phone, LONG);
    store.disconnected(user, here, phone, Duration.ZERO);

    assertThat(store.reap(0)).isZero();
    assertThat(store.reap(1)).isEqualTo(1);
  }

  @Test
  void reapAnnouncesNoMoreThanItsLimit() {
    for (int i = 0; i < 5; i++) {
      UserId each = newUser();
      SocketId socket = newSocket();
      store.connected(each, here, socket, LONG);
      store.disconnected(each, here, socket, Duration.ZERO);
    }

    assertThat(store.reap(2)).isEqualTo(2);
    assertThat(store.reap(2)).isEqualTo(2);
    assertThat(store.reap(2)).isEqualTo(1);
    assertThat(store.reap(2)).isZero();
  }

  PresenceStatus status() {
    return store.get(List.of(user)).get(user).status();
  }

  List<String> statuses() {
    return statuses(user);
  }

  List<String> statuses(UserId of) {
    return watcher.changes(of).stream().map(change -> change.presence().status().name()).toList();
  }

  /** Changes arrive in order: when this one is there, nothing before it is still to come. */
  List<String> statusesUpToASetBusy() {
    store.setStatus(user, PresenceStatus.BUSY);
    awaitUntil(() -> statuses().contains("BUSY"));
    return statuses();
  }
}
