package dev.realtime4j.server.internal.websocket;

import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The half-open sockets of one address, or of a trusted proxy. Guarded by its {@link
 * ConnectionQuota}.
 */
final class AddressConnections {
  private final InetAddress address;
  private final boolean proxy;
  private final long number;

  /** Those that keep the server waiting, the longest first. */
  private final Set<ConnectionSlot> waitingFor = new LinkedHashSet<>();

  /** Those that wait for the server: for the arithmetic of TLS, or for the decision. */
  private final Set<ConnectionSlot> served = new LinkedHashSet<>();

  /**
   * @param number different from that of all others
   */
  AddressConnections(InetAddress address, boolean proxy, long number) {
    this.address = address;
    this.proxy = proxy;
    this.number = number;
  }

  InetAddress address() {
    return address;
  }

  boolean isProxy() {
    return proxy;
  }

  long number() {
    return number;
  }

  int waitingFor() {
    return waitingFor.size();
  }

  /** How large it counts among the others. */
  int weight() {
    return proxy ? waitingFor.size() : waitingFor.size() + served.size();
  }

  boolean isEmpty() {
    return waitingFor.isEmpty() && served.isEmpty();
  }

  /** Who is closed first: whoever has kept the server waiting longest. */
  ConnectionSlot first() {
    return (waitingFor.isEmpty() ? served : waitingFor).iterator().next();
  }

  void add(ConnectionSlot place, boolean keepsWaiting) {
    (keepsWaiting ? waitingFor : served).add(place);
  }

  void remove(ConnectionSlot place) {
    waitingFor.remove(place);
    served.remove(place);
  }
}
