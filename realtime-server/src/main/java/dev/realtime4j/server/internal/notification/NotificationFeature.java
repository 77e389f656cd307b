package dev.realtime4j.server.internal.notification;

import dev.realtime4j.api.MaintenanceStep;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NotificationRepository;
import dev.realtime4j.api.notification.Notifications;
import dev.realtime4j.api.notification.OutboxBacklog;
import dev.realtime4j.server.internal.feature.DurableStore;
import dev.realtime4j.server.internal.feature.Feature;
import dev.realtime4j.server.internal.feature.NodeContext;
import dev.realtime4j.server.internal.feature.Ticks;
import dev.realtime4j.server.internal.health.Components;
import dev.realtime4j.server.internal.session.OpeningSession;
import dev.realtime4j.server.internal.session.Session;
import dev.realtime4j.server.internal.session.call.MethodTable;
import dev.realtime4j.server.internal.store.StoreGuard;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Durable notifications, put together: the door of this package.
 *
 * <p>Thread safety: any thread, but for the ticks, which one thread at a time calls.
 */
public final class NotificationFeature implements Feature {
  /** The metric: how many notifications clients said they have. */
  public static final String ACKNOWLEDGED = "notifications.acknowledged";

  /** The metric: how many notifications were pushed by the relay. */
  public static final String RELAYED = "notifications.relayed";

  /** The metric: how many of them wait in the outbox, over the cluster. */
  public static final String OUTBOX_WAITING = "notifications.outbox.waiting";

  /** The metric: how long the oldest of those has waited. */
  public static final String OUTBOX_OLDEST = "notifications.outbox.oldest";

  /** How long a used idempotency key is remembered. */
  private static final Duration KEYS_KEPT = Duration.ofDays(7);

  /** A socket that opens waits for what it missed for so long; then it is owed that. */
  private static final Duration LONGEST_OPENING = Duration.ofSeconds(2);

  /** Has no notifications. */
  private static final UserId NOBODY = new UserId(new UUID(-1, -1));

  private final Settings settings;
  private final NotificationRepository store;
  private final NodeContext context;
  private final StoreHealth health = new StoreHealth();
  private final StoreGuard guard;
  private final Pusher pusher;
  private final Relay relay;
  private final NotificationService service;
  private final CatchUp catchUp;
  private final StoreClock ids;
  private final LongAdder acknowledged = new LongAdder();
  private volatile boolean gap;

  /**
   * What can be set.
   *
   * @param relayLease how old an outbox entry must be before the relay takes it
   * @param bulkPushesPerSecond how fast {@code sendAll} and the relay push
   * @param syncInterval how often live sockets are checked for lost pushes
   * @param maxMissed more missed than this is a resync
   * @param maxMissedBytes more missed than this, in bytes on the wire, is a resync as well
   */
  public record Settings(
      Duration relayLease,
      int bulkPushesPerSecond,
      Duration syncInterval,
      int maxMissed,
      int maxMissedBytes) {}

  /**
   * @param settings of this feature
   * @param context of its node
   */
  public NotificationFeature(Settings settings, NotificationRepository store, NodeContext context) {
    this.settings = settings;
    this.store = store;
    this.context = context;
    this.guard =
        new StoreGuard(
            "the notification store", "notification", context.environment(), this::probe, health);
    GuardedStore guarded = new GuardedStore(store, guard);
    this.pusher = new Pusher(guarded, context.users(), health);
    this.ids = new StoreClock(guarded, context.clock(), context.nanoTime(), context.problems());
    BulkRateLimiter pace = new BulkRateLimiter(settings.bulkPushesPerSecond, context.environment());
    this.relay =
        new Relay(guarded, pusher, pace, settings.relayLease, context.bus()::isConnected, health);
    TransactionSender transactions =
        new TransactionSender(store, guarded, pusher, pace, ids, guard.threads());
    this.service = new NotificationService(guarded, transactions, pusher, pace, ids, context);
    this.catchUp =
        new CatchUp(guarded, guarded, settings.maxMissed, settings.maxMissedBytes, this::boundedly);
    context.users().filter(RecentlyDelivered::isNew);
    context.bus().onGap(() -> gap = true);
  }

  private CatchUp.Read boundedly(Supplier<CatchUp.Read> reading) {
    return guard.within(LONGEST_OPENING, reading);
  }

  /** Reads the table, so that a lock on it is found out as well. */
  private void probe() {
    store.unreadCount(NOBODY);
  }

  /** What a host calls. */
  public Notifications notifications() {
    return service;
  }

  /** Makes UUIDv7 by the clock of the store; each is greater than the one before. */
  public Supplier<UUID> ids() {
    return ids::uuid;
  }

  @Override
  public void register(MethodTable methods) {
    new NotificationMethods(service, guard, acknowledged).register(methods);
  }

  @Override
  public void opening(List<OpeningSession> arrivals) {
    catchUp.opening(arrivals);
  }

  @Override
  public void closed(Session session, int code, String reason) {
    catchUp.closed(session, code, reason);
  }

  @Override
  public void schedule(Ticks ticks) {
    Duration withinLease = Ticks.within(settings.relayLease);
    ticks.every(withinLease, "Clearing the outbox", pusher::clear);
    ticks.every(withinLease, "The relay", relay::tick);
    ticks.every(Duration.ofSeconds(5), "Measuring the outbox", this::measure);
    ticks.every(Duration.ofSeconds(1), "Closing gaps", this::closeGap);
    ticks.every(settings.syncInterval, "The live check", catchUp::check);
  }

  /** Begins to store asynchronous sends. */
  @Override
  public void start() {
    guard.watch(context.timer());
    service.start();
  }

  /** Looks how much waits in the outbox, and at the clocks. */
  private void measure() {
    relay.measure();
    try {
      ids.measure();
    } catch (RealtimeException e) {
      health.readFailed(e);
    }
  }

  /** Catches up what a gap of the bus, or a store that was unavailable, swallowed. */
  private void closeGap() {
    boolean healed = gap;
    gap = false;
    if (healed || !context.bus().isConnected()) {
      catchUp.closeGap();
    } else {
      catchUp.retryDeferred();
    }
  }

  @Override
  public DurableStore durableStore() {
    MaintenanceStep keys =
        new MaintenanceStep(
            "idempotency_keys",
            () -> {
              store.purgeIdempotencyKeys(KEYS_KEPT);
              return MaintenanceStep.Outcome.DONE;
            });
    return new DurableStore(Components.NOTIFICATIONS, store, store, List.of(keys));
  }

  @Override
  public Map<String, Boolean> components() {
    return Map.of(Components.NOTIFICATIONS, !health.isUnavailable());
  }

  @Override
  public Map<String, Long> metrics() {
    OutboxBacklog backlog = relay.backlog();
    return Map.of(
        ACKNOWLEDGED, acknowledged.sum(),
        RELAYED, relay.relayed(),
        OUTBOX_WAITING, (long) backlog.waiting(),
        OUTBOX_OLDEST, backlog.oldest().toNanos());
  }

  @Override
  public void close() {
    service.close();
    pusher.clear();
    guard.close();
  }
}
