package dev.realtime4j.jdbi;

import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.MaintenanceStep;
import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.IdempotencyKey;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationChanges;
import dev.realtime4j.api.notification.NotificationContent;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationOutbox;
import dev.realtime4j.api.notification.NotificationQueries;
import dev.realtime4j.api.notification.NotificationRepository;
import dev.realtime4j.api.notification.NotificationStore;
import dev.realtime4j.api.notification.NotificationUserData;
import dev.realtime4j.api.notification.OutboxBacklog;
import dev.realtime4j.api.notification.SyncCursor;
import dev.realtime4j.api.notification.SyncResult;
import dev.realtime4j.api.notification.Transaction;
import dev.realtime4j.api.notification.TransactionalNotificationStore;
import dev.realtime4j.api.notification.UnreadCount;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Notifications in PostgreSQL 14 and newer.
 *
 * <pre>{@code
 * RealtimeSchema.DEFAULT.migrate(dataSource);
 * NotificationRepository notifications = JdbiNotificationRepository.create(dataSource);
 * }</pre>
 *
 * <p>The pool belongs to the application, with auto-commit on or off. Pass in the pool itself, not
 * a data source or a JDBI that joins a surrounding transaction, such as Spring's {@code
 * TransactionAwareDataSourceProxy} or {@code SpringConnectionFactory}, or a pool of JTA: every call
 * without a {@link Transaction} is a transaction of its own, and is refused with {@code
 * BAD_REQUEST} when it gets the connection of a surrounding one. Give its connections a time-out:
 * the driver's {@code socketTimeout} is infinite by default, and a call whose connection hangs then
 * blocks forever; {@code socketTimeout=30&tcpKeepAlive=true} in the URL is a start. Each call takes
 * one connection; calls with a {@link Transaction} take none from the pool, except the first call
 * of a month. A connection goes back with the settings that it had.
 *
 * <p>Data errors are reported without PostgreSQL's own message, which would quote the row.
 *
 * <p>Thread safety: every method may be called by any thread. Lifecycle: there is nothing to close;
 * the data source belongs to the application.
 */
public final class JdbiNotificationRepository implements NotificationRepository {
  private final Database database;
  private final Partitions partitions;
  private final NotificationStore store;
  private final TransactionalNotificationStore transactional;
  private final NotificationOutbox outbox;
  private final NotificationQueries queries;
  private final NotificationChanges changes;
  private final JdbiNotificationCatchUp catchUp;
  private final NotificationUserData userData;

  private JdbiNotificationRepository(Builder builder) {
    this.database = new Database(builder.jdbi, builder.schema);
    this.partitions =
        new Partitions(database, "notification", builder.retention, Retention.Beside.NOTHING);
    NotificationInserts inserts = new NotificationInserts(builder.schema);
    this.store = new JdbiNotificationStore(database, partitions, inserts);
    this.transactional = new JdbiTransactionalStore(database, partitions, inserts);
    this.outbox = new JdbiNotificationOutbox(database);
    this.queries = new JdbiNotificationQueries(database);
    this.changes = new JdbiNotificationChanges(database);
    this.catchUp = new JdbiNotificationCatchUp(database, builder.longestTransaction);
    this.userData = new JdbiNotificationUserData(database);
  }

  /** In the schema {@code realtime}, kept for ever. */
  public static JdbiNotificationRepository create(DataSource dataSource) {
    return create(Jdbi.create(Objects.requireNonNull(dataSource, "dataSource")));
  }

  /** In the schema {@code realtime}, kept for ever. */
  public static JdbiNotificationRepository create(Jdbi jdbi) {
    return builder(jdbi).build();
  }

  /** In another schema, kept forever. */
  public static JdbiNotificationRepository create(Jdbi jdbi, RealtimeSchema schema) {
    return builder(jdbi).schema(schema).build();
  }

  /**
   * Begins one with other settings.
   *
   * @param jdbi its plugins and settings do not matter here, and are not changed
   */
  public static Builder builder(Jdbi jdbi) {
    return new Builder(jdbi);
  }

  /** Collects settings. Not thread-safe. */
  public static final class Builder {
    private final Jdbi jdbi;
    private RealtimeSchema schema = RealtimeSchema.DEFAULT;
    private Retention retention = Retention.FOR_EVER;
    private Duration longestTransaction = Duration.ofHours(24);

    private Builder(Jdbi jdbi) {
      this.jdbi = Objects.requireNonNull(jdbi, "jdbi");
    }

    /** {@link RealtimeSchema#DEFAULT} when not called. */
    public Builder schema(RealtimeSchema schema) {
      this.schema = Objects.requireNonNull(schema, "schema");
      return this;
    }

    /**
     * How long notifications are kept; forever when not called. {@link #maintain} drops whole
     * months: those that ended at least this long before the present month began.
     *
     * @param period whole months, 1 to 1200
     */
    public Builder retention(Period period) {
      this.retention = Retention.of(Objects.requireNonNull(period, "period"));
      return this;
    }

