package dev.realtime4j.server;

/** Whether a server that was started keeps the process alive. */
public enum ProcessLifetime {
  /**
   * It does, until {@link RealtimeServer#close} or {@link RealtimeServer#drain} has ended: a {@code
   * main} may return. One non-daemon thread, {@code realtime-process-1}, waits for that. {@code
   * System.exit} and signals end the process as usual, without closing the server: do that in a
   * shutdown hook.
   */
  UNTIL_CLOSED,

  /**
   * It does not: all threads of the server are daemons, and the process ends with the last
   * non-daemon thread of the application, even while sockets are open and without closing them.
   */
  DAEMON
}
