package dev.realtime4j.server;

import static dev.realtime4j.server.SettingChecks.notNegative;
import static dev.realtime4j.server.SettingChecks.positive;
import static dev.realtime4j.server.SettingChecks.within;

import java.time.Duration;
import java.util.Objects;

/**
 * The limits for clients, within {@link RealtimeServer.Builder}.
 *
 * @param <B> the builder itself
 */
abstract class LimitsBuilder<B extends LimitsBuilder<B>> {
  final Settings settings = new Settings();

  /** This, by the type that the application knows. */
  abstract B self();

  /** How many users a room may have, over the cluster; 10,000 when not called. */
  public B maxRoomSize(int members) {
    settings.maxRoomSize = within("maxRoomSize", members, 1, Integer.MAX_VALUE);
    return self();
  }

  /**
   * Up to how many members each join and leave is announced by name; in larger rooms the members
   * get the event {@code room.size} with the count, at most once a second. 100 when not called.
   */
  public B roomEventsUpTo(int members) {
    settings.roomEventsUpTo = within("roomEventsUpTo", members, 0, Integer.MAX_VALUE);
    return self();
  }

  /**
   * How large an event of a client to a room may be, in bytes of its whole message; 8 KiB when not
   * called. Events of the application may have a quarter of {@link #outgoingBudgetBytes}, and those
   * of clients no more than that.
   */
  public B maxClientEventBytes(int bytes) {
    settings.maxClientEventBytes = within("maxClientEventBytes", bytes, 256, 16 * 1024 * 1024);
    return self();
  }

  /**
   * How many bytes of events a user may publish to one room in a second, eight times as many at
   * once after a pause. When not called 16 KiB for every ten of {@link #messagesPerSecond}, which
   * is 16 KiB by default. Every byte goes to every member.
   */
  public B clientEventBytesPerSecond(int bytes) {
    settings.clientEventBytesPerSecond =
        within("clientEventBytesPerSecond", bytes, 256, 1024 * 1024 * 1024);
    return self();
  }

  /**
   * How many messages a user may send a second for each of their sockets on this node, up to {@link
   * #messageBudgetsPerUser}; 10 when not called. Each line of a text frame is a message, and a
   * frame is at least one.
   */
  public B messagesPerSecond(int messages) {
    settings.messagesPerSecond = within("messagesPerSecond", messages, 1, 100_000_000);
    return self();
  }

  /**
   * How many messages a socket may send at once; twice the rate when not called. The budget belongs
   * to the user: a new socket goes on with what the last one left.
   */
  public B messageBurst(int messages) {
    settings.messageBurst = within("messageBurst", messages, 1, 100_000_000);
    return self();
  }

  /**
   * How many bytes of messages are read in a second from each socket that has a budget of messages;
   * at once as many seconds' worth as {@link #messageBurst} has. When not called a quarter of
   * {@link #maxMessageBytes} for each of {@link #messagesPerSecond}, which is 160 KiB by default.
   * When a client sends more, reading pauses; nothing is refused. A character counts as one byte,
   * one outside the BMP as two.
   *
   * @param bytes 1,024 to 1,073,741,824
   */
  public B messageBytesPerSecond(int bytes) {
    settings.messageBytesPerSecond =
        within("messageBytesPerSecond", bytes, 1024, 1024 * 1024 * 1024);
    return self();
  }

  /**
   * How many sockets of a user on this node have their own budget of messages; 10 when not called.
   * Further sockets share these.
   */
  public B messageBudgetsPerUser(int sockets) {
    settings.messageBudgetsPerUser = within("messageBudgetsPerUser", sockets, 1, Integer.MAX_VALUE);
    return self();
  }

  /**
   * How many lines a text frame may have, each a message; 100, or the {@link #messageBurst} if that
   * is more, when not called.
   */
  public B maxMessagesPerFrame(int messages) {
    settings.maxMessagesPerFrame = within("maxMessagesPerFrame", messages, 1, 100_000_000);
    return self();
  }

  /**
   * How many WebSocket pings and pongs a socket may send a second, ten times as many at once after
   * a pause; 10 when not called. One that sends more is closed with 4429. For the server's own
   * transport.
   */
  public B controlFramesPerSecond(int frames) {
    settings.controlFramesPerSecond = within("controlFramesPerSecond", frames, 1, 100_000_000);
    return self();
  }

  /**
   * How often a user may open a socket on this node, in a second; eight times as often at once
   * after a pause, at least 20 times. A quarter of {@link #maxSocketsPerUser}, at least 1, when not
   * called.
   */
  public B connectsPerSecondPerUser(int connects) {
    settings.connectsPerSecondPerUser =
        within("connectsPerSecondPerUser", connects, 1, Integer.MAX_VALUE);
    return self();
  }

