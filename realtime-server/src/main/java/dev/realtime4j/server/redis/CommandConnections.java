package dev.realtime4j.server.redis;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.providers.ConnectionProvider;

/**
 * The connections for commands: a bounded number, kept while they are in use now and then. Jedis's
 * own pool does more, and needs commons-pool2: a library whose mere presence makes other clients of
 * Redis pool theirs.
 *
 * <p>Thread safety: any thread; a connection belongs to one until it is closed.
 */
final class CommandConnections implements ConnectionProvider {
  private final JedisSocketFactory sockets;
  private final JedisClientConfig config;
  private final Duration maxWait;
  private final long maxIdleNanos;
  private final LongSupplier nanoTime;
  private final Semaphore free;

  /** The one that was used last is the last; guarded by itself. */
  private final Deque<Lent> idle = new ArrayDeque<>();

  private volatile boolean closed;

  /**
   * @param most how many there may be
   * @param maxWait how long a caller waits for one of them
   * @param maxIdle what nobody has used for longer is closed, before a firewall forgets it
   * @param nanoTime the monotonic clock
   */
  CommandConnections(
      JedisSocketFactory sockets,
      JedisClientConfig config,
      int most,
      Duration maxWait,
      Duration maxIdle,
      LongSupplier nanoTime) {
    this.sockets = sockets;
    this.config = config;
    this.free = new Semaphore(most);
    this.maxWait = maxWait;
    this.maxIdleNanos = maxIdle.toNanos();
    this.nanoTime = nanoTime;
  }

  /**
   * A connection, to be closed by who got it.
   *
   * @throws JedisException when none is free in time, or Redis is unavailable
   */
  @Override
  public Connection getConnection() {
    awaitFree();
    try {
      if (closed) {
        throw new JedisException("the connections to Redis are closed");
      }
      Lent kept = takeIdle();
      Lent lent = kept == null ? new Lent() : kept;
      lent.out = true;
      return lent;
    } catch (RuntimeException | Error e) {
      free.release();
      throw e;
    }
  }

  @Override
  public Connection getConnection(CommandArguments arguments) {
    return getConnection();
  }

  /** Closes those that nobody uses: they may be of before an outage. */
  void forgetIdle() {
    List<Lent> all;
    synchronized (idle) {
      all = List.copyOf(idle);
      idle.clear();
    }
    all.forEach(Lent::end);
  }

  /** Closes the idle ones now and the others when they come back. Idempotent. */
  @Override
  public void close() {
    closed = true;
    forgetIdle();
  }

  private void awaitFree() {
    // A thread that is interrupted gets one that is free, so that it can end its work.
    if (free.tryAcquire()) {
      return;
    }
    try {
      if (!free.tryAcquire(maxWait.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new JedisException(
            "no connection to Redis was free within " + maxWait.toMillis() + " ms");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JedisException("interrupted while all connections to Redis were in use", e);
    }
  }

  private @Nullable Lent takeIdle() {
    List<Lent> tooOld = new ArrayList<>();
    Lent taken;
    synchronized (idle) {
      while (!idle.isEmpty() && idle.getFirst().isTooOld()) {
        tooOld.add(idle.removeFirst());
      }
      taken = idle.pollLast();
    }
    tooOld.forEach(Lent::end);
    return taken;
  }

  private void takeBack(Lent lent) {
    boolean kept = !closed && !lent.isBroken();
    if (kept) {
      lent.since = nanoTime.getAsLong();
      synchronized (idle) {
        idle.addLast(lent);
      }
    } else {
      lent.end();
    }
    free.release();
    if (kept && closed) {
      forgetIdle();
    }
  }

  /** One connection; its close gives it back. */
  private final class Lent extends Connection {
    private boolean out;
    private long since;

    Lent() {
      super(sockets, config);
    }

    boolean isTooOld() {
      return nanoTime.getAsLong() - since > maxIdleNanos;
    }

    @Override
    public void close() {
      if (out) {
        out = false;
        takeBack(this);
      }
    }

    void end() {
      try {
        disconnect();
      } catch (JedisConnectionException alreadyGone) {
        return;
      }
    }
  }
}
