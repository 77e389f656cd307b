package dev.realtime4j.server.simulation;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** So many threads of a {@link VirtualTime}: that many tasks may be under way and wait. */
final class VirtualExecutor extends AbstractExecutorService implements ScheduledExecutorService {
  private final VirtualTime time;
  private final VirtualMachine machine;
  private final int threads;
  private final int mostWaiting;
  private int running;
  private volatile boolean shutdown;

  VirtualExecutor(VirtualTime time, VirtualMachine machine, int threads, int mostWaiting) {
    this.time = time;
    this.machine = machine;
    this.threads = threads;
    this.mostWaiting = mostWaiting;
  }

  private <T> VirtualTask<T> add(Callable<T> work, long delay, long pause) {
    if (shutdown || mostWaiting < Integer.MAX_VALUE && waiting() >= mostWaiting) {
      throw new RejectedExecutionException(shutdown ? "it is shut down" : "too much waits");
    }
    VirtualTask<T> task = new VirtualTask<>(time, this, work, delay, pause);
    time.add(task);
    return task;
  }

  private long waiting() {
    return time.count(task -> task.executor() == this);
  }

  synchronized boolean hasThread() {
    return running < threads && !machine.stands();
  }

  synchronized void begin() {
    running++;
  }

  synchronized void end() {
    running--;
  }

  @Override
  public void execute(Runnable work) {
    add(Executors.callable(work), 0, -1);
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable work, long delay, TimeUnit unit) {
    return add(Executors.callable(work), unit.toNanos(delay), -1);
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> work, long delay, TimeUnit unit) {
    return add(work, unit.toNanos(delay), -1);
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable work, long first, long pause, TimeUnit unit) {
    return add(Executors.callable(work), unit.toNanos(first), unit.toNanos(pause));
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable work, long first, long period, TimeUnit unit) {
    throw new UnsupportedOperationException("a server that is late does not catch up");
  }

  /** What was to be done at once still is. */
  @Override
  public void shutdown() {
    shutdown = true;
    time.remove(task -> task.executor() == this && task.isLater());
  }

  @Override
  public List<Runnable> shutdownNow() {
    shutdown = true;
    time.remove(task -> task.executor() == this);
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return shutdown;
  }

  @Override
  public synchronized boolean isTerminated() {
    return shutdown && running == 0 && waiting() == 0;
  }

  @Override
  public boolean awaitTermination(long atMost, TimeUnit unit) {
    return time.until(this::isTerminated, Duration.ofNanos(unit.toNanos(atMost)));
  }
}