  /**
   * How often an address may open a socket on this node, in a second; 20 times as often at once
   * after a pause. A tenth of {@link #maxSocketsPerAddress}, at least 1, when not called: then all
   * sockets of an address can come back twice at once.
   */
  public B connectsPerSecondPerAddress(int connects) {
    settings.connectsPerSecondPerAddress =
        within("connectsPerSecondPerAddress", connects, 1, Integer.MAX_VALUE);
    return self();
  }

  /** How long a user is refused who kept sending above the rate; 60 s when not called. */
  public B rateLimitBan(Duration ban) {
    settings.rateLimitBan = notNegative("rateLimitBan", Objects.requireNonNull(ban, "ban"));
    return self();
  }

  /**
   * How many sockets a user may hold over all nodes; with one more, the oldest is closed. 20 when
   * not called. While the cluster's presence store is unavailable each node counts its own.
   */
  public B maxSocketsPerUser(int sockets) {
    settings.maxSocketsPerUser = within("maxSocketsPerUser", sockets, 1, Integer.MAX_VALUE);
    return self();
  }

  /** How many sockets an address may hold on this node; 1,000 when not called. */
  public B maxSocketsPerAddress(int sockets) {
    settings.maxSocketsPerAddress = within("maxSocketsPerAddress", sockets, 1, Integer.MAX_VALUE);
    return self();
  }

  /**
   * How many half-open sockets of an address may keep this node waiting: for a request, or for the
   * next step of TLS. With one more, the one that has done so longest is closed. A quarter of
   * {@link #maxSocketsPerAddress}, or of {@link #maxSockets} if that is less, when not called. For
   * the server's own transport.
   */
  public B maxHalfOpenSocketsPerAddress(int sockets) {
    settings.maxHalfOpenSocketsPerAddress =
        within("maxHalfOpenSocketsPerAddress", sockets, 1, Integer.MAX_VALUE);
    return self();
  }

  /**
   * How many sockets this node may hold. When not called 50,000, or fewer where the process may not
   * open that many files: a quarter of its limit, 256 to 2,048, is reserved for other files. Half
   * of the sockets may be half-open: beyond that, and when the node is full, the address with most
   * half-open ones loses one to a new socket.
   */
  public B maxSockets(int sockets) {
    settings.maxSockets = within("maxSockets", sockets, 1, Integer.MAX_VALUE);
    return self();
  }

  /** How many rooms a socket may be in; 100 when not called. */
  public B maxRoomsPerSocket(int rooms) {
    settings.maxRoomsPerSocket = within("maxRoomsPerSocket", rooms, 0, Integer.MAX_VALUE);
    return self();
  }

  /** How many users a socket may watch; 1,000 when not called. */
  public B maxWatchedUsersPerSocket(int users) {
    settings.maxWatchedUsersPerSocket =
        within("maxWatchedUsersPerSocket", users, 0, Integer.MAX_VALUE);
    return self();
  }

  /** How large a client's message may be, in bytes; 64 KiB when not called. */
  public B maxMessageBytes(int bytes) {
    settings.maxMessageBytes = within("maxMessageBytes", bytes, 1024, 16 * 1024 * 1024);
    return self();
  }

  /** How many bytes may wait for one socket; 1 MiB when not called. */
  public B outgoingBudgetBytes(int bytes) {
    settings.outgoingBudgetBytes =
        within("outgoingBudgetBytes", bytes, 64 * 1024, 1024 * 1024 * 1024);
    return self();
  }

  /**
   * How many bytes of one socket the kernel may hold at most, beside the outgoing budget; 128 KiB
   * when not called. It begins with 32 KiB and grows while the client reads quickly, because on a
   * slow link a heartbeat waits behind all of these bytes. Linux doubles the value for its own
   * needs, and accepts at most {@code net.core.wmem_max}. Without a limit the kernel holds up to 4
   * MiB for a client that does not read.
   */
  public B sendBufferBytes(int bytes) {
    settings.sendBufferBytes = within("sendBufferBytes", bytes, 4096, 16 * 1024 * 1024);
    return self();
  }

  /** How large the head of a handshake may be, in bytes; 16 KiB when not called. */
  public B maxHandshakeBytes(int bytes) {
    settings.maxHandshakeBytes = within("maxHandshakeBytes", bytes, 512, 1024 * 1024);
    return self();
  }

  /** How long a handshake may take; 10 s when not called. */
  public B handshakeTimeout(Duration timeout) {
    settings.handshakeTimeout =
        positive("handshakeTimeout", Objects.requireNonNull(timeout, "timeout"));
    return self();
  }

  /**
   * How many missed notifications are sent to a client; when it missed more, it pages through the
   * list. 200 when not called.
   */
  public B maxMissed(int notifications) {
    settings.maxMissed = within("maxMissed", notifications, 0, 10_000);
    return self();
  }

  /** How fast {@code sendAll} and the relay push, in pushes a second; 10,000 when not called. */
  public B bulkPushesPerSecond(int pushes) {
    settings.bulkPushesPerSecond = within("bulkPushesPerSecond", pushes, 1, 10_000_000);
    return self();
  }
}
