package dev.realtime4j.server.internal.session.limit;

import java.time.Duration;
import java.util.Set;

/**
 * What one socket, one user and one address may do.
 *
 * <p>Thread safety: immutable.
 *
 * @param heartbeats how a socket shows that it lives
 * @param messages what may be sent
 * @param sockets how many may be open
 * @param handshakes who may open one
 */
public record SessionLimits(
    Heartbeats heartbeats, Messages messages, Sockets sockets, Handshakes handshakes) {
  /**
   * How a socket shows that it lives.
   *
   * @param interval how often the server asks for a sign of life
   * @param timeout how long the client may take to give it
   */
  public record Heartbeats(Duration interval, Duration timeout) {}

  /**
   * What may be sent.
   *
   * @param perSecond how many messages a user may send for each of their sockets
   * @param burst how many at once after a pause
   * @param bytesPerSecond how many bytes of them are read in a second
   * @param budgetsPerUser for how many of their sockets that counts
   * @param maxPerFrame how many lines a text frame may have
   * @param outgoingBudgetBytes how much may wait for one socket
   */
  public record Messages(
      int perSecond,
      int burst,
      int bytesPerSecond,
      int budgetsPerUser,
      int maxPerFrame,
      int outgoingBudgetBytes) {}

  /**
   * How many may be open.
   *
   * @param maxPerUser above it the user's oldest socket is closed
   * @param maxPerAddress above it new sockets from the address are refused
   * @param connectsPerSecondPerUser how often a user may open a socket
   * @param connectsPerSecondPerAddress how often an address may
   */
  public record Sockets(
      int maxPerUser,
      int maxPerAddress,
      int connectsPerSecondPerUser,
      int connectsPerSecondPerAddress) {}

  /**
   * Who may open one.
   *
   * @param timeout how long a handshake may take
   * @param tokenGrace how long an expired token may still be refreshed
   * @param allowedOrigins the browsers' origins that may connect; empty for all
   * @param trustedProxies addresses and networks whose word about the client's address counts
   */
  public record Handshakes(
      Duration timeout,
      Duration tokenGrace,
      Set<String> allowedOrigins,
      Set<String> trustedProxies) {
    public Handshakes {
      allowedOrigins = Set.copyOf(allowedOrigins);
      trustedProxies = Set.copyOf(trustedProxies);
    }
  }
}
