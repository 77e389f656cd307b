package dev.realtime4j.examples.demo;

import static dev.realtime4j.api.PageRequest.first;
import static dev.realtime4j.api.notification.NotificationFilter.UNREAD;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.Notifications;
import dev.realtime4j.api.notification.PendingPush;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.server.MethodCall;
import dev.realtime4j.server.RealtimeServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * What a host application does. The page shows what stands between the markers.
 *
 * <p>Thread safety: any thread.
 */
final class Story {
  /** The room that both are in. */
  static final String ROOM = "lobby";

  private final Supplier<RealtimeServer> anyNode;
  private final DataSource dataSource;
  private final InstantSource clock;
  private final AtomicLong sent = new AtomicLong();

  /**
   * @param anyNode a node that serves: which one makes no difference
   * @param dataSource where the host's own transactions are
   * @param clock the time in {@code sent_at}
   */
  Story(Supplier<RealtimeServer> anyNode, DataSource dataSource, InstantSource clock) {
    this.anyNode = anyNode;
    this.dataSource = dataSource;
    this.clock = clock;
  }

  /** How many notifications were sent and not rolled back. */
  long sent() {
    return sent.get();
  }

  /** One user tells the other something. */
  Notification notify(Person from, Person to) {
    RealtimeServer server = anyNode.get();
    // [notify]
    NewNotification wave =
        NewNotification.to(to.id())
            .title(from.name() + " waves")
            .body("Stored first, then pushed.")
            .data(Json.object("sent_at", clock.millis()))
            .build();
    // Stored first, then pushed to every device on every node.
    Notification stored = server.notifications().send(wave);
    // [/notify]
    sent.incrementAndGet();
    return stored;
  }

  /** Three notifications, whether or not anybody is there. */
  List<Notification> three(Person to) {
    RealtimeServer server = anyNode.get();
    List<Notification> three = new ArrayList<>();
    // [away]
    // Nobody has to be there.
    for (int i = 1; i <= 3; i++) {
      NewNotification missed =
          NewNotification.to(to.id())
              .title("While you were away, " + i + " of 3")
              .data(Json.object("sent_at", clock.millis()))
              .build();
      three.add(server.notifications().send(missed));
    }
    // [/away]
    sent.addAndGet(three.size());
    return three;
  }

  /** A notification in a transaction that comes to nothing. */
  void rollBack(Person from, Person to) throws SQLException {
    RealtimeServer server = anyNode.get();
    NewNotification order =
        NewNotification.to(to.id())
            .title(from.name() + " ordered something")
            .data(Json.object("sent_at", clock.millis()))
            .build();
    // [roll-back]
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      PendingPush push = server.notifications().send(connection, order);
      connection.rollback(); // the order failed
      push.flush(); // pushes what was committed: nothing
    }
    // [/roll-back]
  }

  /** The method {@code inbox.read_newest}, which a tab calls through its socket. */
  static Json readNewest(RealtimeServer server, MethodCall call) {
    // [read]
    UserId user = call.principal().userId();
    Notifications inbox = server.notifications();
    for (Notification newest : inbox.list(user, UNREAD, first(1)).items()) {
      inbox.read(user, newest.id()); // all devices are told
    }
    // [/read]
    return Json.EMPTY;
  }

  /** How somebody wants to be seen. */
  Presence status(Person person, PresenceStatus status) {
    RealtimeServer server = anyNode.get();
    // [busy]
    // ONLINE or BUSY, the last word of any device or of the host wins.
    Presence presence = server.presence().set(person.id(), status);
    // [/busy]
    return presence;
  }

  /** The host says something to everybody in the room. */
  void announce() {
    RealtimeServer server = anyNode.get();
    // [room]
    server
        .rooms()
        .publish(
            RoomName.of(ROOM),
            "chat.message",
            Json.object("from", "Host", "text", "Hello, both of you."));
    // [/room]
  }
}
