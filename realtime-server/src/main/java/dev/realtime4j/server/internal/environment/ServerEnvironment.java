package dev.realtime4j.server.internal.environment;

import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What a server lives in: the time, threads, and chance. Nothing in it takes them from elsewhere,
 * which {@code TimeAndThreadsTest} holds; so a test that brings its own decides what happens when.
 *
 * <p>Thread safety: immutable; what it holds is for any thread.
 *
 * @param clock the wall clock; it may be set back
 * @param nanoTime the monotonic clock, in nanoseconds since some moment: for what lasts. One object
 *     for the whole process, so that reading it is a plain call that allocates nothing
 * @param random chance, where whoever guesses it gains nothing; secrets are made elsewhere
 * @param threads runs things, now or later
 */
public record ServerEnvironment(
    InstantSource clock, LongSupplier nanoTime, RandomGenerator random, ServerThreads threads) {
  private static final ServerEnvironment SYSTEM =
      new ServerEnvironment(
          InstantSource.system(),
          System::nanoTime,
          () -> ThreadLocalRandom.current().nextLong(),
          new SystemThreads());

  /** That of this machine. */
  public static ServerEnvironment system() {
    return SYSTEM;
  }

  /** The same with another wall clock. */
  public ServerEnvironment withClock(InstantSource other) {
    return new ServerEnvironment(other, nanoTime, random, threads);
  }
}
