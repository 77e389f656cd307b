package dev.realtime4j.server.redis;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * Opens the connections of one bus, and ends them all at its close, also those that are just being
 * opened. Thread safety: any thread.
 */
final class BusConnector {
  private final Supplier<HostAndPort> node;
  private final JedisClientConfig config;
  private final Set<BusConnection.OneSocket> sockets = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * @param node asked for each connection
   */
  BusConnector(Supplier<HostAndPort> node, JedisClientConfig config) {
    this.node = node;
    this.config = BusConfig.of(config);
  }

  /**
   * A new connection, ready for commands.
   *
   * @throws redis.clients.jedis.exceptions.JedisException when Redis is unavailable
   */
  BusConnection open() {
    BusConnection.OneSocket socket =
        new BusConnection.OneSocket(new DefaultJedisSocketFactory(node.get(), config));
    sockets.add(socket);
    try {
      if (closed) {
        throw new JedisConnectionException("the bus is closed");
      }
      return new BusConnection(socket, config, () -> sockets.remove(socket));
    } catch (RuntimeException e) {
      socket.cut();
      sockets.remove(socket);
      throw e;
    }
  }

  void close() {
    closed = true;
    sockets.forEach(BusConnection.OneSocket::cut);
  }
}
