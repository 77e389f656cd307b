package dev.realtime4j.server.internal.session.address;

import dev.realtime4j.api.auth.Handshake;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whose word about the client's address counts, and what it says.
 *
 * <p>Each proxy writes the address that it sees at the right end of {@code X-Forwarded-For} or
 * {@code Forwarded} (RFC 7239). So they are read from the right: while the one who wrote an entry
 * is trusted, the entry counts, and the first that is not itself a trusted proxy is the client.
 * What stands further left, anybody can have written.
 *
 * <p>Proxies write one of the two headers and let the other one through. So when both are there and
 * name different clients, neither is believed.
 *
 * <p>Thread safety: immutable.
 */
public final class TrustedProxies {
  private final List<CidrBlock> networks;

  private TrustedProxies(List<CidrBlock> networks) {
    this.networks = networks;
  }

  /**
   * @param addresses single addresses and networks in CIDR form, IPv4 and IPv6
   * @throws IllegalArgumentException that names the one that is neither
   */
  public static TrustedProxies of(Collection<String> addresses) {
    return new TrustedProxies(addresses.stream().map(CidrBlock::parse).toList());
  }

  /** The handshake with the client's own address, as far as it can be believed. */
  public Handshake seenThrough(Handshake handshake) {
    InetAddress peer = handshake.remoteAddress();
    if (!isTrusted(peer)) {
      return handshake;
    }
    InetAddress one = client(peer, handshake.header("x-forwarded-for"), ForwardedHops::ofList);
    InetAddress other = client(peer, handshake.header("forwarded"), ForwardedHops::ofForwarded);
    InetAddress client = one == null ? other : other == null || other.equals(one) ? one : null;
    return client == null ? handshake : handshake.withRemoteAddress(client);
  }

  /** Reads a header, the entry on the right first; null stands for an entry that is no address. */
  @FunctionalInterface
  private interface Reading {
    List<@Nullable InetAddress> read(String header);
  }

  /** Null when the header is not there. */
  private @Nullable InetAddress client(InetAddress peer, Optional<String> header, Reading reading) {
    if (header.isEmpty()) {
      return null;
    }
    InetAddress nearest = peer;
    for (InetAddress hop : reading.read(header.get())) {
      if (hop == null) {
        return nearest; // Its trusted writer does not know, or does not say.
      }
      nearest = hop;
      if (!isTrusted(hop)) {
        return nearest;
      }
    }
    return nearest;
  }

  /** What a client's address counts as: IPv6 with its whole /64. */
  public static InetAddress counted(InetAddress client) {
    return AddressLimiter.counted(client);
  }

  /** Whether an address is one of theirs. */
  public boolean isTrusted(InetAddress address) {
    for (CidrBlock network : networks) {
      if (network.contains(address)) {
        return true;
      }
    }
    return false;
  }
}
