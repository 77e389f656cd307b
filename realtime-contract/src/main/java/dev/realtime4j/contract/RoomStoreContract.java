package dev.realtime4j.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.room.RoomMember;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.api.room.RoomStore;
import dev.realtime4j.api.room.RoomStore.JoinOutcome;
import dev.realtime4j.api.room.RoomStore.JoinResult;
import dev.realtime4j.api.room.RoomStore.LeaveOutcome;
import dev.realtime4j.api.room.RoomStore.LeaveResult;
import dev.realtime4j.api.room.RoomStore.Membership;
import dev.realtime4j.api.room.RoomStore.RoomSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The laws of {@link RoomStore}. */
public abstract class RoomStoreContract extends ClusterContract {
  private static final RoomName ROOM = RoomName.of("match:42");
  private static final RoomName OTHER = RoomName.of("lobby");

  private final ServerId here = newServer();
  private final ServerId there = newServer();
  private final UserId user = newUser();
  private final SocketId phone = newSocket();
  private final SocketId laptop = newSocket();
  private RoomStore store;

  @BeforeEach
  final void openRooms() {
    store = cluster().rooms();
  }

  @Test
  void theFirstSocketOfAUserJoinsAndTheOthersJoinAgain() {
    assertThat(join(user, here, phone)).isEqualTo(new JoinResult(JoinOutcome.JOINED, 1));
    assertThat(join(user, there, laptop)).isEqualTo(new JoinResult(JoinOutcome.JOINED_AGAIN, 1));
    assertThat(join(user, here, phone)).isEqualTo(new JoinResult(JoinOutcome.JOINED_AGAIN, 1));

    assertThat(store.memberCount(ROOM)).isEqualTo(1);
    assertThat(store.socketCount(ROOM)).isEqualTo(2);
  }

  @Test
  void aUserIsInTheRoomAsLongAsOneOfHisSocketsIs() {
    join(user, here, phone);
    join(user, there, laptop);

    assertThat(leave(user, here, phone)).isEqualTo(new LeaveResult(LeaveOutcome.STILL_IN, 1));
    assertThat(leave(user, there, laptop)).isEqualTo(new LeaveResult(LeaveOutcome.LEFT, 0));
    assertThat(store.memberCount(ROOM)).isZero();
    assertThat(store.socketCount(ROOM)).isZero();
  }

  @Test
  void leavingARoomThatTheSocketIsNotInChangesNothing() {
    join(user, here, phone);

    assertThat(leave(user, here, laptop)).isEqualTo(new LeaveResult(LeaveOutcome.NOT_IN, 1));
    assertThat(leave(newUser(), here, newSocket()))
        .isEqualTo(new LeaveResult(LeaveOutcome.NOT_IN, 1));
    assertThat(store.leave(OTHER, user, here, phone))
        .isEqualTo(new LeaveResult(LeaveOutcome.NOT_IN, 0));
  }

  @Test
  void leavingTwiceChangesNothingMore() {
    join(user, here, phone);
    leave(user, here, phone);

    assertThat(leave(user, here, phone)).isEqualTo(new LeaveResult(LeaveOutcome.NOT_IN, 0));
  }

  @Test
  void aFullRoomRefusesAnotherUserAndChangesNothing() {
    store.join(ROOM, user, here, phone, 1);
    UserId stranger = newUser();

    assertThat(store.join(ROOM, stranger, there, newSocket(), 1))
        .isEqualTo(new JoinResult(JoinOutcome.FULL, 1));

    assertThat(store.socketCount(ROOM)).isEqualTo(1);
    assertThat(store.removeServer(there)).isEmpty();
  }

  @Test
  void aUserWhoIsInMayEnterAFullRoomWithAnotherSocket() {
    store.join(ROOM, user, here, phone, 1);

    assertThat(store.join(ROOM, user, there, laptop, 1))
        .isEqualTo(new JoinResult(JoinOutcome.JOINED_AGAIN, 1));
  }

  @Test
  void sizeCheckAndEntryAreOneStep() {
    ExecutorService nodes = Executors.newFixedThreadPool(4);
    List<CompletableFuture<JoinOutcome>> joins = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      UserId each = newUser();
      joins.add(
          CompletableFuture.supplyAsync(
              () -> store.join(ROOM, each, here, newSocket(), 10).outcome(), nodes));
    }
    List<JoinOutcome> outcomes = joins.stream().map(CompletableFuture::join).toList();
    nodes.shutdown();

