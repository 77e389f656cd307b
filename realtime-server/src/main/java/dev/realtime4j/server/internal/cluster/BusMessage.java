package dev.realtime4j.server.internal.cluster;

import dev.realtime4j.api.RealtimeException;
import org.jspecify.annotations.Nullable;

/**
 * What nodes tell each other on a channel. The sockets of the node that publishes it get this very
 * object, those of the others what its {@link Envelope} brings there.
 *
 * @param label one line for the receiving node; null for none, and it never begins with a brace
 * @param body UTF-8 text, mostly an event as it stands on the wire; modified by nobody
 */
public record BusMessage(@Nullable String label, byte[] body) {
  /** Without a label. */
  public static BusMessage of(byte[] body) {
    return new BusMessage(null, body);
  }

  /**
   * The body as an event, on its way to sockets without being read. Checked, at no cost, is that it
   * may be one: what is empty, cut off or something else altogether would make clients close their
   * sockets.
   *
   * @throws RealtimeException {@code BAD_REQUEST} when it is none
   */
  public byte[] event() {
    if (body.length < 2 || body[0] != '{' || body[body.length - 1] != '}') {
      throw RealtimeException.badRequest("it is no event");
    }
    return body;
  }
}
