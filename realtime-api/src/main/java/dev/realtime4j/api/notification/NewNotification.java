package dev.realtime4j.api.notification;

import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A notification to send.
 *
 * <pre>{@code
 * NewNotification.to(user).title("Order shipped").body("It arrives on Friday.").build()
 * }</pre>
 *
 * @param userId the receiver
 * @param content title, body and data
 * @param idempotencyKey makes a repeated send return the first notification and push nothing again;
 *     per receiver, as {@link IdempotencyKey#checked} takes it: 1 to 255 characters; null for none
 */
public record NewNotification(
    UserId userId, NotificationContent content, @Nullable String idempotencyKey) {
  /**
   * Prefer {@link #to} and its builder.
   *
   * @throws InvalidValueException when the idempotency key is not valid
   */
  public NewNotification {
    if (idempotencyKey != null) {
      IdempotencyKey.checked(idempotencyKey);
    }
  }

  /** Without title, body, data and key. */
  @Override
  public String toString() {
    return "NewNotification[" + content.type() + " to " + userId + "]";
  }

  /** Begins a notification to this user. */
  public static Builder to(UserId userId) {
    Objects.requireNonNull(userId, "userId");
    return new Builder(userId);
  }

  /** Collects the parts of a notification. Not thread-safe; used once. */
  public static final class Builder {
    private final UserId userId;
    private NotificationType type = NotificationType.INFO;
    private String title = "";
    private @Nullable String body;
    private Json data = Json.EMPTY;
    private @Nullable String idempotencyKey;

    private Builder(UserId userId) {
      this.userId = userId;
    }

    /** {@code INFO} when not called. */
    public Builder type(NotificationType type) {
      this.type = Objects.requireNonNull(type, "type");
      return this;
    }

    /** Required: 1 to 255 characters. */
    public Builder title(String title) {
      this.title = Objects.requireNonNull(title, "title");
      return this;
    }

    /** Up to 16 KiB; null for none, as when not called. */
    public Builder body(@Nullable String body) {
      this.body = body;
      return this;
    }

    /** A JSON object of up to 16 KiB; empty when not called. */
    public Builder data(Json data) {
      this.data = Objects.requireNonNull(data, "data");
      return this;
    }

    /** See {@link NewNotification#idempotencyKey()}. */
    public Builder idempotencyKey(@Nullable String idempotencyKey) {
      this.idempotencyKey = idempotencyKey;
      return this;
    }

    /**
     * @throws InvalidValueException that names the invalid part
     */
    public NewNotification build() {
      return new NewNotification(
          userId, new NotificationContent(type, title, body, data), idempotencyKey);
    }
  }
}
