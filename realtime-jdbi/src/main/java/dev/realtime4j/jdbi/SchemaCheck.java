package dev.realtime4j.jdbi;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * Whether the schema holds what the statements of one store need, and the role may use it. Read
 * from the catalog alone, which needs no rights and locks nothing of anybody.
 *
 * <p>The version is told by what each migration leaves behind, not by Flyway's history: whoever
 * applies the files by hand has none. A test asks for a mark of every migration here.
 */
final class SchemaCheck {
  static final SchemaCheck NOTIFICATIONS =
      new SchemaCheck(
          List.of(
              new Mark("function create_months", 1),
              new Mark("table notification", 2),
              new Mark("table notification_outbox", 2),
              new Mark("table notification_dedupe", 2),
              new Mark("table notification_epoch", 2),
              new Mark("function notification_histories", 4)),
          List.of(
              "SELECT notification",
              "INSERT notification",
              "UPDATE notification",
              "DELETE notification",
              "SELECT notification_outbox",
              "INSERT notification_outbox",
              "UPDATE notification_outbox",
              "DELETE notification_outbox",
              "SELECT notification_dedupe",
              "INSERT notification_dedupe",
              "DELETE notification_dedupe",
              "SELECT notification_epoch"));

  static final SchemaCheck CONNECTION_LOG =
      new SchemaCheck(
          List.of(
              new Mark("function create_months", 1),
              new Mark("table connection_log", 3),
              new Mark("function last_seen", 5)),
          List.of(
              "SELECT connection_log",
              "INSERT connection_log",
              "UPDATE connection_log",
              "DELETE connection_log"));

  /**
   * What is there and what may be done, in words such as {@code table notification}, {@code column
   * notification.title} and {@code INSERT notification}. A right on some columns counts: which ones
   * a careful host grants is not told from here.
   */
  private static final String FACTS =
      """
      WITH s AS (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = :schema),
           t AS (SELECT c.oid, c.relname FROM pg_catalog.pg_class c JOIN s ON s.oid = c.relnamespace
                 WHERE c.relkind IN ('r', 'p') AND c.relname !~ '_p[0-9]{4}_[0-9]{2}$')
      SELECT 'schema' FROM s
      UNION ALL SELECT 'USAGE' FROM s WHERE pg_catalog.has_schema_privilege(oid, 'USAGE')
      UNION ALL SELECT 'table ' || relname FROM t
      UNION ALL SELECT 'column ' || t.relname || '.' || a.attname
        FROM t JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid
        WHERE a.attnum > 0 AND NOT a.attisdropped
      UNION ALL SELECT 'function ' || p.proname
        FROM s JOIN pg_catalog.pg_proc p ON p.pronamespace = s.oid
      UNION ALL SELECT r.name || ' ' || t.relname
        FROM t, (VALUES ('SELECT'), ('INSERT'), ('UPDATE')) AS r(name)
        WHERE pg_catalog.has_any_column_privilege(t.oid, r.name)
      UNION ALL SELECT 'DELETE ' || relname FROM t
        WHERE pg_catalog.has_table_privilege(oid, 'DELETE')
      """;

  private final List<Mark> marks;
  private final List<String> rights;

  private SchemaCheck(List<Mark> marks, List<String> rights) {
    this.marks = marks;
    this.rights = rights;
  }

  /**
   * What a migration leaves behind.
   *
   * @param what a fact, as {@link #FACTS} words it
   * @param migration its number
   */
  private record Mark(String what, int migration) {}

  /**
   * @throws RealtimeException {@code UNAVAILABLE} when the database does not answer; {@code
   *     INTERNAL} with the remedy when it is not as it has to be
   */
  void run(Database database) {
    RealtimeSchema schema = database.schema();
    Set<String> facts =
        database.transaction("look into schema " + schema, handle -> facts(handle, schema));
    List<Mark> missing = marks.stream().filter(mark -> !facts.contains(mark.what)).toList();
    if (!facts.contains("schema") || missing.size() == marks.size()) {
      throw unfit("the tables are missing in schema " + schema + "; " + migrate());
    }
    if (!missing.isEmpty()) {
      Mark first = missing.get(0);
      throw unfit(
          "schema "
              + schema
              + " is of an older version than this one of realtime-jdbi needs: it lacks "
              + first.what
              + " of migration V"
              + first.migration
              + "; "
              + migrate());
    }
    if (!facts.contains("USAGE")) {
      throw unfit(
          "the application's role may not use schema "
              + schema
              + "; let its owner GRANT USAGE ON SCHEMA "
              + schema
              + " to that role, and SELECT, INSERT, UPDATE, DELETE on its tables");
    }
    List<String> lacking = new ArrayList<>(rights);
    lacking.removeAll(facts);
    if (!lacking.isEmpty()) {
      throw unfit(
          "the application's role lacks rights in schema "
              + schema
              + " ("
              + String.join(", ", lacking)
              + "); let its owner GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "
              + schema
              + " to that role");
    }
  }

  private static Set<String> facts(Handle handle, RealtimeSchema schema) {
    return new HashSet<>(
        handle.createQuery(FACTS).bind("schema", schema.name()).mapTo(String.class).list());
  }

  private static String migrate() {
    return "let the schema's owner run RealtimeSchema.migrate, or apply RealtimeSchema.scripts()";
  }

  private static RealtimeException unfit(String message) {
    return new RealtimeException(ErrorCode.INTERNAL, message);
  }
}
