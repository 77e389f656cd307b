package dev.realtime4j.contract;

import static dev.realtime4j.contract.ContractIds.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.StoreDiagnostics;
import dev.realtime4j.api.StoreMaintenance;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.connectionlog.ConnectionLog;
import dev.realtime4j.api.connectionlog.ConnectionLogEntry;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * The laws of {@link ConnectionLog}. Extend it with your store. Every test uses users and servers
 * of its own, so that the store may be shared by all.
 */
public abstract class ConnectionLogContract {
  /** Some time ago, so that connections of all tests lie in the past. */
  private final Instant start =
      Instant.now().minus(Duration.ofHours(2)).truncatedTo(ChronoUnit.MICROS);

  private final ServerId server = new ServerId("node-" + UUID.randomUUID());

  /** The store to test; may be the same for each test. */
  protected abstract ConnectionLog log();

  private ConnectionLogEntry opened(UserId user, Instant at) {
    return opened(user, at, "203.0.113.7", "browser/1.0");
  }

  private ConnectionLogEntry opened(UserId user, Instant at, String address, String agent) {
    try {
      return new ConnectionLogEntry(
          ContractIds.at(at),
          user,
          server,
          new SocketId(UUID.randomUUID().toString()),
          InetAddress.getByName(address),
          agent,
          at,
          null,
          null,
          null);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<ConnectionLogEntry> of(UserId user) {
    return log().connections(user, PageRequest.first(100)).items();
  }

  @Test
  void an_open_connection_is_written_and_then_completed() {
    UserId user = user();
    ConnectionLogEntry open = opened(user, start);
    log().write(List.of(open));
    assertThat(of(user)).containsExactly(open);

    ConnectionLogEntry closed = open.closed(start.plusSeconds(60), 1000, "bye");
    log().write(List.of(closed));
    assertThat(of(user)).containsExactly(closed);
  }

  @Test
  void a_connection_that_closed_before_it_was_written_is_inserted_whole() {
    UserId user = user();
    ConnectionLogEntry closed = opened(user, start).closed(start.plusSeconds(1), 4408, "silent");
    log().write(List.of(closed));
    assertThat(of(user)).containsExactly(closed);
  }

  @Test
  void writing_again_changes_nothing_and_a_close_is_never_undone() {
    UserId user = user();
    ConnectionLogEntry open = opened(user, start);
    ConnectionLogEntry closed = open.closed(start.plusSeconds(5), 1000, "first");
    log().write(List.of(closed));
    log().write(List.of(closed));
    log().write(List.of(open));
    log().write(List.of(open.closed(start.plusSeconds(9), 4409, "second")));
    assertThat(of(user)).containsExactly(closed);
  }

  @Test
  void writing_none_is_fine() {
    log().write(List.of());
  }

  @Test
  void ipv6_addresses_and_missing_user_agents_come_back() {
    UserId user = user();
    ConnectionLogEntry six = opened(user, start, "2001:db8::1", "agent");
    ConnectionLogEntry none =
        new ConnectionLogEntry(
            ContractIds.at(start.plusSeconds(1)),
            user,
            server,
            new SocketId("none"),
            six.remoteAddress(),
            null,
            start.plusSeconds(1),
            null,
            null,
            null);
    log().write(List.of(six, none));
    assertThat(of(user)).containsExactly(none, six);
  }

  @Test
  void times_are_kept_to_the_microsecond() {
    UserId user = user();
    Instant nanos = start.plusNanos(789);
    log().write(List.of(opened(user, nanos).closed(nanos.plusSeconds(1), 1000, "bye")));
    assertThat(of(user).get(0).connectedAt()).isEqualTo(start);
    assertThat(of(user).get(0).disconnectedAt()).isEqualTo(start.plusSeconds(1));
  }

  @Test
  void the_open_connections_of_a_lost_server_are_closed() {
    UserId user = user();
    ConnectionLogEntry closed = opened(user, start).closed(start.plusSeconds(1), 1000, "bye");
    ConnectionLogEntry open = opened(user, start.plusSeconds(2));
    ConnectionLogEntry late = opened(user, start.plusSeconds(90));
    log().write(List.of(closed, open, late));
    Instant lastSeen = start.plusSeconds(30);

    assertThat(log().closeServer(server, lastSeen)).isEqualTo(2);
    assertThat(log().closeServer(server, lastSeen)).isZero();

    assertThat(of(user))
        .containsExactly(
            late.closed(late.connectedAt(), null, ConnectionLogEntry.SERVER_LOST),
            open.closed(lastSeen, null, ConnectionLogEntry.SERVER_LOST),
            closed);
  }

  @Test
  void the_connections_of_other_servers_stay_open() {
    UserId user = user();
    log().write(List.of(opened(user, start)));
    assertThat(log().closeServer(new ServerId("another"), start.plusSeconds(1))).isZero();
    assertThat(of(user).get(0).disconnectedAt()).isNull();
  }

  @Test
  void a_server_that_was_only_thought_lost_corrects_the_close() {
    UserId user = user();
    ConnectionLogEntry open = opened(user, start);
    log().write(List.of(open));
    log().closeServer(server, start.plusSeconds(3));
    ConnectionLogEntry closed = open.closed(start.plusSeconds(50), 1000, "bye");
    log().write(List.of(closed));
    assertThat(of(user)).containsExactly(closed);
  }

  @Test
  void a_server_that_was_only_thought_lost_opens_again_what_is_open() {
    UserId user = user();
    ConnectionLogEntry open = opened(user, start);
    ConnectionLogEntry ended = opened(user, start).closed(start.plusSeconds(1), 1000, "bye");
    log().write(List.of(open, ended));
    log().closeServer(server, start.plusSeconds(3));

    log().write(List.of(open));

    assertThat(of(user)).containsExactlyInAnyOrder(open, ended);
    assertThat(log().lastSeen(List.of(user))).containsEntry(user, start.plusSeconds(1));
  }

  @Test
  void a_users_connections_are_paged_newest_first() {
    UserId user = user();
    List<ConnectionLogEntry> written = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      written.add(0, opened(user, start.plusSeconds(i)));
    }
    log().write(written);
    log().write(List.of(opened(user(), start)));
    Page<ConnectionLogEntry> first = log().connections(user, PageRequest.first(3));
    Page<ConnectionLogEntry> second =
        log().connections(user, new PageRequest(3, first.nextCursor()));
    assertThat(first.items()).isEqualTo(written.subList(0, 3));
    assertThat(second.items()).isEqualTo(written.subList(3, 5));
    assertThat(second.nextCursor()).isNull();
  }

  @Test
  void a_cursor_that_is_none_is_refused() {
    assertThatThrownBy(() -> log().connections(user(), new PageRequest(3, "x")))
        .isInstanceOfSatisfying(
            RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
  }

  @Test
  void who_was_connected_at_a_time() {
    UserId user = user();
    ConnectionLogEntry before = opened(user, start).closed(start.plusSeconds(10), 1000, "bye");
    ConnectionLogEntry during =
        opened(user, start.plusSeconds(5)).closed(start.plusSeconds(60), 1000, "bye");
    ConnectionLogEntry open = opened(user, start.plusSeconds(20));
    ConnectionLogEntry later = opened(user, start.plusSeconds(40));
    log().write(List.of(before, during, open, later));
    assertThat(openAt(user, start.plusSeconds(30))).containsExactly(open, during);
    // Open from its first moment, and no more in its last.
    assertThat(openAt(user, start)).containsExactly(before);
    assertThat(openAt(user, start.plusSeconds(10))).containsExactly(during);
  }

  private List<ConnectionLogEntry> openAt(UserId user, Instant at) {
    List<ConnectionLogEntry> all = new ArrayList<>();
    String cursor = null;
    do {
      Page<ConnectionLogEntry> page = log().openAt(at, new PageRequest(2, cursor));
      all.addAll(page.items());
      cursor = page.nextCursor();
    } while (cursor != null);
    return all.stream().filter(entry -> entry.userId().equals(user)).toList();
  }

  @Test
  void last_seen_is_the_newest_close_or_the_newest_opening() {
    UserId gone = user();
    UserId here = user();
    UserId never = user();
    log()
        .write(
            List.of(
                opened(gone, start).closed(start.plusSeconds(50), 1000, "long"),
                opened(gone, start.plusSeconds(10)).closed(start.plusSeconds(20), 1000, "short"),
                opened(here, start).closed(start.plusSeconds(5), 1000, "bye"),
                opened(here, start.plusSeconds(30))));
    assertThat(log().lastSeen(List.of(gone, here, never)))
        .isEqualTo(Map.of(gone, start.plusSeconds(50), here, start.plusSeconds(30)));
    assertThat(log().lastSeen(List.of())).isEmpty();
  }

  @Test
  void last_seen_follows_a_close_that_was_guessed_and_then_corrected_to_an_earlier_one() {
    UserId user = user();
    ConnectionLogEntry open = opened(user, start);
    log().write(List.of(open));
    log().closeServer(server, start.plusSeconds(30));
    assertThat(log().lastSeen(List.of(user))).containsEntry(user, start.plusSeconds(30));

    log().write(List.of(open.closed(start.plusSeconds(20), 1000, "bye")));
    assertThat(log().lastSeen(List.of(user))).containsEntry(user, start.plusSeconds(20));
  }

  @Test
  void last_seen_of_as_many_users_as_a_call_may_name_is_answered_at_once() {
    List<UserId> users = new ArrayList<>();
    Map<UserId, Instant> seen = new HashMap<>();
    for (int i = 0; i < 200; i++) {
      UserId user = user();
      users.add(user);
      if (i % 2 == 0) {
        seen.put(user, start.plusSeconds(i));
      }
    }
    log().write(seen.keySet().stream().map(user -> opened(user, seen.get(user))).toList());
    assertThat(log().lastSeen(users)).isEqualTo(seen);
  }

  @Test
  void erasing_removes_the_user_and_nobody_else() {
    UserId user = user();
    UserId other = user();
    log().write(List.of(opened(user, start), opened(user, start), opened(other, start)));
    assertThat(log().erase(user)).isEqualTo(2);
    assertThat(log().erase(user)).isZero();
    assertThat(of(user)).isEmpty();
    assertThat(log().lastSeen(List.of(user, other))).containsOnlyKeys(other);
  }

  /** What is wrong with it. */
  @Nested
  class Diagnosing extends StoreDiagnosticsContract {
    private final UserId user = user();

    @BeforeEach
    void write() {
      log().write(List.of(opened(user, start)));
    }

    @Override
    protected StoreDiagnostics diagnostics() {
      return log();
    }

    @Override
    protected Object content() {
      return of(user);
    }
  }

  /** Its upkeep. */
  @Nested
  class Maintaining extends StoreMaintenanceContract {
    private final UserId user = user();

    @BeforeEach
    void write() {
      log().write(List.of(opened(user, start)));
    }

    @Override
    protected StoreMaintenance maintained() {
      return log();
    }

    @Override
    protected Object content() {
      return of(user);
    }
  }
}
