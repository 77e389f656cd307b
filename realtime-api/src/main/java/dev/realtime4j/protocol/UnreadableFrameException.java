package dev.realtime4j.protocol;

import org.jspecify.annotations.Nullable;

/** Text that is not a message of this protocol. The message says why and never quotes it. */
public final class UnreadableFrameException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The id to answer with; null when it could not be read. */
  private final @Nullable Long id;

  UnreadableFrameException(@Nullable Long id, @Nullable String message) {
    super(message, null, false, false);
    this.id = id;
  }

  /** The id to answer with; null when it could not be read. */
  public @Nullable Long id() {
    return id;
  }
}
