package dev.realtime4j.jdbi;

import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.connectionlog.ConnectionLog;
import dev.realtime4j.api.connectionlog.ConnectionLogEntry;
import dev.realtime4j.api.notification.NotificationContent;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationRepository;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** Every call that takes a connection for itself, by name. */
final class Calls {
  private Calls() {}

  static Map<String, Runnable> of(Jdbi jdbi) {
    NotificationRepository store =
        JdbiNotificationRepository.builder(jdbi).retention(Period.ofMonths(12)).build();
    ConnectionLog log = JdbiConnectionLog.builder(jdbi).retention(Period.ofMonths(12)).build();
    UserId user = TestIds.user();
    NotificationId known = TestIds.next();
    NotificationContent content = TestIds.titled(user, "for all").content();
    Map<String, Runnable> calls = new LinkedHashMap<>();
    calls.put("maintain", store::maintain);
    calls.put("partitionsAhead", store::partitionsAhead);
    calls.put("insert", () -> store.insert(TestIds.next(), TestIds.titled(user, "one")));
    calls.put(
        "insertForAll",
        () -> store.insertForAll(List.of(TestIds.next()), List.of(user), content, "key"));
    calls.put("pending", () -> store.pending(List.of(known)));
    calls.put("claimOutbox", () -> store.claimOutbox(Duration.ZERO, 10));
    calls.put("outboxBacklog", store::outboxBacklog);
    calls.put("removeFromOutbox", () -> store.removeFromOutbox(List.of(known)));
    calls.put("sync", () -> TestIds.sync(store, user, Optional.empty()));
    calls.put("list", () -> store.list(user, NotificationFilter.ALL, PageRequest.first(10)));
    calls.put("unreadCount", () -> store.unreadCount(user));
    calls.put("read", () -> store.read(user, known, Instant.now()));
    calls.put("readAll", () -> store.readAll(user, TestIds.next(), Instant.now()));
    calls.put("idempotencyKeys", () -> store.idempotencyKeys(user));
    calls.put("purgeIdempotencyKeys", () -> store.purgeIdempotencyKeys(Duration.ofDays(7)));
    calls.put("export", () -> store.export(user, notification -> {}));
    calls.put("delete", () -> store.delete(user, known));
    calls.put("erase", () -> store.erase(user));
    calls.put("log.maintain", log::maintain);
    calls.put("log.write", () -> log.write(List.of(connection(user))));
    calls.put("log.closeServer", () -> log.closeServer(new ServerId("node"), Instant.now()));
    calls.put("log.connections", () -> log.connections(user, PageRequest.first(10)));
    calls.put("log.lastSeen", () -> log.lastSeen(List.of(user)));
    calls.put("log.erase", () -> log.erase(user));
    return calls;
  }

  private static ConnectionLogEntry connection(UserId user) {
    return new ConnectionLogEntry(
        TestIds.next().value(),
        user,
        new ServerId("node"),
        new SocketId("socket"),
        InetAddress.getLoopbackAddress(),
        "agent",
        Instant.now(),
        null,
        null,
        null);
  }
}
