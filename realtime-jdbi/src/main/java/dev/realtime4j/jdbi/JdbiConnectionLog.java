package dev.realtime4j.jdbi;

import dev.realtime4j.api.MaintenanceStep;
import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.connectionlog.ConnectionLog;
import dev.realtime4j.api.connectionlog.ConnectionLogEntry;
import java.time.Instant;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/**
 * The connection log in PostgreSQL 14 and newer. Last seen is a row for each user, which triggers
 * of the log keep. User agents and close reasons are cut to 512 characters; times are exact to the
 * microsecond.
 *
 * <p>The pool belongs to the application, as for {@link JdbiNotificationRepository}: see there for
 * time-outs.
 *
 * <p>Thread safety: every method may be called by any thread. Lifecycle: there is nothing to close;
 * the data source belongs to the application.
 */
public final class JdbiConnectionLog implements ConnectionLog {
  private final Database database;
  private final Partitions partitions;
  private final ConnectionLists lists;

  private JdbiConnectionLog(Builder builder) {
    this.database = new Database(builder.jdbi, builder.schema);
    this.partitions =
        new Partitions(database, "connection_log", builder.retention, LastSeen::forgetBefore);
    this.lists = new ConnectionLists(database);
  }

  /** In the schema {@code realtime}, kept for ever. */
  public static JdbiConnectionLog create(DataSource dataSource) {
    return create(Jdbi.create(Objects.requireNonNull(dataSource, "dataSource")));
  }

  /** In the schema {@code realtime}, kept for ever. */
  public static JdbiConnectionLog create(Jdbi jdbi) {
    return builder(jdbi).build();
  }

  /** In another schema, kept forever. */
  public static JdbiConnectionLog create(Jdbi jdbi, RealtimeSchema schema) {
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

    private Builder(Jdbi jdbi) {
      this.jdbi = Objects.requireNonNull(jdbi, "jdbi");
    }

    /** {@link RealtimeSchema#DEFAULT} when not called. */
    public Builder schema(RealtimeSchema schema) {
      this.schema = Objects.requireNonNull(schema, "schema");
      return this;
    }

    /**
     * How long connections are kept; forever when not called. {@link #maintain} drops whole months:
     * those that ended at least this long before the present month began.
     *
     * @param period whole months, 1 to 1200
     */
    public Builder retention(Period period) {
      this.retention = Retention.of(Objects.requireNonNull(period, "period"));
      return this;
    }

    /** Builds it; does not touch the database. */
    public JdbiConnectionLog build() {
      return new JdbiConnectionLog(this);
    }
  }

  @Override
  public void write(List<ConnectionLogEntry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    List<UUID> ids = entries.stream().map(ConnectionLogEntry::id).toList();
    partitions.writing(
        ids,
        () ->
            database.transaction(
                "write " + ids.size() + " connections from id " + ids.get(0),
                handle -> ConnectionRows.write(handle, database.schema(), entries)));
  }

  @Override
  public int closeServer(ServerId server, Instant lastSeen) {
    return database.transaction(
        "close the connections of server " + server,
        handle ->
            handle
                .createUpdate(
                    database.sql(
                        """
                        UPDATE $schema.connection_log
                        SET disconnected_at = greatest(connected_at, :at::timestamptz),
                            close_reason = :reason
                        WHERE server_id = :server AND disconnected_at IS NULL
                        """))
                .bind("at", lastSeen.truncatedTo(ChronoUnit.MICROS).toString())
                .bind("reason", ConnectionLogEntry.SERVER_LOST)
                .bind("server", server.value())
                .execute());
  }

  @Override
  public Page<ConnectionLogEntry> connections(UserId user, PageRequest page) {
    return lists.connections(user, page);
  }

  @Override
  public Page<ConnectionLogEntry> openAt(Instant at, PageRequest page) {
    return lists.openAt(at, page);
  }

  @Override
  public Map<UserId, Instant> lastSeen(Collection<UserId> users) {
    return LastSeen.of(database, users);
  }

  @Override
  public int erase(UserId user) {
    return database.transaction(
        "erase connections of user " + user,
        handle -> {
          int erased =
              handle
                  .createUpdate(
                      database.sql("DELETE FROM $schema.connection_log WHERE user_id = :user"))
                  .bind("user", user.value())
                  .execute();
          LastSeen.forget(handle, database.schema(), user);
          return erased;
        });
  }

  /**
   * {@inheritDoc}
   *
   * <p>Reads the catalog; a right on some columns of a table counts as one on the table.
   */
  @Override
  public void check() {
    SchemaCheck.CONNECTION_LOG.run(database);
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
   * months, together with users who were last seen in them, and waits for transactions that use
   * them. Each month is a transaction of its own; locks and time-outs end with it, so that both
   * steps work through pgbouncer in transaction mode.
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
