package dev.realtime4j.client.internal.connection;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.internal.Printable;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why the client does not get in: the log is told each reason once until it is in, and who waits no
 * longer is told the last one. Used by the loop only.
 */
public final class Reasons {
  /** A server may give a new one each time. */
  static final int MOST_TOLD = 8;

  private static final Logger log = LoggerFactory.getLogger(Reasons.class);

  private final Set<String> told = new HashSet<>();
  private String where = "the server";
  private @Nullable RealtimeException last;

  /** Where the attempt goes; its query is nobody's business. */
  public void trying(URI target) {
    where = target.getScheme() + "://" + target.getRawAuthority() + target.getRawPath();
  }

  public void failed(DisconnectReason loss) {
    RealtimeException cause = loss.cause();
    last = cause;
    boolean over = loss.next() == DisconnectReason.Next.GIVE_UP;
    String then = over ? "not trying again" : "trying again until there is one";
    if (told.size() < MOST_TOLD && told.add(String.valueOf(cause.getMessage()))) {
      log.warn("No connection to {}: {}; {}", where, Printable.of(cause.getMessage()), then);
    } else {
      log.debug("No connection to {}: {}; {}", where, Printable.of(cause.getMessage()), then);
    }
  }

  public void connected() {
    told.clear();
    last = null;
  }

  /** What to tell who does not wait any longer. */
  public RealtimeException afterWaiting(Duration time) {
    RealtimeException cause = last;
    String waited = "no connection to " + where + " within " + time.toMillis() + " ms";
    return cause == null
        ? RealtimeException.unavailable(waited + ": the first attempt is under way", null)
        : new RealtimeException(cause.code(), waited + ": " + cause.getMessage(), cause);
  }
}
