package dev.realtime4j.integration.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A way to a port of this machine that can be cut without a word, stall, be jammed or be closed,
 * whatever is on it.
 */
public final class CuttableProxy implements AutoCloseable {
  private final ServerSocket listening;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final Set<Socket> stalled = ConcurrentHashMap.newKeySet();
  private final Set<Socket> jammed = ConcurrentHashMap.newKeySet();
  private volatile boolean refusing;

  public CuttableProxy(int target) throws IOException {
    this.target = target;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start("accept", this::acceptAll);
  }

  public int port() {
    return listening.getLocalPort();
  }

  /** Resets every connection: what is under way on it is lost. */
  public void cut() {
    for (Socket socket : sockets) {
      try {
        socket.setSoLinger(true, 0);
      } catch (IOException e) {
        // Closed meanwhile.
      }
      close(socket);
    }
  }

  /**
   * Every connection that there is goes on accepting bytes, delivers none of them any more, and
   * tells nobody. New ones are well.
   */
  public void stall() {
    stalled.addAll(sockets);
  }

  /**
   * Every connection that there is takes no bytes any more: who writes waits. New ones are well.
   */
  public void jam() {
    jammed.addAll(sockets);
  }

  /** Whether new connections are reset at once. */
  public void refuse(boolean refuse) {
    refusing = refuse;
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket client = listening.accept();
        sockets.add(client);
        if (refusing) {
          close(client);
        } else {
          start("connect", () -> connect(client));
        }
      }
    } catch (IOException closed) {
      cut();
    }
  }

  private void connect(Socket client) {
    try {
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
      server.setTcpNoDelay(true);
      client.setTcpNoDelay(true);
      sockets.add(server);
      start("up", () -> pump(client, server));
      start("down", () -> pump(server, client));
    } catch (IOException refused) {
      close(client);
    }
  }

  private void pump(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] bytes = new byte[8192];
      for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
        if (!stalled.contains(from)) {
          out.write(bytes, 0, count);
        }
        while (jammed.contains(from) && !from.isClosed()) {
          LockSupport.parkNanos(10_000_000);
        }
      }
    } catch (IOException gone) {
      // Either side ends the whole, but for one that does not hear of it.
    }
    boolean silent = stalled.contains(from);
    close(from);
    if (!silent) {
      close(to);
    }
  }

  private void close(Socket socket) {
    sockets.remove(socket);
    stalled.remove(socket);
    jammed.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void start(String role, Runnable work) {
    Thread thread = new Thread(work, "proxy-" + role);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listening.close();
    cut();
  }
}
