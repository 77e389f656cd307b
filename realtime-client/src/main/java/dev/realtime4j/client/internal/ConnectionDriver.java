package dev.realtime4j.client.internal;

import dev.realtime4j.api.UserId;
import dev.realtime4j.client.ConnectionChange;
import dev.realtime4j.client.ConnectionState;
import dev.realtime4j.client.internal.call.CallRateLimiter;
import dev.realtime4j.client.internal.call.Calls;
import dev.realtime4j.client.internal.call.FailedFuture;
import dev.realtime4j.client.internal.connection.ConnectionAttempt;
import dev.realtime4j.client.internal.connection.ConnectionMachine;
import dev.realtime4j.client.internal.connection.DisconnectReason;
import dev.realtime4j.client.internal.connection.Effect;
import dev.realtime4j.client.internal.connection.Effect.TokenStanding;
import dev.realtime4j.client.internal.connection.MachineState;
import dev.realtime4j.client.internal.connection.MachineState.Step;
import dev.realtime4j.client.internal.connection.Reasons;
import dev.realtime4j.client.internal.connection.Signal;
import dev.realtime4j.client.internal.connection.Tokens;
import dev.realtime4j.client.internal.connection.Welcome;
import dev.realtime4j.client.internal.desired.DesiredState;
import dev.realtime4j.client.internal.loop.ApplicationListeners;
import dev.realtime4j.client.internal.loop.Callbacks;
import dev.realtime4j.client.internal.loop.Loop;
import dev.realtime4j.client.internal.notification.Acks;
import dev.realtime4j.client.internal.notification.Arrivals;
import dev.realtime4j.client.internal.notification.DeliveryLog;
import dev.realtime4j.client.internal.notification.DeliveryQueue;
import dev.realtime4j.client.internal.notification.InboxViews;
import dev.realtime4j.client.internal.notification.NotificationCalls;
import dev.realtime4j.client.internal.notification.NotificationReader;
import dev.realtime4j.client.internal.websocket.SocketFactory;
import dev.realtime4j.protocol.Frame;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs the connection machine: brings it signals and performs its effects.
 *
 * <p>Thread safety: public methods from any thread; all else on the loop.
 */
final class ConnectionDriver {
  static final Duration STABLE_AFTER = Duration.ofSeconds(10);

  private final Loop loop;
  private final ClientSettings settings;
  private final SocketFactory sockets;
  private final Callbacks callbacks;
  private final ApplicationListeners listeners;
  private final DoubleSupplier jitter;
  private final Arrivals arrivals;
  private final Attempts attempts;
  private final ActiveConnection active;

  private final NotificationReader reader = new NotificationReader();
  private final InboxViews views;
  private final DeliveryLog log;

  final Calls calls;
  final DesiredState desired = new DesiredState();

  private final Deque<Signal> signals = new ArrayDeque<>();
  private final ConnectFutures connectFutures;
  private final Reasons reasons = new Reasons();
  final OpenSockets openSockets = new OpenSockets();
  private boolean performing;
  private MachineState machine = MachineState.INITIAL;
  private @Nullable ConnectionAttempt attempt;

  private volatile ConnectionState state = ConnectionState.IDLE;
  private volatile @Nullable UserId user;

  ConnectionDriver(
      Loop loop,
      ClientSettings settings,
      SocketFactory sockets,
      CallRateLimiter pace,
      Callbacks callbacks,
      ApplicationListeners listeners,
      Executor completions,
      DoubleSupplier jitter) {
    this.loop = loop;
    this.settings = settings;
    this.sockets = sockets;
    this.callbacks = callbacks;
    this.listeners = listeners;
    this.connectFutures = new ConnectFutures(completions);
    this.jitter = jitter;
    Tokens tokens = new Tokens(loop, completions, settings.tokens(), settings.callTimeout());
    this.calls =
        new Calls(
            loop,
            pace,
            settings.offlinePolicy(),
            settings.callTimeout(),
            settings.maxMessageBytes(),
            completions);
    Acks acks = new Acks(loop, calls);
    this.log = new DeliveryLog(settings.cursors(), callbacks);
    this.views = new InboxViews(loop, calls, reader, callbacks);
    DeliveryQueue deliveries =
        new DeliveryQueue(loop, callbacks, listeners, log, acks, views, this::overflow);
    this.arrivals = new Arrivals(loop, calls, reader, deliveries);
    this.attempts =
        new Attempts(loop, settings, completions, callbacks, tokens, arrivals, deliveries);
    Router router =
        new Router(arrivals, views, desired, callbacks, listeners, new OfRouter(), this::overflow);
    this.active =
        new ActiveConnection(
            loop,
            tokens,
            calls,
            acks,
            arrivals,
            views,
            desired,
            router,
            callbacks::submit,
            listeners,
            this::end);
  }

  ConnectionState state() {
    return state;
  }

  Optional<UserId> user() {
    return Optional.ofNullable(user);
  }

  NotificationCalls notifications() {
    return new NotificationCalls(calls, reader, listeners, views);
  }

  /** Connects; done when connected, failed when nothing will come of it. */
  CompletableFuture<Void> connect() {
    CompletableFuture<Void> waiter = new CompletableFuture<>();
    return loop.execute(() -> connect(waiter))
        ? waiter
        : FailedFuture.future(ConnectFutures.closed());
  }

  /** The same for who waits so long at most; the client itself goes on. */
  CompletableFuture<Void> connectWithin(Duration timeout) {
    CompletableFuture<Void> waiter = connect();
    Loop.Timer timer =
        loop.after(timeout, () -> connectFutures.failed(waiter, reasons.afterWaiting(timeout)));
    waiter.whenComplete((connected, failure) -> timer.cancel());
    return waiter;
  }

