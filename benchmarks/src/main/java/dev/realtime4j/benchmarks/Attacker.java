package dev.realtime4j.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import redis.clients.jedis.Jedis;

/**
 * The ways in which an {@link Attack} goes on until it is interrupted: it keeps its own rate, and
 * comes back as another user when it is refused.
 *
 * <p>Thread safety: any thread.
 */
final class Attacker {
  private static final int HALF_OPEN = 300;

  /** The well-behaved users have 127.0.0.1. */
  private static final int FIRST_ADDRESS = 2;

  private static final int ADDRESSES = 20;
  private static final long PAUSE_MILLIS = 100;

  private final InetSocketAddress server;
  private final URI redis;
  private final AtomicLong refused = new AtomicLong();

  Attacker(InetSocketAddress server, URI redis) {
    this.server = server;
    this.redis = redis;
  }

  /** How often a connection, or a socket, was refused or closed. */
  long refused() {
    return refused.get();
  }

  private static int address(int number) {
    return FIRST_ADDRESS + number % ADDRESSES;
  }

  /** Keeps connections half-open, each with the next byte now and then. */
  void halfOpen(byte[] head, long pauseMillis) throws InterruptedException {
    PeerSocket[] open = new PeerSocket[HALF_OPEN];
    for (int turn = 0; ; turn++) {
      for (int i = 0; i < open.length; i++) {
        try {
          if (open[i] == null) {
            open[i] = PeerSocket.connect(server, FIRST_ADDRESS);
          } else if (head.length > 0 && turn < head.length - 4) {
            open[i].write(new byte[] {head[turn]});
          } else if (turn % 10 == 0 && open[i].isClosedByServer()) {
            throw new IOException("closed");
          }
        } catch (IOException closed) {
          refused.incrementAndGet();
          if (open[i] != null) {
            open[i].close();
          }
          open[i] = null;
        }
      }
      Thread.sleep(Math.max(pauseMillis, PAUSE_MILLIS));
    }
  }

  /** Sends a text again and again. */
  void repeat(int number, long pauseMillis, LongFunction<String> text)
      throws IOException, InterruptedException {
    repeatBytes(number, pauseMillis, id -> TextFrame.of(text.apply(id)));
  }

  /** Writes bytes again and again, on one socket after the other. */
  void repeatBytes(int number, long pauseMillis, LongFunction<byte[]> bytes)
      throws IOException, InterruptedException {
    try (PeerSocket peer = PeerSocket.open(server, address(number), UUID.randomUUID())) {
      AtomicBoolean ended = new AtomicBoolean();
      peer.discard(() -> ended.set(true));
      for (long id = 1; !ended.get(); id++) {
        peer.write(bytes.apply(id));
        Thread.sleep(pauseMillis);
      }
    }
    throw new IOException("closed by the server");
  }

  /** Opens and closes sockets of one user. */
  void reconnect(int number, long pauseMillis) throws InterruptedException {
    UUID user = UUID.randomUUID();
    while (true) {
      try {
        PeerSocket.open(server, address(number), user).close();
      } catch (IOException e) {
        refused.incrementAndGet();
      }
      Thread.sleep(pauseMillis);
    }
  }

  /** Says something and reads nothing, until the server ends it. */
  void stall(int number, String first) throws IOException, InterruptedException {
    try (PeerSocket peer = PeerSocket.open(server, address(number), UUID.randomUUID())) {
      peer.send(first);
      while (true) {
        Thread.sleep(1000);
        peer.send("{}");
      }
    }
  }

  /** Publishes on the channels that a node listens to. */
  void publishRubbish(long pauseMillis) throws InterruptedException {
    try (Jedis jedis = new Jedis(redis)) {
      byte[][] channels = {
        "realtime:bus:commands".getBytes(),
        "realtime:bus-lost".getBytes(),
        victims("user"),
        victims("presence")
      };
      for (long i = 0; ; i++) {
        jedis.publish(channels[(int) (i / 4 % channels.length)], Attack.rubbish(i));
        Thread.sleep(pauseMillis);
      }
    }
  }

  private static byte[] victims(String kind) {
    return ("realtime:bus:" + kind + ":" + GoodUsers.WATCHED).getBytes();
  }

  /** Runs one attack for good. */
  void run(Attack attack, int number) {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        attack.run(this, number);
      } catch (IOException e) {
        refused.incrementAndGet();
      } catch (InterruptedException e) {
        return;
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }
}
