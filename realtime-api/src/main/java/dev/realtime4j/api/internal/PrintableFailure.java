package dev.realtime4j.api.internal;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A failure as it may stand in a log with all its frames: what applications throw often quotes what
 * a client has sent, such as {@code For input string: …}.
 */
public final class PrintableFailure extends Throwable {
  private static final long serialVersionUID = 1L;

  private final String text;

  private PrintableFailure(Throwable failure, @Nullable Throwable cause) {
    super(Printable.of(failure.getMessage()), cause, false, true);
    this.text =
        failure.getClass().getName()
            + (failure.getMessage() == null ? "" : ": " + Printable.of(failure.getMessage()));
    setStackTrace(failure.getStackTrace());
  }

  /**
   * @param failure what is to be logged
   * @return itself, when no message of it or its causes could forge a line
   */
  public static Throwable of(Throwable failure) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Throwable one = failure; one != null && seen.add(one); one = one.getCause()) {
      String message = one.getMessage();
      if (message != null && !Printable.of(message).equals(message)) {
        return copy(failure, seen.size() + 10);
      }
    }
    return failure;
  }

  private static Throwable copy(Throwable failure, int causesLeft) {
    Throwable cause = failure.getCause();
    return new PrintableFailure(
        failure, cause == null || causesLeft == 0 ? null : copy(cause, causesLeft - 1));
  }

  /** As the failure itself would begin its trace. */
  @Override
  public String toString() {
    return text;
  }
}
