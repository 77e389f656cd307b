package dev.realtime4j.client.internal.notification;

import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.Page;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.protocol.NotificationJson;
import java.time.DateTimeException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads notifications as the server sends them: without their user, who is the one that the server
 * welcomed. Used by the loop only.
 */
public final class NotificationReader {
  private static final Logger log = LoggerFactory.getLogger(NotificationReader.class);

  private @Nullable UserId user;

  /** The server has welcomed this user. */
  void welcomed(UserId welcomed) {
    user = welcomed;
  }

  /** Reads a page of the list. */
  Page<Notification> page(Json result) {
    Map<String, Json> fields = result.fields();
    Json next = fields.getOrDefault("next_cursor", Json.NULL);
    return new Page<>(
        fields.getOrDefault("notifications", Json.NULL).elements().stream()
            .map(this::read)
            .filter(Optional::isPresent)
            .map(Optional::get)
            .collect(Collectors.toList()),
        next.isNull() ? null : next.asString());
  }

  /** One that cannot be read shall not hold up those that come after it. */
  Optional<Notification> read(Json json) {
    if (user == null) {
      throw new IllegalStateException("a notification came before the welcome");
    }
    try {
      return Optional.of(NotificationJson.read(user, json));
    } catch (InvalidValueException | DateTimeException e) {
      log.warn("A notification could not be read and is left out: {}", e.getMessage());
      return Optional.empty();
    }
  }
}
