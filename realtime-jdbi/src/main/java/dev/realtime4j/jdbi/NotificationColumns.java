package dev.realtime4j.jdbi;

import dev.realtime4j.api.notification.NewNotification;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Notifications as one array for each column, for {@code unnest}. */
final class NotificationColumns {
  private NotificationColumns() {}

  /** Binds {@code users, types, titles, bodies, data, keys}. */
  static void bind(Query query, List<NewNotification> given) {
    query.bindArray("users", UUID.class, given.stream().map(n -> n.userId().value()).toList());
    query.bindArray("types", String.class, texts(given, n -> n.content().type().name()));
    query.bindArray("titles", String.class, texts(given, n -> n.content().title()));
    query.bindArray("bodies", String.class, texts(given, n -> n.content().body()));
    query.bindArray("data", String.class, texts(given, n -> n.content().data().text()));
    query.bindArray("keys", String.class, texts(given, NewNotification::idempotencyKey));
  }

  private static Object[] texts(
      List<NewNotification> given, Function<NewNotification, @Nullable String> text) {
    // An array, as immutable lists take no null.
    return given.stream().map(text).toArray();
  }
}
