package dev.realtime4j.api;

/**
 * What a {@code listen} or {@code on} call returns: closing it ends the listening.
 *
 * <p>Thread safety: any thread may close it, any number of times. A call that is under way in
 * another thread may still finish after {@code close} has returned.
 */
@FunctionalInterface
public interface Registration extends AutoCloseable {
  @Override
  void close();
}
