package dev.realtime4j.server.internal.session.address;

import dev.realtime4j.server.internal.session.limit.SessionLimits;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * How many sockets each address holds, counted from the decision about its handshake on. An IPv6
 * address counts with its whole /64: that is what one customer gets, to choose addresses from.
 *
 * <p>Thread safety: any thread.
 */
public final class AddressLimiter {
  private final int most;
  private final Duration handshakeTimeout;
  private final ScheduledExecutorService timer;
  private final ConcurrentHashMap<InetAddress, Integer> counts = new ConcurrentHashMap<>();

  public AddressLimiter(SessionLimits limits, ScheduledExecutorService timer) {
    this.most = limits.sockets().maxPerAddress();
    this.handshakeTimeout = limits.handshakes().timeout();
    this.timer = timer;
  }

  /** What an address counts as. */
  public static InetAddress counted(InetAddress client) {
    return client instanceof Inet6Address ? CidrBlock.masked(client, 64) : client;
  }

  /**
   * Takes a permit for a handshake.
   *
   * @return the permit; null when the address has none left
   */
  public @Nullable Permit acquire(InetAddress client) {
    InetAddress address = counted(client);
    boolean[] full = new boolean[1];
    counts.compute(
        address,
        (key, count) -> {
          int now = count == null ? 0 : count;
          full[0] = now >= most;
          return full[0] ? count : Integer.valueOf(now + 1);
        });
    return full[0] ? null : new Permit(address);
  }

  /** One socket's permit. Given back once; by itself if the socket does not open in time. */
  public final class Permit {
    private final InetAddress address;
    private final AtomicBoolean given = new AtomicBoolean();
    private volatile boolean opened;

    Permit(InetAddress address) {
      this.address = address;
      timer.schedule(
          () -> {
            if (!opened) {
              giveBack();
            }
          },
          handshakeTimeout.toMillis() + 1000,
          TimeUnit.MILLISECONDS);
    }

    public void opened() {
      opened = true;
    }

    public void giveBack() {
      if (given.compareAndSet(false, true)) {
        counts.computeIfPresent(
            address, (key, count) -> count <= 1 ? null : Integer.valueOf(count - 1));
      }
    }
  }
}
