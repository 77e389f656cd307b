package dev.realtime4j.server.internal.store;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import org.jspecify.annotations.Nullable;

/** The store was not asked, since it is known to be unavailable; who listens to that was told. */
public final class CallRefusedException extends RealtimeException {
  private static final long serialVersionUID = 1L;

  CallRefusedException(String message, @Nullable Throwable cause) {
    super(ErrorCode.UNAVAILABLE, message, cause);
  }
}
