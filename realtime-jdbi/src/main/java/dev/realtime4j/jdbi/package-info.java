/**
 * Notifications and connection log in PostgreSQL: statements, partitions, migrations. Nothing is
 * pushed from here. Start at {@code RealtimeSchema} and {@code JdbiNotificationRepository}.
 */
@NullMarked
package dev.realtime4j.jdbi;

import org.jspecify.annotations.NullMarked;