    /**
     * How long a transaction of the application with a notification in it may be open; 24 hours
     * when not called. Catch-up does not look for notifications whose id is older than a client's
     * cursor by more than this.
     *
     * @param duration one minute to 31 days
     */
    public Builder longestTransaction(Duration duration) {
      Objects.requireNonNull(duration, "duration");
      if (duration.compareTo(Duration.ofMinutes(1)) < 0
          || duration.compareTo(Duration.ofDays(31)) > 0) {
        throw new InvalidValueException(
            "longestTransaction must be one minute to 31 days, not " + duration);
      }
      this.longestTransaction = duration;
      return this;
    }

    /** Builds it; does not touch the database. */
    public JdbiNotificationRepository build() {
      return new JdbiNotificationRepository(this);
    }
  }

  @Override
  public Stored insert(NotificationId id, NewNotification notification) {
    return store.insert(id, notification);
  }

  @Override
  public List<Stored> insertAll(List<NotificationId> ids, List<NewNotification> notifications) {
    return store.insertAll(ids, notifications);
  }

  @Override
  public List<Stored> insertAll(
      List<NotificationId> ids, List<NewNotification> notifications, Duration wait) {
    return store.insertAll(ids, notifications, wait);
  }

  @Override
  public List<Notification> insertForAll(
      List<NotificationId> ids,
      List<UserId> receivers,
      NotificationContent content,
      @Nullable String idempotencyKey) {
    return store.insertForAll(ids, receivers, content, idempotencyKey);
  }

  @Override
  public Stored insert(Transaction transaction, NotificationId id, NewNotification notification) {
    return transactional.insert(transaction, id, notification);
  }

  @Override
  public List<Stored> insertAll(
      Transaction transaction, List<NotificationId> ids, List<NewNotification> notifications) {
    return transactional.insertAll(transaction, ids, notifications);
  }

  @Override
  public List<Notification> insertForAll(
      Transaction transaction,
      List<NotificationId> ids,
      List<UserId> receivers,
      NotificationContent content,
      @Nullable String idempotencyKey) {
    return transactional.insertForAll(transaction, ids, receivers, content, idempotencyKey);
  }

  @Override
  public List<Notification> pending(Collection<NotificationId> ids) {
    return outbox.pending(ids);
  }

  @Override
  public List<Notification> claimOutbox(Duration lease, int limit) {
    return outbox.claimOutbox(lease, limit);
  }

  @Override
  public OutboxBacklog outboxBacklog() {
    return outbox.outboxBacklog();
  }

  @Override
  public void removeFromOutbox(Collection<NotificationId> ids) {
    outbox.removeFromOutbox(ids);
  }

  @Override
  public Map<UserId, SyncResult> sync(Map<UserId, Optional<SyncCursor>> cursors, int limit) {
    return catchUp.sync(cursors, limit);
  }

  @Override
  public Optional<Instant> time() {
    return catchUp.time();
  }

  @Override
  public Optional<Instant> time(Transaction transaction) {
    return transactional.time(transaction);
  }

  @Override
  public Optional<String> problem() {
    return catchUp.problem();
  }

  @Override
  public Page<Notification> list(UserId user, NotificationFilter filter, PageRequest page) {
    return queries.list(user, filter, page);
  }

  @Override
  public UnreadCount unreadCount(UserId user) {
    return queries.unreadCount(user);
  }

  @Override
  public Map<UserId, UnreadCount> unreadCounts(Collection<UserId> users) {
    return queries.unreadCounts(users);
  }

  @Override
  public Optional<Read> read(UserId user, NotificationId id, Instant at) {
    return changes.read(user, id, at);
  }

  @Override
  public int readAll(UserId user, NotificationId upTo, Instant at) {
    return changes.readAll(user, upTo, at);
  }

  @Override
  public boolean delete(UserId user, NotificationId id) {
    return changes.delete(user, id);
  }

  @Override
  public int purgeIdempotencyKeys(Duration age) {
    return store.purgeIdempotencyKeys(age);
  }

  @Override
  public int erase(UserId user) {
    return userData.erase(user);
  }

  @Override
  public void export(UserId user, Consumer<Notification> sink) {
    userData.export(user, sink);
  }

  @Override
  public List<IdempotencyKey> idempotencyKeys(UserId user) {
    return userData.idempotencyKeys(user);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Reads the catalog; a right on some columns of a table counts as one on the table.
   */
  @Override
  public void check() {
    SchemaCheck.NOTIFICATIONS.run(database);
  }

  @Override
  public void maintain() {
    MaintenanceStep.runAll(maintenance());
  }

  /**
   * {@inheritDoc}
   *
   * <p>{@code months} creates last month, this one and three ahead; a role that may not create
   * tables fails only when fewer than two exist. {@code retention}, where one is set, drops whole
   * months, and waits for transactions that use them. Each month is a transaction of its own; locks
   * and time-outs end with it, so that both steps work through pgbouncer in transaction mode.
   */
  @Override
  public List<MaintenanceStep> maintenance() {
    return partitions.maintenance();
  }

  /**
   * {@inheritDoc}
   *
   * <p>Three after {@link #maintain}.
   */
  @Override
  public OptionalInt partitionsAhead() {
    return OptionalInt.of(partitions.partitionsAhead());
  }
}
