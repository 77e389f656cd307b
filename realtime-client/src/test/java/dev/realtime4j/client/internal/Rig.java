package dev.realtime4j.client.internal;

import dev.realtime4j.client.ConnectionChange;
import dev.realtime4j.client.ConnectionState;
import dev.realtime4j.client.CursorStore;
import dev.realtime4j.client.OfflinePolicy;
import dev.realtime4j.client.internal.call.CallRateLimiter;
import dev.realtime4j.client.internal.connection.Effect;
import dev.realtime4j.client.internal.connection.ReconnectDelays;
import dev.realtime4j.client.internal.connection.TokenSource;
import dev.realtime4j.client.internal.desired.PresenceCalls;
import dev.realtime4j.client.internal.desired.RoomCalls;
import dev.realtime4j.client.internal.loop.ApplicationListeners;
import dev.realtime4j.client.internal.loop.Callbacks;
import dev.realtime4j.client.internal.notification.NotificationCalls;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A whole client without a thread and without a network, in a time of its own. */
public final class Rig implements TokenSource {
  static final URI FIRST = URI.create("ws://first.example/ws");
  static final URI SECOND = URI.create("ws://second.example/ws");

  public final ManualLoop loop = new ManualLoop();
  public final List<FakeSocket> sockets = new ArrayList<>();
  final List<ConnectionChange> changes = new ArrayList<>();
  public final List<String> notifications = new ArrayList<>();
  public final ApplicationListeners listeners = new ApplicationListeners();
  final CursorStore store;
  public final ConnectionDriver driver;
  public final RoomCalls rooms;
  public final PresenceCalls presence;
  public final NotificationCalls notificationCalls;
  public int tokensAsked;
  public int tokensRefused;
  public boolean callbacksBlocked;
  double jitter = 0.5;
  public @Nullable CompletionStage<String> nextToken;
  private final Deque<Runnable> callbackTasks = new ArrayDeque<>();

  public Rig() {
    this(CursorStore.inMemory(), OfflinePolicy.QUEUE);
  }

  public Rig(ReconnectDelays delays) {
    this(CursorStore.inMemory(), OfflinePolicy.QUEUE, delays);
  }

  public Rig(CursorStore store, OfflinePolicy policy) {
    this(store, policy, ReconnectDelays.USUAL);
  }

  private Rig(CursorStore store, OfflinePolicy policy, ReconnectDelays delays) {
    this.store = store;
    ClientSettings settings =
        new ClientSettings(
            List.of(FIRST, SECOND),
            this,
            store,
            policy,
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            delays,
            64 * 1024);
    driver =
        new ConnectionDriver(
            loop,
            settings,
            (endpoint, token, listener) -> {
              FakeSocket socket = new FakeSocket(endpoint, token, listener);
              sockets.add(socket);
              return socket;
            },
            new CallRateLimiter(9, 16),
            new Callbacks(callbackTasks::add),
            listeners,
            Runnable::run,
            () -> jitter);
    rooms = new RoomCalls(driver.calls, driver.desired);
    presence = new PresenceCalls(driver.calls, driver.desired);
    notificationCalls = driver.notifications();
    listeners.onState(changes::add);
    notificationCalls.onNew(n -> notifications.add(n.content().title()));
  }

  @Override
  public CompletableFuture<String> ask(Effect.TokenStanding last, Executor executor) {
    tokensAsked++;
    if (last == Effect.TokenStanding.REFUSED) {
      tokensRefused++;
    }
    return nextToken != null
        ? nextToken.toCompletableFuture().thenApply(token -> token)
        : CompletableFuture.completedFuture("token-" + tokensAsked);
  }

  /** Runs everything that can run now. */
  public Rig settle() {
    while (loop.run() || runCallback()) {
      continue;
    }
    return this;
  }

  private boolean runCallback() {
    if (callbacksBlocked || callbackTasks.isEmpty()) {
      return false;
    }
    callbackTasks.removeFirst().run();
    return true;
  }

  /** Lets time pass, with everything that happens in it. */
  public void advance(Duration time) {
    Duration until = loop.uptime().plus(time);
    settle();
    while (loop.step(until)) {
      settle();
    }
  }

  public FakeSocket socket() {
    return sockets.get(sockets.size() - 1);
  }

  /** Connects for the first time. */
  public FakeSocket connected() {
    driver.connect();
    settle();
    socket().welcome(null, "c0");
    settle();
    return socket();
  }

  /** Loses the connection and opens the next socket, which is not welcomed yet. */
  public FakeSocket reopened() {
    socket().end(1006, "");
    return nextSocket();
  }

  /** Waits for the next attempt. */
  FakeSocket nextSocket() {
    int before = sockets.size();
    settle();
    for (int i = 0; i < 1_000 && sockets.size() == before; i++) {
      advance(Duration.ofMillis(100));
    }
    if (sockets.size() == before) {
      throw new AssertionError("no further attempt");
    }
    return socket();
  }

  public ConnectionState state() {
    return driver.state();
  }

  public ConnectionChange lastChange() {
    return changes.get(changes.size() - 1);
  }
}
