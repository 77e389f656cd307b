package dev.realtime4j.jdbi;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationCatchUp;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationQueries;
import dev.realtime4j.api.notification.SyncCursor;
import dev.realtime4j.api.notification.SyncResult;
import dev.realtime4j.api.notification.SyncResult.Outcome;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What users missed, by snapshot cursor. "Every id above the last one" would lose the rows whose
 * transaction was open when that one was read; a snapshot says which transactions were.
 *
 * <p>A snapshot says it of its own history only: a promoted standby, a server that crashed and a
 * restored one use transaction ids again. A cursor that was made in another history is answered by
 * its time: every row from {@code longestTransaction} before it, and clients drop what they have.
 */
final class JdbiNotificationCatchUp implements NotificationCatchUp {
  /** Users in one statement. */
  private static final int USERS = 500;

  /** Rows fetched at a time: those of a user who missed too much are not kept. */
  private static final int FETCH_SIZE = 200;

  /**
   * Where the database is. On a standby the snapshot has no list of the transactions that are open:
   * what it sees for sure is what is below its xmin.
   */
  private static final String NOW =
      """
      SELECT CASE WHEN pg_is_in_recovery()
                  THEN concat(pg_snapshot_xmin(pg_current_snapshot()), ':',
                              pg_snapshot_xmin(pg_current_snapshot()), ':')
                  ELSE pg_current_snapshot()::text END AS snapshot,
             pg_snapshot_xmin(pg_current_snapshot()) AS xmin,
             pg_snapshot_xmax(pg_current_snapshot()) AS xmax,
             (SELECT epoch FROM $schema.notification_epoch) AS epoch,
             $schema.notification_histories() AS histories,
             clock_timestamp() AS now
      """;

  /** The cursor that whoever comes without one gets: the same for all of them. */
  private static final String CURSOR =
      "SELECT s.snapshot, s.epoch, s.histories[1] AS history, s.now FROM (%s) AS s".formatted(NOW);

  /**
   * One statement, so that the rows and the cursor are of the same snapshot. At least one row for
   * each user, with a null id when nothing was missed. {@code lowest} bounds all users at once,
   * which closes old partitions when the statement is planned.
   */
  private static final String MISSED =
      """
      SELECT s.snapshot, s.epoch, s.histories[1] AS history, s.now, g.position, g.known,
             n.xact_id >= s.xmax AS is_ahead, %s
      FROM (%s) AS s
      CROSS JOIN LATERAL (
        SELECT u.user_id, u.floor, u.position, u.snapshot, h.known,
               CASE WHEN h.known = 'HERE' THEN u.snapshot ELSE '%s' END AS seen
        FROM unnest(:users::uuid[], :snapshots::text[]::pg_snapshot[], :histories::text[],
                    :floors::uuid[])
          WITH ORDINALITY AS u(user_id, snapshot, history, floor, position)
        CROSS JOIN LATERAL (
          SELECT CASE WHEN (u.history <> ALL(s.histories)) IS NOT FALSE THEN 'ELSEWHERE'
                      WHEN pg_snapshot_xmin(u.snapshot) <= s.xmin
                       AND pg_snapshot_xmax(u.snapshot) <= s.xmax THEN 'HERE'
                      ELSE 'NEVER' END AS known) AS h) AS g
      LEFT JOIN LATERAL (
        SELECT * FROM $schema.notification m
        WHERE m.user_id = g.user_id AND m.id >= g.floor AND m.id >= :lowest
          AND NOT pg_visible_in_snapshot(m.xact_id, g.seen)
        ORDER BY m.id LIMIT :limit) AS n ON true
      ORDER BY g.position, n.id
      """
          .formatted(NotificationRows.COLUMNS, NOW, Snapshot.NOTHING.toPostgres());

  private final Database database;
  private final Duration longestTransaction;
  private final HistorySigns signs;

  JdbiNotificationCatchUp(Database database, Duration longestTransaction) {
    this.database = database;
    this.longestTransaction = longestTransaction;
    this.signs = new HistorySigns(database.schema());
  }

  /** What is wrong with the database's history. */
  Optional<String> problem() {
    return signs.problem();
  }

  @Override
  public Map<UserId, SyncResult> sync(Map<UserId, Optional<SyncCursor>> cursors, int limit) {
    Map<UserId, SyncResult> answers = new HashMap<>();
    List<Request> requests = new ArrayList<>();
    Map<UserId, Boolean> isUnknown = new HashMap<>();
    cursors.forEach(
        (user, cursor) ->
            cursor
                .flatMap(SnapshotCursor::parse)
                .ifPresentOrElse(
                    since -> requests.add(new Request(user, since)),
                    () -> isUnknown.put(user, cursor.isPresent())));
    if (!isUnknown.isEmpty()) {
      SyncCursor now = now().format();
      isUnknown.forEach(
          (user, unknown) ->
              answers.put(
                  user,
                  unknown ? SyncResult.resync(now, null) : SyncResult.complete(List.of(), now)));
    }
    for (int from = 0; from < requests.size(); from += USERS) {
      List<Request> some = requests.subList(from, Math.min(requests.size(), from + USERS));
      answers.putAll(
          database.transaction(
              "read what " + some.size() + " users missed", handle -> sync(handle, some, limit)));
    }
    return answers;
  }

