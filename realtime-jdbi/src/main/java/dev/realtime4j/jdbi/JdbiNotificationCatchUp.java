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
   * One statement, so that the rows and the cursor are of the same snapshot. At least one row for
   * each user, with a null id when nothing was missed. {@code lowest} bounds all users at once,
   * which closes old partitions when the statement is planned. On a standby the snapshot has no
   * list of the transactions that are open: what it sees for sure is what is below its xmin.
   */
  private static final String MISSED =
      """
      SELECT s.snapshot, s.epoch, s.histories[1] AS history, s.now, g.position, g.known,
             n.xact_id >= s.xmax AS is_ahead, %s
      FROM (SELECT CASE WHEN pg_is_in_recovery()
                        THEN concat(pg_snapshot_xmin(pg_current_snapshot()), ':',
                                    pg_snapshot_xmin(pg_current_snapshot()), ':')
                        ELSE pg_current_snapshot()::text END AS snapshot,
                   pg_snapshot_xmin(pg_current_snapshot()) AS xmin,
                   pg_snapshot_xmax(pg_current_snapshot()) AS xmax,
                   (SELECT epoch FROM $schema.notification_epoch) AS epoch,
                   $schema.notification_histories() AS histories,
                   clock_timestamp() AS now) AS s
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
          .formatted(NotificationRows.COLUMNS, Snapshot.NOTHING.toPostgres());

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
    cursors.forEach((user, cursor) -> requests.add(new Request(user, cursor)));
    for (int from = 0; from < requests.size(); from += USERS) {
      List<Request> some = requests.subList(from, Math.min(requests.size(), from + USERS));
      answers.putAll(
          database.transaction(
              "read what " + some.size() + " users missed", handle -> sync(handle, some, limit)));
    }
    return answers;
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
    return request
        .since()
        .map(cursor -> UuidTime.floor(cursor.time().minus(longestTransaction)))
        // Nothing to look for.
        .orElse(UuidTime.GREATEST);
  }

  private UUID lowest(Collection<Request> requests) {
    // Of equal length and in lower case, so that the order of the texts is that of PostgreSQL.
    return requests.stream()
        .map(this::floor)
        .min((a, b) -> a.toString().compareTo(b.toString()))
        .orElse(UuidTime.GREATEST);
  }

  /** A user, and where their client is; {@code since} is empty for no cursor and for an unknown. */
  private record Request(UserId user, Optional<SyncCursor> cursor, Optional<SnapshotCursor> since) {
    Request(UserId user, Optional<SyncCursor> cursor) {
      this(user, cursor, cursor.flatMap(SnapshotCursor::parse));
    }

    String snapshot() {
      return since.map(SnapshotCursor::snapshot).orElse(Snapshot.NOTHING).toPostgres();
    }

    /** Empty for a cursor that does not say it. */
    String history() {
      return since.map(SnapshotCursor::history).orElse("");
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
        now =
            new SnapshotCursor(
                row.getString("epoch"),
                row.getString("history"),
                Snapshot.ofPostgres(row.getString("snapshot")),
                NotificationRows.instant(row, "now"));
        signs.sawHistory(now);
        boolean isOurs =
            request.since().isPresent()
                && request.since().get().isOf(now)
                && !row.getString("known").equals("NEVER");
        if (request.cursor().isPresent() && !isOurs) {
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
    return request
        .since()
        .filter(cursor -> cursor.time().isBefore(now.time()))
        .map(cursor -> floor(request))
        .filter(floor -> !floor.equals(UuidTime.SMALLEST))
        .map(NotificationId::new)
        .orElse(null);
  }
}
