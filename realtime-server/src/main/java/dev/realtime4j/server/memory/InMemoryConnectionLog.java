package dev.realtime4j.server.memory;

import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.Uuids;
import dev.realtime4j.api.connectionlog.ConnectionLog;
import dev.realtime4j.api.connectionlog.ConnectionLogEntry;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The connection log in the memory of this process: for tests and demos. It is gone with the
 * process, and nothing but memory bounds it.
 *
 * <p>Thread safety: every method may be called by any thread; one lock guards everything.
 * Lifecycle: nothing to close.
 */
public final class InMemoryConnectionLog implements ConnectionLog {
  private final NavigableMap<UUID, ConnectionLogEntry> entries = new TreeMap<>(byBytes());

  /** The same, so that a question about one user looks at that one's only. */
  private final Map<UserId, NavigableMap<UUID, ConnectionLogEntry>> byUser = new HashMap<>();

  private InMemoryConnectionLog() {}

  /** An empty one. */
  public static InMemoryConnectionLog create() {
    return new InMemoryConnectionLog();
  }

  /**
   * An empty one.
   *
   * @param clock not asked at present: every time comes with an entry
   */
  public static InMemoryConnectionLog create(InstantSource clock) {
    Objects.requireNonNull(clock, "clock");
    return new InMemoryConnectionLog();
  }

  /** By the bytes of the id; the order of {@code UUID} itself is signed. */
  private static Comparator<UUID> byBytes() {
    return (a, b) -> {
      int high = Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
      return high != 0
          ? high
          : Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits());
    };
  }

  private void put(ConnectionLogEntry entry) {
    entries.put(entry.id(), entry);
    byUser.computeIfAbsent(entry.userId(), user -> new TreeMap<>(byBytes())).put(entry.id(), entry);
  }

  @Override
  public synchronized void write(List<ConnectionLogEntry> written) {
    for (ConnectionLogEntry entry : written) {
      ConnectionLogEntry before = entries.get(entry.id());
      if (before == null) {
        put(copy(entry, entry.disconnectedAt(), entry.closeCode(), entry.closeReason()));
      } else if (isOpenOrGuessed(before)) {
        put(copy(before, entry.disconnectedAt(), entry.closeCode(), entry.closeReason()));
      }
    }
  }

  /** A close is written once; what another node guessed is corrected, or taken back. */
  private static boolean isOpenOrGuessed(ConnectionLogEntry entry) {
    return entry.disconnectedAt() == null
        || ConnectionLogEntry.SERVER_LOST.equals(entry.closeReason());
  }

  @Override
  public synchronized int closeServer(ServerId server, Instant lastSeen) {
    List<ConnectionLogEntry> left =
        entries.values().stream()
            .filter(entry -> entry.serverId().equals(server) && entry.disconnectedAt() == null)
            .toList();
    for (ConnectionLogEntry entry : left) {
      Instant at = lastSeen.isAfter(entry.connectedAt()) ? lastSeen : entry.connectedAt();
      put(copy(entry, at, null, ConnectionLogEntry.SERVER_LOST));
    }
    return left.size();
  }

  @Override
  public Page<ConnectionLogEntry> connections(UserId user, PageRequest page) {
    synchronized (this) {
      return page(of(user), entry -> true, page);
    }
  }

  @Override
  public Page<ConnectionLogEntry> openAt(Instant at, PageRequest page) {
    Predicate<ConnectionLogEntry> isOpen =
        entry -> {
          Instant end = entry.disconnectedAt();
          return !entry.connectedAt().isAfter(at) && (end == null || end.isAfter(at));
        };
    synchronized (this) {
      return page(entries, isOpen, page);
    }
  }

  @Override
  public synchronized Map<UserId, Instant> lastSeen(Collection<UserId> users) {
    Map<UserId, Instant> seen = new HashMap<>();
    for (UserId user : users) {
      for (ConnectionLogEntry entry : of(user).values()) {
        Instant end = entry.disconnectedAt();
        Instant last = end == null ? entry.connectedAt() : end;
        seen.merge(user, last, (a, b) -> a.isAfter(b) ? a : b);
      }
    }
    return seen;
  }

  @Override
  public synchronized int erase(UserId user) {
    NavigableMap<UUID, ConnectionLogEntry> erased = of(user);
    byUser.remove(user);
    erased.keySet().forEach(entries::remove);
    return erased.size();
  }

  private NavigableMap<UUID, ConnectionLogEntry> of(UserId user) {
    return byUser.getOrDefault(user, Collections.emptyNavigableMap());
  }

  /** Nothing to do: memory has no months. */
  @Override
  public void maintain() {}

  private static Page<ConnectionLogEntry> page(
      NavigableMap<UUID, ConnectionLogEntry> among,
      Predicate<ConnectionLogEntry> wanted,
      PageRequest page) {
    NavigableMap<UUID, ConnectionLogEntry> newest = among.descendingMap();
    String cursor = page.cursor();
    if (cursor != null) {
      newest = newest.tailMap(Uuids.cursor(cursor), false);
    }
    List<ConnectionLogEntry> found =
        newest.values().stream().filter(wanted).limit(page.limit() + 1L).toList();
    if (found.size() <= page.limit()) {
      return new Page<>(found, null);
    }
    List<ConnectionLogEntry> items = found.subList(0, page.limit());
    return new Page<>(items, items.get(items.size() - 1).id().toString());
  }

  /** To the microsecond, as PostgreSQL keeps them. */
  private static ConnectionLogEntry copy(
      ConnectionLogEntry entry,
      @Nullable Instant disconnectedAt,
      @Nullable Integer closeCode,
      @Nullable String closeReason) {
    return new ConnectionLogEntry(
        entry.id(),
        entry.userId(),
        entry.serverId(),
        entry.socketId(),
        entry.remoteAddress(),
        entry.userAgent(),
        entry.connectedAt().truncatedTo(ChronoUnit.MICROS),
        disconnectedAt == null ? null : disconnectedAt.truncatedTo(ChronoUnit.MICROS),
        closeCode,
        closeReason);
  }
}
