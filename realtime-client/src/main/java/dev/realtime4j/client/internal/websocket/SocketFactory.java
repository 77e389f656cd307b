package dev.realtime4j.client.internal.websocket;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The seam between the client and the network. */
@FunctionalInterface
public interface SocketFactory {
  /**
   * Begins to open a socket; returns at once.
   *
   * @param endpoint where, with the query
   * @param token for {@code Authorization: Bearer}
   * @param listener told on threads of the socket
   */
  Socket open(URI endpoint, String token, Listener listener);

  /** A socket that is opening, open or closed. Every method may be called by any thread. */
  interface Socket {
    /** Sends a text message; does nothing when the socket is not open. Does not block. */
    void send(String text);

    /** Says goodbye with code 1000. Does not block; the end is told to the listener. */
    void close();

    /** Ends it without a word, also while it is opening. Does not block. */
    void abort();

    /** Done when all threads of the socket are about to end. */
    CompletableFuture<Void> ended();
  }

  /** What a socket tells; one call at a time. */
  interface Listener {
    /**
     * Bytes arrived, of whatever: a message in part or in whole, a ping, a pong. Told before what
     * comes of them. Does not block.
     *
     * @param inside whether a message has arrived in part, and the rest of it has not
     */
    void onBytes(boolean inside);

    /** A text message arrived. May block, to slow the other end down. */
    void onText(String text);

    /** It was refused, could not be opened, or was closed. Told once, as the last thing. */
    void onEnd(End end);
  }

  /** How a socket ended. */
  sealed interface End {
    /** The handshake was answered with another HTTP status; the server may have told why. */
    record Refused(int status, @Nullable Duration retryAfter, @Nullable String detail)
        implements End {
      public Refused(int status, @Nullable Duration retryAfter) {
        this(status, retryAfter, null);
      }
    }

    /** It was closed, by whichever side; 1005 when without a code, 1006 when without a word. */
    record Closed(int code, String reason) implements End {}

    /** The network failed before it was open. */
    record Unreachable(String message, @Nullable Throwable cause) implements End {}
  }
}
