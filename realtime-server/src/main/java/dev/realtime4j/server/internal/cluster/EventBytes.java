package dev.realtime4j.server.internal.cluster;

import dev.realtime4j.api.RealtimeException;

/** Events as they come from the bus, on their way to sockets without being read. */
public final class EventBytes {
  private EventBytes() {}

  /**
   * Checks, at no cost, that it may be an event: what is empty, cut off or something else
   * altogether would make clients close their sockets.
   *
   * @param message whose end, from an index on, is the event
   * @param from where the event begins
   * @throws RealtimeException {@code BAD_REQUEST} when it is none
   */
  public static void check(byte[] message, int from) {
    if (message.length - from < 2 || message[from] != '{' || message[message.length - 1] != '}') {
      throw RealtimeException.badRequest("it is no event");
    }
  }
}
