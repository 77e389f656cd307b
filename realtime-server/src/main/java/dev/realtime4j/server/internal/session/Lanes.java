package dev.realtime4j.server.internal.session;

/**
 * The lanes of the transport, as a fan-out needs them: the sockets of one lane are written by one
 * thread.
 */
public interface Lanes {
  /** How many there are. */
  int count();

  /** Runs a task on the thread of a lane, once what waits there has been offered to the sockets. */
  void afterWrites(int lane, Runnable task);
}
