package dev.realtime4j.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * One connection of an HTTP port: what it waits for, and since when. Jetty's own time-outs begin
 * anew with every byte, so a client that sends one a second keeps them from ever ending.
 *
 * <p>Thread safety: any thread.
 */
final class HttpEndPoint extends SocketChannelEndPoint {
  private final HttpConnections connections;

  /** The address that it is counted for; null for one that is not counted by address. */
  private @Nullable Object address;

  private volatile Moment moment = new Moment(Stage.HEAD, System.nanoTime());

  /** Told at the end when the PROXY header was never read; null when it was, or none is needed. */
  private volatile @Nullable Runnable noHeader;

  private volatile boolean spoke;

  /** What a connection waits for. */
  enum Stage {
    /** The head of a request: TLS and a PROXY header included, where it is the first one. */
    HEAD,
    BODY,
    /** Us. */
    WORK,
    /** The client, to take the answer. */
    ANSWER,
    /** Nothing: the next request, whenever it comes. */
    IDLE
  }

  private record Moment(Stage stage, long since) {}

  HttpEndPoint(
      SocketChannel channel,
      ManagedSelector selector,
      SelectionKey key,
      Scheduler scheduler,
      HttpConnections connections) {
    super(channel, selector, key, scheduler);
    this.connections = connections;
  }

  /** The connection below TLS and PROXY; null when it is none of ours. */
  static @Nullable HttpEndPoint of(EndPoint endPoint) {
    EndPoint inner = endPoint;
    while (inner instanceof EndPoint.Wrapper wrapper) {
      inner = wrapper.unwrap();
    }
    return inner instanceof HttpEndPoint ours ? ours : null;
  }

  void enter(Stage stage) {
    moment = new Moment(stage, System.nanoTime());
  }

  boolean isOurTurn() {
    return moment.stage == Stage.WORK;
  }

  boolean isTooLate(long now) {
    Moment current = moment;
    return now - current.since > longest(current.stage).toNanos();
  }

  private Duration longest(Stage stage) {
    return switch (stage) {
      case HEAD, BODY -> connections.patience();
      case WORK -> Duration.ofDays(1);
      case ANSWER, IDLE -> Duration.ofSeconds(30);
    };
  }

  long since() {
    return moment.since;
  }

  @Nullable Object address() {
    return address;
  }

  /**
   * A PROXY header must come first.
   *
   * @param without told when the connection ends without one, unless it has not said a byte, as
   *     health checks do not
   */
  void expectHeader(Runnable without) {
    noHeader = without;
  }

  void headerIsRead() {
    noHeader = null;
  }

  void countFor(@Nullable Object address) {
    this.address = address;
  }

  @Override
  public int fill(ByteBuffer buffer) throws IOException {
    int read = super.fill(buffer);
    spoke |= read > 0;
    if (read > 0 && moment.stage == Stage.IDLE) {
      enter(Stage.HEAD);
    }
    return read;
  }

  @Override
  public void onClose(@Nullable Throwable cause) {
    super.onClose(cause);
    connections.closed(this);
    Runnable without = noHeader;
    if (without != null && spoke) {
      without.run();
    }
  }
}