  private void connect(CompletableFuture<Void> waiter) {
    connectFutures.add(waiter);
    if (machine.state() == ConnectionState.CONNECTED) {
      connectFutures.connected();
    } else if (machine.state() == ConnectionState.CLOSED) {
      connectFutures.failed(ConnectFutures.closed());
    } else {
      calls.revive();
      perform(new Signal.Connect());
    }
  }

  /** Hands over a signal of the application. */
  void signal(Signal signal) {
    loop.execute(() -> perform(signal));
  }

  /**
   * Closes for good.
   *
   * @param quiet done when every socket is gone
   */
  void close(CompletableFuture<Void> quiet) {
    perform(new Signal.Close());
    openSockets.ended().whenComplete((all, failure) -> quiet.complete(null));
  }

  /** Signals that come of an effect wait until all the effects before them are done. */
  private void perform(Signal signal) {
    signals.add(signal);
    if (performing) {
      return;
    }
    performing = true;
    try {
      while (!signals.isEmpty()) {
        ConnectionMachine.Transition transition =
            ConnectionMachine.next(machine, signals.removeFirst());
        machine = transition.state();
        state = machine.state();
        transition.effects().forEach(this::perform);
      }
    } finally {
      performing = false;
    }
  }

  private void perform(Effect effect) {
    if (effect instanceof Effect.Open open) {
      open(open.generation(), open.token());
    } else if (effect instanceof Effect.Drop drop) {
      drop(drop.mode());
    } else if (effect instanceof Effect.GoOffline) {
      calls.offline();
    } else if (effect instanceof Effect.AwaitRetry retry) {
      attempts.turn();
      loop.after(retry.delay(), () -> perform(new Signal.RetryDue(retry.generation())));
    } else if (effect instanceof Effect.Restore restore) {
      active.restore(() -> perform(new Signal.Restored(restore.generation())));
    } else if (effect instanceof Effect.GoOnline) {
      active.online();
      reasons.connected();
      connectFutures.connected();
    } else if (effect instanceof Effect.AwaitStable stable) {
      loop.after(STABLE_AFTER, () -> stable(stable.generation()));
    } else if (effect instanceof Effect.GiveUp giveUp) {
      calls.giveUp(giveUp.cause());
      connectFutures.failed(giveUp.cause());
    } else if (effect instanceof Effect.Announce announce) {
      announce(announce.change());
    }
  }

  private void open(long generation, TokenStanding standing) {
    attempts.prepare(
        standing,
        () -> machine.generation() == generation && machine.step() == Step.OPENING,
        new Attempts.Outcome() {
          @Override
          public void ready(URI target, String token) {
            open(generation, target, token);
          }

          @Override
          public void failed(DisconnectReason loss) {
            lost(generation, loss);
          }
        });
  }

  private void open(long generation, URI target, String token) {
    ConnectionAttempt opening = new ConnectionAttempt(loop, new OfAttempt(generation));
    attempt = opening;
    reasons.trying(target);
    try {
      openSockets.add(opening.open(sockets, target, token, settings.handshakeTimeout()));
    } catch (RuntimeException e) {
      lost(generation, DisconnectReason.network("the socket could not be made", e));
    }
  }

  private void drop(Effect.CloseMode mode) {
    active.end();
    if (attempt != null) {
      attempt.drop(mode);
      attempt = null;
    }
  }

  private void stable(long generation) {
    if (machine.generation() == generation && machine.step() == Step.UP) {
      arrivals.stable();
    }
    perform(new Signal.Stable(generation));
  }

  private void announce(ConnectionChange change) {
    Runnable telling = () -> listeners.state.tell(change);
    if (change.state() == ConnectionState.CLOSED) {
      callbacks.closeWith(
          () -> {
            log.close();
            telling.run();
          });
    } else {
      callbacks.submit(telling);
    }
  }

  private void overflow() {
    end(DisconnectReason.network("the application's listeners are too far behind", null));
  }

  private void end(DisconnectReason loss) {
    if (attempt != null) {
      attempt.end(loss);
    }
  }

  private void lost(long generation, DisconnectReason loss) {
    if (machine.generation() == generation && machine.step() == Step.OPENING) {
      reasons.failed(loss);
    }
    perform(
        new Signal.Lost(
            generation,
            loss,
            failures -> settings.delays().before(failures, jitter.getAsDouble())));
  }

  /** Hears one attempt. */
  private final class OfAttempt implements ConnectionAttempt.Owner {
    private final long generation;

    OfAttempt(long generation) {
      this.generation = generation;
    }

    @Override
    public void welcomed(Welcome welcome) {
      ConnectionAttempt welcoming = attempt;
      if (welcoming == null) {
        return;
      }
      user = welcome.userId();
      active.begin(welcome, new Sending(welcoming));
      perform(new Signal.Welcomed(generation));
    }

    @Override
    public void frame(Frame frame) {
      active.heard(frame);
    }

    @Override
    public void lost(DisconnectReason loss) {
      ConnectionDriver.this.lost(generation, loss);
    }
  }

  /** Where the calls of a connection go out. */
  private final class Sending implements Calls.Sender {
    private final ConnectionAttempt to;

    Sending(ConnectionAttempt to) {
      this.to = to;
    }

    @Override
    public void send(String text) {
      to.send(text);
    }

    @Override
    public boolean isArriving() {
      return to.isArriving() || arrivals.isBehind();
    }
  }

  /** What the server says about the connection itself. */
  private final class OfRouter implements Router.Connection {
    @Override
    public void tokenExpired() {
      active.tokenExpired();
    }

    @Override
    public void draining(Duration reconnectAfter) {
      if (attempt != null) {
        attempt.announceReturn(reconnectAfter);
      }
    }
  }
}
