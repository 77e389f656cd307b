package dev.realtime4j.client.internal;

import dev.realtime4j.client.ConnectionChange;
import dev.realtime4j.client.ConnectionState;
import dev.realtime4j.client.CursorStore;
import dev.realtime4j.client.OfflinePolicy;
import dev.realtime4j.client.TokenProvider;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A whole client without a thread and without a network, in a time of its own. */
final class Rig implements TokenProvider {
  static final URI FIRST = URI.create("ws://first.example/ws");
  static final URI SECOND = URI.create("ws://second.example/ws");

  final ManualLoop loop = new ManualLoop();
  final List<FakeSocket> sockets = new ArrayList<>();
  final List<ConnectionChange> changes = new ArrayList<>();
  final List<String> notifications = new ArrayList<>();
  final Broadcasts broadcasts = new Broadcasts();
  final CursorStore store;
  final Engine engine;
  final RoomCalls rooms;
  final PresenceCalls presence;
  final NotificationCalls notificationCalls;
  int tokensAsked;
  int tokensRefused;
  boolean callbacksBlocked;
  double jitter = 0.5;
  @Nullable CompletionStage<String> nextToken;
  private final Deque<Runnable> callbackTasks = new ArrayDeque<>();

  Rig() {
    this(CursorStore.inMemory(), OfflinePolicy.QUEUE);
  }

  Rig(CursorStore store, OfflinePolicy policy) {
    this.store = store;
    Settings settings =
        new Settings(
            List.of(FIRST, SECOND),
            this,
            store,
            policy,
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            64 * 1024);
    engine =
        new Engine(
            loop,
            settings,
            (endpoint, token, listener) -> {
              FakeSocket socket = new FakeSocket(endpoint, token, listener);
              sockets.add(socket);
              return socket;
            },
            new Pace(9, 16),
            new Callbacks(callbackTasks::add),
            broadcasts,
            Runnable::run,
            () -> jitter);
    rooms = new RoomCalls(engine.calls, engine.desired);
    presence = new PresenceCalls(engine.calls, engine.desired);
    notificationCalls = engine.notifications();
    broadcasts.onState(changes::add);
    notificationCalls.onNew(n -> notifications.add(n.content().title()));
  }

  @Override
  public CompletionStage<String> token() {
    tokensAsked++;
    return nextToken != null
        ? nextToken
        : CompletableFuture.completedFuture("token-" + tokensAsked);
  }

  @Override
  public void refused() {
    tokensRefused++;
  }

  /** Runs everything that can run now. */
  Rig settle() {
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
  void advance(Duration time) {
    Duration until = loop.uptime().plus(time);
    settle();
    while (loop.step(until)) {
      settle();
    }
  }

  FakeSocket socket() {
    return sockets.get(sockets.size() - 1);
  }

  /** Connects for the first time. */
  FakeSocket connected() {
    engine.connect();
    settle();
    socket().welcome(null, "c0");
    settle();
    return socket();
  }

  /** Loses the connection and opens the next socket, which is not welcomed yet. */
  FakeSocket reopened() {
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

  ConnectionState state() {
    return engine.state();
  }

  ConnectionChange lastChange() {
    return changes.get(changes.size() - 1);
  }
}
