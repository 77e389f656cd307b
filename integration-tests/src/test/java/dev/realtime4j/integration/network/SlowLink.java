package dev.realtime4j.integration.network;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A way to a port of this machine that takes so many bytes a second, in each direction. Its own
 * buffers are small, so that whoever sends feels it.
 */
public final class SlowLink implements AutoCloseable {
  private static final int BUFFER_BYTES = 4 * 1024;
  private static final int PORTIONS_A_SECOND = 20;

  private final ServerSocket listening = new ServerSocket();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();
  private final int target;
  private final int bytesPerSecond;

  public SlowLink(int target, int bytesPerSecond) throws IOException {
    this.target = target;
    this.bytesPerSecond = bytesPerSecond;
    listening.setReceiveBufferSize(BUFFER_BYTES);
    listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    start(this::acceptAll);
  }

  public int port() {
    return listening.getLocalPort();
  }

  /** How many connections there were. */
  public int accepted() {
    return accepted.get();
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket client = listening.accept();
        accepted.incrementAndGet();
        sockets.add(client);
        client.setSendBufferSize(BUFFER_BYTES);
        Socket server = new Socket();
        sockets.add(server);
        server.setReceiveBufferSize(BUFFER_BYTES);
        server.setSendBufferSize(BUFFER_BYTES);
        server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
        start(() -> pump(client, server));
        start(() -> pump(server, client));
      }
    } catch (IOException closed) {
      return;
    }
  }

  private void pump(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] bytes = new byte[Math.max(1, bytesPerSecond / PORTIONS_A_SECOND)];
      for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
        out.write(bytes, 0, count);
        await(System.nanoTime() + 1_000_000_000L * count / bytesPerSecond);
      }
    } catch (IOException gone) {
      return;
    }
  }

  private static void await(long until) {
    for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "slow-link");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
