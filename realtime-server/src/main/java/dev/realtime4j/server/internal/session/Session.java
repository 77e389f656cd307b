package dev.realtime4j.server.internal.session;

import dev.realtime4j.api.CloseCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Handshake;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.api.transport.TransportConnection;
import dev.realtime4j.api.transport.TransportSession;
import dev.realtime4j.protocol.Frame;
import dev.realtime4j.protocol.FrameCodec;
import dev.realtime4j.protocol.WireTime;
import dev.realtime4j.server.internal.session.limit.SessionLimits;
import dev.realtime4j.server.internal.session.limit.UserBudget;
import dev.realtime4j.server.internal.session.queue.CallQueue;
import dev.realtime4j.server.internal.session.queue.IncomingBytes;
import dev.realtime4j.server.internal.session.queue.PausedReading;
import dev.realtime4j.server.internal.session.queue.SendQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connected client: what arrives goes through the serial queue of calls to the methods, what is
 * sent waits in the sendQueue until the transport takes it.
 *
 * <p>Features keep what they know about a socket in its {@link #state}.
 *
 * <p>Thread safety: any thread may send and close; the methods of {@link TransportSession} belong
 * to the transport.
 */
public final class Session implements TransportSession, Heartbeat.Asked {
  private static final Logger log = LoggerFactory.getLogger(Session.class);

  private final SocketId id;
  private final Handshake handshake;
  private final SessionContext context;
  private final TransportConnection connection;
  private final Runnable gone;
  private final Instant connectedAt;
  private final SendQueue sendQueue;
  private final PausedReading reading;
  private final CallQueue callQueue;
  private final UserBudget.Share budget;
  private final IncomingBytes incoming;
  private final MessageReader reader;
  private final Heartbeat heartbeat;
  private final TokenExpiry expiry;
  private final ConcurrentHashMap<Class<?>, Object> states = new ConcurrentHashMap<>(4);
  private volatile Principal principal;
  private volatile boolean closed;

  /** What has to wait until the client has heard {@code connected}. */
  private final AtomicReference<@Nullable Runnable> whenGreeted = new AtomicReference<>();

  private static final Runnable WELCOMED = () -> {};

  public Session(
      SocketId id,
      Handshake handshake,
      Principal principal,
      SessionContext context,
      TransportConnection connection,
      Runnable gone) {
    this.id = id;
    this.handshake = handshake.essentials();
    this.principal = principal;
    this.context = context;
    this.connection = connection;
    this.gone = gone;
    this.connectedAt = context.clock().instant();
    SessionLimits limits = context.limits();
    this.sendQueue = new SendQueue(limits.messages().outgoingBudgetBytes());
    this.heartbeat =
        new Heartbeat(
            limits.heartbeats().interval(),
            limits.heartbeats().timeout(),
            this,
            context.nanoTime());
    this.reading = new PausedReading(connection, context::later, heartbeat::heard);
    this.callQueue = new CallQueue(context.workers(), reading.forCalls());
    this.budget = context.budgets().open(principal.userId());
    this.incoming = new IncomingBytes(budget, reading);
    this.reader = new MessageReader(this, context, budget, reading);
    this.expiry = new TokenExpiry(context.timer(), limits.handshakes().tokenGrace(), new Token());
  }

  /** Begins: each feature is called in order, then the client hears {@code connected}. */
  public void open() {
    Session replaced = context.registry().add(this, context.limits().sockets().maxPerUser());
    if (replaced != null) {
      context.registry().remove(replaced);
      replaced.close(CloseCode.REPLACED, SessionRegistry.TOO_MANY);
    }
    context.lifecycle().opened(this);
  }

  /** What the client hears first, before the features are called. */
  Welcome welcome() {
    Welcome welcome = new Welcome();
    welcome.put("socket_id", id);
    welcome.put("server_id", context.server());
    welcome.put("user_id", userId());
    welcome.put("protocol", 1);
    welcome.put("heartbeat_interval_ms", context.limits().heartbeats().interval().toMillis());
    welcome.put("heartbeat_timeout_ms", context.limits().heartbeats().timeout().toMillis());
    Instant expiresAt = principal.expiresAt();
    welcome.put("token_expires_at", WireTime.formatOrNull(expiresAt));
    welcome.put("server_time", WireTime.format(context.clock().instant()));
    return welcome;
  }

  /** All features have been called: what the client sent meanwhile is done from now on. */
  void sendWelcome(Welcome welcome) {
    try {
      sendQueue.open(welcome.messages());
      connection.wantWrite();
      heartbeat.start(context.wheel(), context.random()); // Before that it is we who are slow.
      expiry.follow(principal, context.clock().instant());
    } finally {
      welcomed();
    }
  }

  /** It could not be opened, by a fault of ours. */
  void giveUp() {
    closed = true;
    connection.abort(CloseCode.RESTARTING, "the server failed to open the socket");
    welcomed();
  }

  private void welcomed() {
    Runnable waiting = whenGreeted.getAndSet(WELCOMED);
    if (waiting != null) {
      waiting.run();
    }
    callQueue.open();
  }

  public SocketId id() {
    return id;
  }

  public UserId userId() {
    return principal.userId();
  }

  /** The lane of the transport that writes it. */
  public int lane() {
    return connection.lane();
  }

  /** Who is at the other end, by the newest token. */
  public Principal principal() {
    return principal;
  }

  /** What is kept of the request that opened it: {@link Handshake#essentials}. */
  public Handshake handshake() {
    return handshake;
  }

  /** When it opened. */
  public Instant connectedAt() {
    return connectedAt;
  }

  /** When the client was last heard, as a reading of the monotonic clock. */
  public long lastHeardNanos() {
    return heartbeat.lastHeardNanos();
  }

  /** Whether it is gone or going. */
  public boolean isClosed() {
    return closed;
  }

  /**
   * Spends more of the user's messages than the one that is being handled; for the methods, while
   * they handle it.
   *
   * @throws dev.realtime4j.api.RealtimeException {@code RATE_LIMITED} when they are not there
   */
  public void spend(int more) {
    reader.spend(more);
  }

  /** What a feature keeps about this socket: one object of each type, made at the first call. */
  public <T> T state(Class<T> type, Supplier<T> make) {
    return type.cast(states.computeIfAbsent(type, missing -> make.get()));
  }

  /**
   * The same user proved themselves again.
   *
   * @return when, by the clock that the end of the token is measured with
   */
  public Instant refresh(Principal renewed) {
    Instant now = context.clock().instant();
    principal = renewed;
    expiry.follow(renewed, now);
    return now;
  }

  /** Sends a message; never blocks. A socket whose budget is used up is closed as too slow. */
  public void send(byte[] message) {
    switch (sendQueue.offer(message)) {
      case ACCEPTED -> connection.wantWrite();
      case OVERFLOW -> tooSlow();
      case KEPT, DISCARDED -> {
        return;
      }
    }
  }

  /** Sends a message; never blocks. */
  public void send(Frame frame) {
    send(FrameCodec.encodeBytes(frame));
  }

  /** Sends a message in front of all that waits; only small ones, of which few are needed. */
  @Override
  public void sendFirst(byte[] message) {
    if (sendQueue.hasten(message)) {
      connection.wantWrite();
    }
  }

  @Override
  public boolean isListenedTo() {
    return !reading.isPaused();
  }

  @Override
  public long bytesWritten() {
    return connection.bytesWritten();
  }

  /** Closes after what waits has been sent. */
  public void close(CloseCode code, String reason) {
    closed = true;
    connection.close(code, reason);
  }

  /**
   * The node stops: tells the client when to come back, and closes. One that has not heard yet that
   * it is open hears that before.
   */
  public void drain(long backInMillis) {
    send(Frame.Event.of("server.draining", Json.object("reconnect_after_ms", backInMillis)));
    Runnable parting = () -> close(CloseCode.RESTARTING, "server restarting");
    if (!whenGreeted.compareAndSet(null, parting) && whenGreeted.get() == WELCOMED) {
      parting.run();
    }
  }

  private void tooSlow() {
    closed = true;
    sendQueue.discard();
    log.debug("Socket {} of user {} reads too slowly; it is closed", id, userId());
    connection.abort(CloseCode.SLOW_CONSUMER, "too slow a reader");
  }

  @Override
  public void silent() {
    closed = true;
    sendQueue.discard();
    connection.abort(CloseCode.NO_HEARTBEAT, "no heartbeat");
  }

  @Override
  public void onText(String text) {
    heartbeat.heard();
    incoming.add(text.length());
    if (text.equals(FrameCodec.HEARTBEAT) && reader.heartbeatPasses()) {
      return;
    }
    callQueue.add(() -> reader.read(text), text.length());
  }

  @Override
  public void onUnreadable() {
    heartbeat.heard();
    callQueue.add(reader::readBinary, 0);
  }

  @Override
  public byte @Nullable [] takeOutgoing() {
    return sendQueue.take(SendQueue.JOIN_UP_TO);
  }

  @Override
  public byte @Nullable [] takeOutgoing(int bytes) {
    return sendQueue.take(bytes);
  }

  @Override
  public byte @Nullable [] takeUrgent() {
    return sendQueue.takeUrgent();
  }

  @Override
  public void onSignOfLife() {
    heartbeat.heard();
  }

  @Override
  public void onClosed(int code, String reason) {
    closed = true;
    sendQueue.discard();
    heartbeat.stop();
    expiry.stop();
    context.registry().remove(this);
    gone.run();
    callQueue.add(() -> closeAfterCalls(code, reason), 0);
  }

  private void closeAfterCalls(int code, String reason) {
    budget.leave(); // Not before: what the socket has sent is still counted.
    context.lifecycle().closed(this, code, reason);
    context.registry().finished();
  }

  @Override
  public String toString() {
    return "Session[" + id + " of " + userId() + "]";
  }

  private final class Token implements TokenExpiry.Holder {
    @Override
    public void tokenExpired(Duration grace) {
      Frame frame = Frame.Event.of("token_expired", Json.object("grace_ms", grace.toMillis()));
      sendFirst(FrameCodec.encodeBytes(frame)); // Behind a backlog it could come after the grace.
    }

    @Override
    public void tokenRunOut() {
      close(CloseCode.UNAUTHORIZED, "the token expired and was not refreshed");
    }
  }
}
