package dev.realtime4j.server.simulation;

import dev.realtime4j.server.internal.environment.ServerEnvironment;
import dev.realtime4j.server.internal.environment.ServerThreads;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;

/** What nodes live on in a {@link VirtualTime}; it may stand still while the others go on. */
public final class VirtualMachine implements ServerThreads {
  private final VirtualTime time;
  private volatile boolean standing;

  VirtualMachine(VirtualTime time) {
    this.time = time;
  }

  public ServerEnvironment environment() {
    return new ServerEnvironment(time.clock(), time::nanoTime, time.random(), this);
  }

  /** Nothing is done on it from now on, be it because it died. */
  public void halt() {
    standing = true;
  }

  /** It goes on, with all that it has missed. */
  public void resume() {
    standing = false;
  }

  boolean stands() {
    return standing;
  }

  @Override
  public ExecutorService pool(String role, int most, int mostWaiting) {
    return new VirtualExecutor(time, this, most, mostWaiting);
  }

  @Override
  public ScheduledExecutorService timer(String role, int count) {
    return new VirtualExecutor(time, this, count, Integer.MAX_VALUE);
  }

  /** A virtual node has no network to wait for. */
  @Override
  public Thread thread(String name, Runnable task) {
    throw new UnsupportedOperationException(name + " would live in real time");
  }

  @Override
  public void pause(long nanos) {
    time.pass(Duration.ofNanos(nanos));
  }

  @Override
  public boolean await(Future<?> done, Duration atMost) {
    return time.until(done::isDone, atMost);
  }
}