  /** Without the table of notifications, whose partitions cost more to plan than all of this. */
  private SnapshotCursor now() {
    return database.statement(
        "read a cursor",
        handle ->
            handle.createQuery(database.sql(CURSOR)).map((row, context) -> cursor(row)).one());
  }

  private SnapshotCursor cursor(ResultSet row) throws SQLException {
    SnapshotCursor now =
        new SnapshotCursor(
            row.getString("epoch"),
            row.getString("history"),
            Snapshot.ofPostgres(row.getString("snapshot")),
            NotificationRows.instant(row, "now"));
    signs.sawHistory(now);
    return now;
  }

  @Override
  public Optional<Instant> time() {
    return Optional.of(database.transaction("read the database's clock", DatabaseClock::now));
  }

  private Map<UserId, SyncResult> sync(Handle handle, List<Request> requests, int limit) {
    Map<Integer, Missed> missed = new HashMap<>();
    handle
        .createQuery(database.sql(MISSED))
        .bindArray("users", UUID.class, requests.stream().map(r -> r.user().value()).toList())
        .bindArray("snapshots", String.class, requests.stream().map(Request::snapshot).toList())
        .bindArray("histories", String.class, requests.stream().map(Request::history).toList())
        .bindArray("floors", UUID.class, requests.stream().map(this::floor).toList())
        .bind("lowest", lowest(requests))
        .bind("limit", limit + 1)
        .setFetchSize(FETCH_SIZE)
        .map(
            (row, context) ->
                missed
                    .computeIfAbsent(
                        row.getInt("position") - 1, i -> new Missed(requests.get(i), limit))
                    .add(row))
        .forEach(user -> {});
    Map<UserId, SyncResult> answers = new HashMap<>();
    missed.forEach((i, user) -> answers.put(requests.get(i).user(), user.answer()));
    return answers;
  }

  private UUID floor(Request request) {
    return UuidTime.floor(request.since().time().minus(longestTransaction));
  }

  private UUID lowest(Collection<Request> requests) {
    // Of equal length and in lower case, so that the order of the texts is that of PostgreSQL.
    return requests.stream()
        .map(this::floor)
        .min((a, b) -> a.toString().compareTo(b.toString()))
        .orElseThrow();
  }

  /** A user, and where their client is. */
  private record Request(UserId user, SnapshotCursor since) {
    String snapshot() {
      return since.snapshot().toPostgres();
    }

    /** Empty for a cursor that does not say it. */
    String history() {
      return Objects.requireNonNullElse(since.history(), "");
    }
  }

  /** Collects the rows of one user. */
  private final class Missed {
    private final Request request;
    private final int limit;
    private final List<Notification> rows = new ArrayList<>();
    private @Nullable SnapshotCursor now;
    private @Nullable NotificationId from;
    private int bytes;
    private Outcome outcome = Outcome.COMPLETE;

    Missed(Request request, int limit) {
      this.request = request;
      this.limit = limit;
    }

    Missed add(ResultSet row) throws SQLException {
      if (now == null) {
        now = cursor(row);
        if (!request.since().isOf(now) || row.getString("known").equals("NEVER")) {
          outcome = Outcome.RESYNC;
          from = oldestOf(request, now);
        }
      }
      if (row.getBoolean("is_ahead")) {
        signs.sawRowOfTheFuture(now);
      }
      if (outcome == Outcome.COMPLETE && row.getObject("id") != null) {
        Notification notification = NotificationRows.read(row);
        rows.add(notification);
        bytes += notification.content().bytes();
        if (rows.size() > limit || bytes > NotificationQueries.MAX_ANSWER_BYTES) {
          outcome = Outcome.RESYNC;
          from = rows.get(0).id();
          rows.clear();
        }
      }
      return this;
    }

    SyncResult answer() {
      if (now == null) {
        throw new IllegalStateException("a catch-up without a row");
      }
      return outcome == Outcome.COMPLETE
          ? SyncResult.complete(rows, now.format())
          : SyncResult.resync(now.format(), from);
    }
  }

  /**
   * Where to page back to from a cursor of another epoch: its transactions are not those of this
   * database, but its time still says what the client cannot be missing.
   */
  private @Nullable NotificationId oldestOf(Request request, SnapshotCursor now) {
    UUID floor = floor(request);
    return request.since().time().isBefore(now.time()) && !floor.equals(UuidTime.SMALLEST)
        ? new NotificationId(floor)
        : null;
  }
}
