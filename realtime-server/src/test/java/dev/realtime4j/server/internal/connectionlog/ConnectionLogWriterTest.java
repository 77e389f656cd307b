package dev.realtime4j.server.internal.connectionlog;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.github.f4b6a3.uuid.UuidCreator;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.connectionlog.ConnectionLog;
import dev.realtime4j.api.connectionlog.ConnectionLogEntry;
import dev.realtime4j.server.internal.session.LifecycleDispatcher;
import dev.realtime4j.server.internal.session.SessionRegistry;
import dev.realtime4j.server.internal.session.SimulatedSocket;
import dev.realtime4j.server.internal.session.SimulatedSockets;
import dev.realtime4j.server.internal.session.call.MethodTable;
import dev.realtime4j.server.memory.InMemoryConnectionLog;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The queue in front of the connection log, and a database that goes away. */
class ConnectionLogWriterTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private static final ServerId SERVER = new ServerId("node-1");

  private final InMemoryConnectionLog rows = InMemoryConnectionLog.create();
  private final Logger logger = (Logger) LoggerFactory.getLogger(ConnectionLogWriter.class);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private Instant now = START;
  private boolean away;
  private int writes;
  private final ConnectionLogWriter writer =
      new ConnectionLogWriter(database(), Supplier::get, SERVER, () -> now, this::nextId);
  private final SessionRegistry registry = new SessionRegistry();
  private final SimulatedSockets sockets = sockets(writer);

  /** The rows, behind a database that can be unavailable. */
  private ConnectionLog database() {
    return (ConnectionLog)
        Proxy.newProxyInstance(
            ConnectionLog.class.getClassLoader(),
            new Class<?>[] {ConnectionLog.class},
            (proxy, method, arguments) -> {
              if (away) {
                throw RealtimeException.unavailable("the database is unavailable", null);
              }
              writes += method.getName().equals("write") ? 1 : 0;
              try {
                return method.invoke(rows, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private UUID nextId() {
    return UuidCreator.getTimeOrderedEpoch();
  }

  @BeforeEach
  void listen() {
    logged.start();
    logger.addAppender(logged);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(logged);
  }

  private static UserId newUser() {
    return new UserId(UUID.randomUUID());
  }

  private ConnectionLogEntry only(UserId user) {
    List<ConnectionLogEntry> found = rows.connections(user, PageRequest.first(2)).items();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  private List<String> messages() {
    return logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void an_outage_of_a_minute_at_a_hundred_connects_a_second_loses_nothing() {
    UserId before = newUser();
    SimulatedSocket old = sockets.connect(before);
    writer.flush();
    away = true;
    List<UserId> during = new ArrayList<>();
    for (int second = 0; second < 60; second++) {
      for (int i = 0; i < 100; i++) {
        UserId user = newUser();
        during.add(user);
        SimulatedSocket socket = sockets.connect(user);
        if (i % 2 == 0) {
          pass(Duration.ofMillis(5));
          socket.close(1000);
        }
      }
      pass(Duration.ofMillis(750));
      writer.flush();
    }
    old.close(1006);
    assertThat(rows.connections(during.get(0), PageRequest.first(1)).items()).isEmpty();
    writes = 0;

    away = false;
    writer.flush();

    assertThat(writer.dropped()).isZero();
    assertThat(writer.waiting()).isZero();
    assertThat(writes).as("in batches").isLessThan(20);
    for (int i = 0; i < during.size(); i++) {
      ConnectionLogEntry entry = only(during.get(i));
      assertThat(entry.connectedAt()).isBetween(START, START.plusSeconds(60));
      assertThat(entry.closeCode()).isEqualTo(i % 2 == 0 ? 1000 : null);
      if (i % 2 == 0) {
        assertThat(entry.disconnectedAt()).isEqualTo(entry.connectedAt().plusMillis(5));
      }
    }
    assertThat(only(before).closeCode()).isEqualTo(1006);
    assertThat(messages())
        .containsExactly(
            "The connection log cannot be written now: the database is unavailable",
            "The connection log is written again; 0 entries were dropped so far");
  }

  @Test
  void what_was_closed_for_a_node_that_lives_is_opened_again_unless_it_has_ended() {
    UserId there = newUser();
    UserId gone = newUser();
    sockets.connect(there);
    SimulatedSocket ended = sockets.connect(gone);
    writer.flush();
    rows.closeServer(SERVER, now);
    ended.close(1000);

    writer.writeAgain(registry.all());
    writer.flush();

    assertThat(rows.connections(there, PageRequest.first(10)).items())
        .singleElement()
        .matches(entry -> entry.disconnectedAt() == null && entry.closeReason() == null);
    assertThat(rows.connections(gone, PageRequest.first(10)).items())
        .singleElement()
        .matches(entry -> Integer.valueOf(1000).equals(entry.closeCode()));
  }

  /** A writer that holds as few entries as this. */
  private ConnectionLogWriter small(int bound) {
    return new ConnectionLogWriter(
        database(), Supplier::get, SERVER, () -> now, this::nextId, bound);
  }

  private SimulatedSockets sockets(ConnectionLogWriter of) {
    return new SimulatedSockets(
        SERVER,
        () -> now,
        new MethodTable(),
        registry,
        new LifecycleDispatcher(List.of(of), Runnable::run, System::nanoTime));
  }

  @Test
  void beyond_the_bound_the_oldest_are_dropped_and_it_says_how_many() {
    ConnectionLogWriter small = small(1_000);
    SimulatedSockets sockets = sockets(small);
    away = true;
    UserId oldest = newUser();
    sockets.connect(oldest);
    for (int i = 0; i < 1_002; i++) {
      sockets.connect(newUser());
    }
    UserId newest = newUser();
    sockets.connect(newest);
    small.flush();
    assertThat(small.dropped()).isEqualTo(4);

    away = false;
    small.flush();

    assertThat(rows.connections(oldest, PageRequest.first(1)).items()).isEmpty();
    only(newest);
    assertThat(messages())
        .containsExactly(
            "The connection log is behind by 1000 entries; the oldest are dropped",
            "The connection log cannot be written now: the database is unavailable",
            "The connection log is written again; 4 entries were dropped so far");
  }

  @Test
  void a_connection_whose_opening_was_dropped_is_logged_whole_when_it_closes() {
    ConnectionLogWriter small = small(1_000);
    SimulatedSockets sockets = sockets(small);
    away = true;
    UserId user = newUser();
    SimulatedSocket socket = sockets.connect(user);
    for (int i = 0; i < 1_000; i++) {
      sockets.connect(newUser());
    }
    pass(Duration.ofMinutes(3));
    socket.close(1000);
    away = false;
    small.flush();

    assertThat(only(user).connectedAt()).isEqualTo(START);
    assertThat(only(user).disconnectedAt()).isEqualTo(START.plusSeconds(180));
  }

  @Test
  void what_a_node_of_the_same_name_left_open_is_closed_first_also_when_that_takes_a_while() {
    UserId user = newUser();
    sockets.connect(user);
    writer.flush();
    ConnectionLogWriter successor = small(1_000);
    pass(Duration.ofSeconds(30));
    successor.closePreviousAt(START.plusSeconds(10));
    UserId later = newUser();
    sockets(successor).connect(later);
    away = true;
    successor.flush();
    away = false;
    successor.flush();

    assertThat(only(user).closeReason()).isEqualTo(ConnectionLogEntry.SERVER_LOST);
    assertThat(only(user).disconnectedAt()).isEqualTo(START.plusSeconds(10));
    assertThat(only(later).disconnectedAt()).isNull();
  }
}
