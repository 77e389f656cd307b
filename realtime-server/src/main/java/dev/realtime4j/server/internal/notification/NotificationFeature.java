package dev.realtime4j.server.internal.notification;

import dev.realtime4j.api.MaintenanceStep;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.notification.NotificationRepository;
import dev.realtime4j.api.notification.Notifications;
import dev.realtime4j.api.notification.OutboxBacklog;
import dev.realtime4j.server.internal.cluster.NodeBus;
import dev.realtime4j.server.internal.cluster.UserChannel;
import dev.realtime4j.server.internal.health.Problems;
import dev.realtime4j.server.internal.session.MethodTable;
import dev.realtime4j.server.internal.session.SessionFeature;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Durable notifications, put together: the door of this package.
 *
 * <p>Thread safety: any thread, but for the ticks, which one thread at a time calls.
 */
public final class NotificationFeature implements AutoCloseable {
  /** How long a used idempotency key is remembered. */
  private static final Duration KEYS_KEPT = Duration.ofDays(7);

  private static final String STORE_PROBLEM = "notifications.history";

  private final NotificationRepository store;
  private final NodeBus bus;
  private final StoreHealth health = new StoreHealth();
  private final Pusher pusher;
  private final Relay relay;
  private final NotificationService service;
  private final CatchUp catchUp;
  private final StoreClock ids;
  private final Problems problems;
  private final LongAdder acknowledged = new LongAdder();
  private volatile boolean gap;

  /**
   * @param settings of this feature
   * @param problems told what is wrong with the store's content and the clocks
   */
  public NotificationFeature(
      Settings settings,
      NotificationRepository store,
      NodeBus bus,
      UserChannel users,
      InstantSource clock,
      Problems problems,
      Executor workers) {
    this.store = store;
    this.bus = bus;
    this.pusher = new Pusher(store, users, health);
    this.problems = problems;
    this.ids = new StoreClock(store, clock, System::nanoTime, problems);
    BulkPace pace = new BulkPace(settings.bulkPushesPerSecond);
    this.relay = new Relay(store, pusher, pace, settings.relayLease, bus::isConnected, health);
    this.service = new NotificationService(store, users, pusher, pace, ids, clock, workers);
    this.catchUp =
        new CatchUp(
            store, store, settings.maxMissed, settings.maxMissedBytes, health::isReadingAway);
    users.gate(catchUp);
    bus.onGap(() -> gap = true);
  }

  /**
   * What can be set.
   *
   * @param relayLease how old an outbox entry must be before the relay takes it
   * @param bulkPushesPerSecond how fast {@code sendAll} and the relay push
   * @param maxMissed more missed than this is a resync
   * @param maxMissedBytes more missed than this, in bytes on the wire, is a resync as well
   */
  public record Settings(
      Duration relayLease, int bulkPushesPerSecond, int maxMissed, int maxMissedBytes) {}

  /** What a host calls. */
  public Notifications notifications() {
    return service;
  }

  /** Brings sockets what they missed when they open. */
  public SessionFeature sessions() {
    return catchUp;
  }

  /** Adds the methods that clients call. */
  public void register(MethodTable methods) {
    new NotificationMethods(service, acknowledged).register(methods);
  }

  /** Begins to store asynchronous sends. */
  public void start() {
    service.start();
  }

  /** Makes UUIDv7 by the clock of the store; each is greater than the one before. */
  public Supplier<UUID> ids() {
    return ids::uuid;
  }

  /** Several times within every lease: clears the outbox of what was pushed. */
  public void clearTick() {
    pusher.clear();
  }

  /** Within every lease: pushes what was committed and not pushed. */
  public void relayTick() {
    relay.tick();
  }

  /** Every few seconds: looks how much waits in the outbox, at the clocks, and for problems. */
  public void measureTick() {
    relay.measure();
    try {
      ids.measure();
    } catch (RealtimeException e) {
      health.readFailed(e);
    }
    store
        .problem()
        .ifPresentOrElse(
            message -> problems.report(STORE_PROBLEM, message),
            () -> problems.clear(STORE_PROBLEM));
  }

  /** Every second: catches up what a gap of the bus, or a store that was away, swallowed. */
  public void gapTick() {
    boolean healed = gap;
    gap = false;
    if (healed || !bus.isConnected()) {
      catchUp.closeGap();
    } else {
      catchUp.payOwed();
    }
  }

  /** Now and then: checks on live sockets that no push was lost, and moves their cursors. */
  public void checkTick() {
    catchUp.check();
  }

  /** What is to be done at the start and twice a day. */
  public List<MaintenanceStep> maintenance() {
    List<MaintenanceStep> steps = new ArrayList<>(store.maintenance());
    steps.add(
        new MaintenanceStep(
            "idempotency_keys",
            () -> {
              store.purgeIdempotencyKeys(KEYS_KEPT);
              return MaintenanceStep.Outcome.DONE;
            }));
    return steps;
  }

  /** For how many months ahead the store has room; blocks on it. */
  public OptionalInt monthsAhead() {
    return store.monthsAhead();
  }

  /** Whether the store answered last time. */
  public boolean isStoreAway() {
    return health.isAway();
  }

  /** How many notifications were pushed by the relay. */
  public long relayed() {
    return relay.relayed();
  }

  /** What waited in the outbox when it was measured last. */
  public OutboxBacklog backlog() {
    return relay.backlog();
  }

  /** How many notifications clients said they have. */
  public long acknowledged() {
    return acknowledged.sum();
  }

  @Override
  public void close() {
    service.close();
    pusher.clear();
  }
}
