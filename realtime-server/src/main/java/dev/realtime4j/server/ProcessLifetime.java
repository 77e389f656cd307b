package dev.realtime4j.server;

/** Whether a server that was started keeps the process alive. */
public enum ProcessLifetime {
  /**
   * It does, until {@link RealtimeServer#close} or {@link RealtimeServer#drain} has ended: a {@code
   * main} may return. One thread that is no daemon, {@code realtime-process-1}, waits for that.
   * {@code System.exit} and signals end the process as ever, without closing the server: do that in
   * a shutdown hook.
   */
  UNTIL_CLOSED,

  /**
   * It does not: all threads of the server are daemons, and the process ends with the last thread
   * of the application that is none, while sockets are open and without closing them.
   */
  DAEMON
}