    assertThat(outcomes).filteredOn(outcome -> outcome == JoinOutcome.JOINED).hasSize(10);
    assertThat(store.memberCount(ROOM)).isEqualTo(10);
  }

  @Test
  void membersAreListedOnceInTheOrderOfTheirIds() {
    List<UserId> users =
        Stream.of("8fffffff", "00000001", "7fffffff", "f0000000", "0a000000")
            .map(first -> new UserId(UUID.fromString(first + "-0000-7000-8000-000000000001")))
            .toList();
    for (UserId each : users) {
      join(each, here, newSocket());
    }
    join(users.get(0), there, newSocket());

    Page<RoomMember> first = store.members(ROOM, PageRequest.first(2));
    Page<RoomMember> second = store.members(ROOM, new PageRequest(2, first.nextCursor()));
    Page<RoomMember> third = store.members(ROOM, new PageRequest(2, second.nextCursor()));

    List<UserId> sorted = users.stream().sorted().toList();
    assertThat(first.items()).extracting(RoomMember::userId).isEqualTo(sorted.subList(0, 2));
    assertThat(second.items()).extracting(RoomMember::userId).isEqualTo(sorted.subList(2, 4));
    assertThat(third.items()).extracting(RoomMember::userId).isEqualTo(sorted.subList(4, 5));
    assertThat(third.nextCursor()).isNull();
    assertThat(store.members(ROOM, PageRequest.first(5)).nextCursor()).isNull();
    assertThat(store.members(ROOM, PageRequest.first(5)).items())
        .contains(new RoomMember(users.get(0), 2), new RoomMember(users.get(1), 1));
  }

  @Test
  void anEmptyRoomHasAnEmptyPage() {
    assertThat(store.members(ROOM, PageRequest.first(20))).isEqualTo(new Page<>(List.of(), null));
  }

  @Test
  void anUnreadableCursorIsABadRequest() {
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> store.members(ROOM, new PageRequest(2, "[no cursor")))
        .isInstanceOf(dev.realtime4j.api.RealtimeException.class)
        .extracting("code")
        .isEqualTo(dev.realtime4j.api.ErrorCode.BAD_REQUEST);
  }

  @Test
  void removeServerRemovesEverythingOfTheNodeAndNamesTheMembershipsThatEnded() {
    UserId onBoth = newUser();
    join(user, here, phone);
    store.join(OTHER, user, here, phone, 10);
    join(onBoth, here, newSocket());
    join(onBoth, there, newSocket());

    assertThat(store.removeServer(here))
        .containsExactlyInAnyOrder(new Membership(ROOM, user), new Membership(OTHER, user));

    assertThat(store.memberCount(ROOM)).isEqualTo(1);
    assertThat(store.socketCount(ROOM)).isEqualTo(1);
    assertThat(store.memberCount(OTHER)).isZero();
    assertThat(store.removeServer(here)).isEmpty();
  }

  @Test
  void restoreWritesEverySeatAgainWhateverTheSizeOfTheRoom() {
    store.join(ROOM, newUser(), there, newSocket(), 1);
    List<RoomSocket> sockets =
        Stream.generate(() -> new RoomSocket(ROOM, newUser(), newSocket())).limit(600).toList();
    store.restore(here, sockets);
    store.restore(here, sockets);
    store.restore(here, List.of(new RoomSocket(OTHER, user, phone)));
    store.restore(here, List.of());

    assertThat(store.memberCount(ROOM)).isEqualTo(601);
    assertThat(store.socketCount(ROOM)).isEqualTo(601);
    assertThat(store.memberCount(OTHER)).isEqualTo(1);
    assertThat(store.removeServer(here)).hasSize(601);
    assertThat(store.memberCount(ROOM)).isEqualTo(1);
  }

  @Test
  void removeServerFindsRoomsThatWereLeftAndJoinedAgain() {
    join(user, here, phone);
    leave(user, here, phone);
    join(user, here, laptop);

    assertThat(store.removeServer(here)).containsExactly(new Membership(ROOM, user));
  }

  @Test
  void removeServerClearsALargeRoom() {
    for (int i = 0; i < 1_200; i++) {
      store.join(ROOM, newUser(), here, newSocket(), 2_000);
    }

    assertThat(store.removeServer(here)).hasSize(1_200);
    assertThat(store.memberCount(ROOM)).isZero();
  }

  private JoinResult join(UserId who, ServerId server, SocketId socket) {
    return store.join(ROOM, who, server, socket, 100);
  }

  private LeaveResult leave(UserId who, ServerId server, SocketId socket) {
    return store.leave(ROOM, who, server, socket);
  }
}
