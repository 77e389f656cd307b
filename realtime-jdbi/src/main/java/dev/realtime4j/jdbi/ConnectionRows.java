package dev.realtime4j.jdbi;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.connectionlog.ConnectionLogEntry;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** Connections to rows of the table and back. */
final class ConnectionRows {
  static final String COLUMNS =
      "c.id, c.user_id, c.server_id, c.socket_id, host(c.remote_address) AS remote_address,"
          + " c.user_agent, c.connected_at, c.disconnected_at, c.close_code, c.close_reason";

  /**
   * A close is written once; what another node guessed is corrected, or taken back. The rows that
   * triggers change with it are locked in one order, so that no two nodes wait for each other.
   */
  private static final String UPSERT =
      """
      INSERT INTO $schema.connection_log AS c
        (id, user_id, server_id, socket_id, remote_address, user_agent,
         connected_at, disconnected_at, close_code, close_reason)
      SELECT id, user_id, server_id, socket_id, remote_address::inet, user_agent,
             connected_at::timestamptz, disconnected_at::timestamptz, close_code, close_reason
      FROM unnest(:ids::uuid[], :users::uuid[], :servers::text[], :sockets::text[],
                  :addresses::text[], :agents::text[], :connected::text[],
                  :disconnected::text[], :codes::int[], :reasons::text[])
        AS g(id, user_id, server_id, socket_id, remote_address, user_agent,
             connected_at, disconnected_at, close_code, close_reason),
           $schema.lock_last_seen(:users::uuid[])
      ORDER BY id
      ON CONFLICT (id) DO UPDATE
        SET disconnected_at = excluded.disconnected_at, close_code = excluded.close_code,
            close_reason = excluded.close_reason
        WHERE c.close_reason = :lost
          OR (c.disconnected_at IS NULL AND excluded.disconnected_at IS NOT NULL)
      """;

  private static final int LONGEST_TEXT = 512;

  /** By code point: what is half of a pair is no pair. */
  private static final Pattern HALF_OF_A_PAIR = Pattern.compile("[\\ud800-\\udfff]");

  private ConnectionRows() {}

  static int write(Handle handle, RealtimeSchema schema, List<ConnectionLogEntry> entries) {
    Update update = handle.createUpdate(schema.sql(UPSERT));
    update.bindArray("ids", UUID.class, column(entries, ConnectionLogEntry::id));
    update.bindArray("users", UUID.class, column(entries, e -> e.userId().value()));
    update.bindArray("servers", String.class, column(entries, e -> e.serverId().value()));
    update.bindArray("sockets", String.class, column(entries, e -> e.socketId().value()));
    update.bindArray("addresses", String.class, column(entries, e -> text(e.remoteAddress())));
    update.bindArray("agents", String.class, column(entries, e -> storable(e.userAgent())));
    update.bindArray("connected", String.class, column(entries, e -> text(e.connectedAt())));
    update.bindArray("disconnected", String.class, column(entries, e -> text(e.disconnectedAt())));
    update.bindArray("codes", Integer.class, column(entries, ConnectionLogEntry::closeCode));
    update.bindArray("reasons", String.class, column(entries, e -> storable(e.closeReason())));
    return update.bind("lost", ConnectionLogEntry.SERVER_LOST).execute();
  }

  private static Object[] column(
      List<ConnectionLogEntry> entries, Function<ConnectionLogEntry, @Nullable Object> value) {
    return entries.stream().map(value).toArray();
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.truncatedTo(ChronoUnit.MICROS).toString();
  }

  /** Without the interface that a link-local address may carry: {@code fe80::1%eth0}. */
  private static String text(InetAddress address) {
    String text = address.getHostAddress();
    int scope = text.indexOf('%');
    return scope < 0 ? text : text.substring(0, scope);
  }

  /** What a stranger wrote, as PostgreSQL takes it. */
  private static @Nullable String storable(@Nullable String text) {
    if (text == null) {
      return null;
    }
    String clean = HALF_OF_A_PAIR.matcher(text.replace("\0", "")).replaceAll("\ufffd");
    if (clean.length() <= LONGEST_TEXT) {
      return clean;
    }
    boolean splits = Character.isHighSurrogate(clean.charAt(LONGEST_TEXT - 1));
    return clean.substring(0, splits ? LONGEST_TEXT - 1 : LONGEST_TEXT);
  }

  static ConnectionLogEntry read(ResultSet row) throws SQLException {
    int code = row.getInt("close_code");
    Integer closeCode = row.wasNull() ? null : Integer.valueOf(code);
    return new ConnectionLogEntry(
        NotificationRows.uuid(row, "id"),
        new UserId(NotificationRows.uuid(row, "user_id")),
        new ServerId(row.getString("server_id")),
        new SocketId(row.getString("socket_id")),
        address(row.getString("remote_address")),
        row.getString("user_agent"),
        NotificationRows.instant(row, "connected_at"),
        NotificationRows.instantOrNull(row, "disconnected_at"),
        closeCode,
        row.getString("close_reason"));
  }

  private static InetAddress address(String literal) throws SQLException {
    try {
      // A literal: nothing is looked up.
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new SQLException("an address of the connection log is not readable", "22P02", e);
    }
  }
}
