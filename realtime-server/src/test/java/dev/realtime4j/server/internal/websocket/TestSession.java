package dev.realtime4j.server.internal.websocket;

import dev.realtime4j.api.transport.TransportConnection;
import dev.realtime4j.api.transport.TransportSession;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Writes down what happens to it. */
final class TestSession implements TransportSession {
  final TransportConnection connection;
  final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  final Queue<byte[]> outgoing = new ConcurrentLinkedQueue<>();
  final AtomicInteger asked = new AtomicInteger();
  volatile @Nullable Error failsToGive;
  private final TestServer server;

  TestSession(TestServer server, TransportConnection connection) {
    this.server = server;
    this.connection = connection;
  }

  void send(String text) {
    send(text.getBytes(StandardCharsets.UTF_8));
  }

  void send(byte[] text) {
    outgoing.add(text);
    connection.wantWrite();
  }

  @Override
  public void onText(String text) {
    try {
      server.onText.accept(this, text);
    } finally {
      events.add("text " + text); // Afterwards, so that whoever sees it sees what was done.
    }
  }

  @Override
  public void onUnreadable() {
    events.add("unreadable");
  }

  @Override
  public byte @Nullable [] takeOutgoing() {
    asked.incrementAndGet();
    Error failure = failsToGive;
    if (failure != null) {
      throw failure;
    }
    return outgoing.poll();
  }

  @Override
  public void onClosed(int code, String reason) {
    events.add("closed " + code + " " + reason);
  }

  /** The next thing that happens. */
  String next() {
    try {
      String event = events.poll(5, TimeUnit.SECONDS);
      return event == null ? "nothing" : event;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
