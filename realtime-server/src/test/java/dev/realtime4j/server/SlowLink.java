package dev.realtime4j.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A link to a server that carries so many bytes a second each way, and holds few of them. */
final class SlowLink implements AutoCloseable {
  private static final int TICKS_PER_SECOND = 50;
  private static final int HELD = 4096;

  private final int target;
  private final int bytesPerTick;
  private final ServerSocket server = new ServerSocket();
  private final ScheduledExecutorService ticks = Executors.newScheduledThreadPool(2);
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile boolean dead;

  SlowLink(int target, int bytesPerSecond) throws IOException {
    this.target = target;
    this.bytesPerTick = Math.max(1, bytesPerSecond / TICKS_PER_SECOND);
    server.setReceiveBufferSize(HELD);
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Thread thread = new Thread(this::accept, "slow-link");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return server.getLocalPort();
  }

  /** From now on nothing comes out, and nobody is told. */
  void die() {
    dead = true;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        Socket behind = new Socket();
        behind.setReceiveBufferSize(HELD);
        behind.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
        client.setTcpNoDelay(true);
        behind.setTcpNoDelay(true);
        sockets.add(client);
        sockets.add(behind);
        carry(client, behind);
        carry(behind, client);
      }
    } catch (IOException closed) {
      // the end of the test
    }
  }

  private void carry(Socket from, Socket to) {
    byte[] part = new byte[bytesPerTick];
    ticks.scheduleAtFixedRate(
        () -> {
          try {
            if (!dead && from.getInputStream().available() > 0) {
              int read = from.getInputStream().read(part);
              to.getOutputStream().write(part, 0, read);
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e); // which ends this direction
          }
        },
        0,
        1_000_000 / TICKS_PER_SECOND,
        TimeUnit.MICROSECONDS);
  }

  @Override
  public void close() throws IOException {
    ticks.shutdownNow();
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
