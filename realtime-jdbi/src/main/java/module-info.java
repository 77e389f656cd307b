/**
 * Notifications and connection log in PostgreSQL. Start at {@link
 * dev.realtime4j.jdbi.RealtimeSchema}.
 */
@SuppressWarnings("opens") // a package of SQL files only, which a host's own Flyway may read
module dev.realtime4j.jdbi {
  requires transitive dev.realtime4j.api;
  requires transitive org.jdbi.v3.core;
  requires io.leangen.geantyref; // JDBI needs it, and cannot say so: it is an automatic module
  requires org.slf4j;
  requires static flyway.core;
  requires static spring.beans;
  requires static spring.jdbc;
  requires static spring.tx;

  exports dev.realtime4j.jdbi;

  opens dev.realtime4j.jdbi.migration;
}
