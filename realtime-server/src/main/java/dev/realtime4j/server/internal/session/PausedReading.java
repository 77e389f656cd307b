package dev.realtime4j.server.internal.session;

import dev.realtime4j.api.transport.TransportConnection;

/**
 * Slows a client down, and remembers that it does: of a client that is not read from, nothing can
 * be heard.
 */
final class PausedReading implements Inbox.Reading {
  private final TransportConnection connection;
  private final Runnable resumed;
  private volatile boolean paused;

  /**
   * @param resumed called before it is read from again
   */
  PausedReading(TransportConnection connection, Runnable resumed) {
    this.connection = connection;
    this.resumed = resumed;
  }

  @Override
  public void pause() {
    paused = true;
    connection.pauseReading();
  }

  @Override
  public void resume() {
    resumed.run();
    paused = false;
    connection.resumeReading();
  }

  boolean isPaused() {
    return paused;
  }
}
