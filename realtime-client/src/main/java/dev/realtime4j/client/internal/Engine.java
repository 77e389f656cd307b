package dev.realtime4j.client.internal;

import dev.realtime4j.api.UserId;
import dev.realtime4j.client.ConnectionChange;
import dev.realtime4j.client.ConnectionState;
import dev.realtime4j.client.internal.Effect.TokenStanding;
import dev.realtime4j.client.internal.MachineState.Step;
import dev.realtime4j.protocol.Frame;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
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
final class Engine {
  static final Duration STABLE_AFTER = Duration.ofSeconds(10);

  private final Loop loop;
  private final Settings settings;
  private final SocketFactory sockets;
  private final Callbacks callbacks;
  private final Broadcasts broadcasts;
  private final DoubleSupplier jitter;
  private final Arrivals arrivals;
  private final Attempts attempts;
  private final Conversation conversation;

  private final NotificationReader reader = new NotificationReader();
  private final InboxViews views;
  private final DeliveryLog log;

  final Calls calls;
  final Desired desired = new Desired();

  private final Deque<Signal> signals = new ArrayDeque<>();
  private final Waiters waiters;
  private final Reasons reasons = new Reasons();
  private final List<CompletableFuture<Void>> openSockets = new ArrayList<>();
  private boolean performing;
  private MachineState machine = MachineState.INITIAL;
  private @Nullable Link link;

  private volatile ConnectionState state = ConnectionState.IDLE;
  private volatile @Nullable UserId user;

  Engine(
      Loop loop,
      Settings settings,
      SocketFactory sockets,
      Pace pace,
      Callbacks callbacks,
      Broadcasts broadcasts,
      Executor completions,
      DoubleSupplier jitter) {
    this.loop = loop;
    this.settings = settings;
    this.sockets = sockets;
    this.callbacks = callbacks;
    this.broadcasts = broadcasts;
    this.waiters = new Waiters(completions);
    this.jitter = jitter;
    Tokens tokens = new Tokens(loop, completions, settings.tokens(), settings.callTimeout());
    this.calls = new Calls(loop, pace, settings, completions);
    Acks acks = new Acks(loop, calls);
    this.log = new DeliveryLog(settings.cursors(), callbacks);
    this.views = new InboxViews(loop, calls, reader, callbacks);
    Outlet outlet = new Outlet(loop, callbacks, broadcasts, log, acks, views, this::overflow);
    this.arrivals = new Arrivals(loop, calls, reader, outlet);
    this.attempts = new Attempts(loop, settings, completions, callbacks, tokens, arrivals, outlet);
    Router router =
        new Router(arrivals, views, desired, callbacks, broadcasts, new OfRouter(), this::overflow);
    this.conversation =
        new Conversation(
            loop,
            tokens,
            calls,
            acks,
            arrivals,
            views,
            desired,
            router,
            callbacks::submit,
            broadcasts,
            this::end);
  }

  ConnectionState state() {
    return state;
  }

  Optional<UserId> user() {
    return Optional.ofNullable(user);
  }

  NotificationCalls notifications() {
    return new NotificationCalls(calls, reader, broadcasts, views);
  }

  /** Connects; done when connected, failed when nothing will come of it. */
  CompletableFuture<Void> connect() {
    CompletableFuture<Void> waiter = new CompletableFuture<>();
    return loop.execute(() -> connect(waiter)) ? waiter : Failed.future(Waiters.closed());
  }

  /** The same for who waits so long at most; the client itself goes on. */
  CompletableFuture<Void> connectWithin(Duration timeout) {
    CompletableFuture<Void> waiter = connect();
    Loop.Timer timer =
        loop.after(timeout, () -> waiters.failed(waiter, reasons.afterWaiting(timeout)));
    waiter.whenComplete((connected, failure) -> timer.cancel());
    return waiter;
  }

  private void connect(CompletableFuture<Void> waiter) {
    waiters.add(waiter);
    if (machine.state() == ConnectionState.CONNECTED) {
      waiters.connected();
    } else if (machine.state() == ConnectionState.CLOSED) {
      waiters.failed(Waiters.closed());
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
    CompletableFuture.allOf(openSockets.toArray(new CompletableFuture<?>[0]))
        .whenComplete((all, failure) -> quiet.complete(null));
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
      drop(drop.farewell());
    } else if (effect instanceof Effect.GoOffline) {
      calls.offline();
    } else if (effect instanceof Effect.AwaitRetry retry) {
      attempts.turn();
      loop.after(retry.delay(), () -> perform(new Signal.RetryDue(retry.generation())));
    } else if (effect instanceof Effect.Restore restore) {
      conversation.restore(() -> perform(new Signal.Restored(restore.generation())));
    } else if (effect instanceof Effect.GoOnline) {
      conversation.online();
      reasons.connected();
      waiters.connected();
    } else if (effect instanceof Effect.AwaitStable stable) {
      loop.after(STABLE_AFTER, () -> stable(stable.generation()));
    } else if (effect instanceof Effect.GiveUp giveUp) {
      calls.giveUp(giveUp.cause());
      waiters.failed(giveUp.cause());
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
          public void failed(Loss loss) {
            lost(generation, loss);
          }
        });
  }

  private void open(long generation, URI target, String token) {
    Link attempt = new Link(loop, new OfLink(generation));
    link = attempt;
    reasons.trying(target);
    try {
      CompletableFuture<Void> ended =
          attempt.open(sockets, target, token, settings.handshakeTimeout()).ended();
      openSockets.removeIf(CompletableFuture::isDone);
      openSockets.add(ended);
    } catch (RuntimeException e) {
      lost(generation, Loss.network("the socket could not be made", e));
    }
  }

  private void drop(Effect.Farewell farewell) {
    conversation.end();
    if (link != null) {
      link.drop(farewell);
      link = null;
    }
  }

  private void stable(long generation) {
    if (machine.generation() == generation && machine.step() == Step.UP) {
      arrivals.stable();
    }
    perform(new Signal.Stable(generation));
  }

  private void announce(ConnectionChange change) {
    Runnable telling = () -> broadcasts.state.tell(change);
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
    end(Loss.network("the application's listeners are too far behind", null));
  }

  private void end(Loss loss) {
    if (link != null) {
      link.end(loss);
    }
  }

  private void lost(long generation, Loss loss) {
    if (machine.generation() == generation && machine.step() == Step.OPENING) {
      reasons.failed(loss);
    }
    perform(new Signal.Lost(generation, loss, jitter.getAsDouble()));
  }

  /** One attempt's ear. */
  private final class OfLink implements Link.Owner {
    private final long generation;

    OfLink(long generation) {
      this.generation = generation;
    }

    @Override
    public void welcomed(Welcome welcome) {
      Link welcoming = link;
      if (welcoming == null) {
        return;
      }
      user = welcome.userId();
      conversation.begin(welcome, new Sending(welcoming));
      perform(new Signal.Welcomed(generation));
    }

    @Override
    public void frame(Frame frame) {
      conversation.heard(frame);
    }

    @Override
    public void lost(Loss loss) {
      Engine.this.lost(generation, loss);
    }
  }

  /** Where the calls of a connection go out. */
  private final class Sending implements Calls.Sender {
    private final Link to;

    Sending(Link to) {
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
      conversation.tokenExpired();
    }

    @Override
    public void draining(Duration reconnectAfter) {
      if (link != null) {
        link.announceReturn(reconnectAfter);
      }
    }
  }
}
