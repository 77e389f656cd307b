package dev.realtime4j.server;

import dev.realtime4j.server.internal.session.address.AddressLiteral;
import java.net.InetAddress;

/** What can be an address to accept sockets at. */
final class BindAddress {
  private BindAddress() {}

  /**
   * @throws IllegalArgumentException that says what to write
   */
  static InetAddress parse(String text) {
    InetAddress address = AddressLiteral.parseLocal(text.strip());
    if (address == null) {
      throw new IllegalArgumentException(
          "bindAddress must be an address of this machine in numbers, such as 127.0.0.1 or ::1, and"
              + " without a port, not \""
              + text
              + "\"");
    }
    return checked(address);
  }

  /**
   * @throws IllegalArgumentException when no machine can have it
   */
  static InetAddress checked(InetAddress address) {
    if (address.isMulticastAddress()) {
      throw new IllegalArgumentException(
          "bindAddress must be an address of this machine, not the multicast address "
              + address.getHostAddress());
    }
    return address;
  }
}
