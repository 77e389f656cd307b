package dev.realtime4j.server.redis;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * One connection of the bus, for publishing or for listening. It lives once: Jedis would open it
 * again by itself at the next write, without its subscriptions.
 *
 * <p>Thread safety: one thread reads, one thread at a time writes, any thread may {@link #cut}.
 */
final class BusConnection extends Connection {
  /** How many channels one SUBSCRIBE names. */
  private static final int CHANNELS = 1_000;

  private final OneSocket socket;
  private final Runnable onCut;

  /**
   * @param onCut run at every {@link #cut}
   */
  BusConnection(OneSocket socket, JedisClientConfig config, Runnable onCut) {
    super(socket, config);
    this.socket = socket;
    this.onCut = onCut;
  }

  /** Publishes what follows with {@link #flushPublished}. */
  void publish(String redisChannel, byte[] message) {
    sendCommand(Protocol.Command.PUBLISH, redisChannel.getBytes(StandardCharsets.UTF_8), message);
  }

  /**
   * Sends what was published, and waits until Redis has taken it.
   *
   * @param count how many there were
   * @return how many of them Redis refused
   */
  long flushPublished(int count) {
    return getMany(count).stream().filter(Exception.class::isInstance).count();
  }

  void subscribe(List<String> redisChannels) {
    send(Protocol.Command.SUBSCRIBE, redisChannels);
  }

  void unsubscribe(List<String> redisChannels) {
    send(Protocol.Command.UNSUBSCRIBE, redisChannels);
  }

  private void send(Protocol.Command command, List<String> channels) {
    for (int from = 0; from < channels.size(); from += CHANNELS) {
      sendCommand(
          command,
          channels.subList(from, Math.min(from + CHANNELS, channels.size())).stream()
              .map(channel -> channel.getBytes(StandardCharsets.UTF_8))
              .toArray(byte[][]::new));
    }
    flush();
  }

  /**
   * The next thing that Redis says.
   *
   * @throws JedisConnectionException when the connection is gone, or silent for too long
   */
  List<?> read() {
    return getUnflushedObject() instanceof List<?> reply ? reply : List.of();
  }

  /** From now on, silence for so long ends the connection. */
  void endAfterSilence(Duration silence) {
    setSoTimeout((int) silence.toMillis());
  }

  /** Ends the connection at once, whoever reads or writes. */
  void cut() {
    setBroken();
    socket.cut();
    onCut.run();
  }

  /** Opens one socket and no second one, and remembers it. */
  static final class OneSocket implements JedisSocketFactory {
    private final JedisSocketFactory sockets;
    private boolean cut;
    private @Nullable Socket opened;

    OneSocket(JedisSocketFactory sockets) {
      this.sockets = sockets;
    }

    @Override
    public Socket createSocket() {
      synchronized (this) {
        if (cut || opened != null) {
          throw new JedisConnectionException("this connection of the bus has ended");
        }
      }
      Socket socket = sockets.createSocket();
      synchronized (this) {
        opened = socket;
        if (cut) {
          close(socket);
        }
      }
      return socket;
    }

    void cut() {
      synchronized (this) {
        cut = true;
        if (opened != null) {
          close(opened);
        }
      }
    }

    private static void close(Socket socket) {
      try {
        socket.close();
      } catch (IOException alreadyGone) {
        return;
      }
    }
  }
}
