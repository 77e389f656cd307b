package dev.realtime4j.api.internal;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * What others may cause as often as they like is told once for each kind and minute, with how many
 * were left out since the last time.
 *
 * <p>Thread safety: any thread.
 */
public final class SeldomTold {
  private static final long PAUSE_NANOS = Duration.ofMinutes(1).toNanos();

  private final ConcurrentHashMap<String, Window> windows = new ConcurrentHashMap<>();
  private final LongSupplier nanos;

  /** Guarded by the map's own lock of its key. */
  private record Window(long began, long leftOut, OptionalLong toTell) {}

  /**
   * One for a class that logs; kinds are few and its own.
   *
   * @param nanos the monotonic clock, in nanoseconds
   */
  public SeldomTold(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /**
   * Asked each time it happens.
   *
   * @param kind a constant of the caller, never text of others: all kinds are remembered
   * @return how many were left out since it was told last; empty when it is not to be told now
   */
  public OptionalLong now(String kind) {
    long now = nanos.getAsLong();
    Window window =
        windows.compute(
            kind,
            (same, before) ->
                before == null || now - before.began >= PAUSE_NANOS
                    ? new Window(now, 0, OptionalLong.of(before == null ? 0 : before.leftOut))
                    : new Window(before.began, before.leftOut + 1, OptionalLong.empty()));
    return window.toTell;
  }
}
