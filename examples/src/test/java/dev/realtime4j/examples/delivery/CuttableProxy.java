package dev.realtime4j.examples.delivery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A way to a port of this machine that can be cut without a word, whatever is on it. */
final class CuttableProxy implements AutoCloseable {
  private final ServerSocket listening;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  CuttableProxy(int target) throws IOException {
    this.target = target;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start("accept", this::acceptAll);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** Resets every connection: what is under way on it is lost. */
  void cut() {
    for (Socket socket : sockets) {
      try {
        socket.setSoLinger(true, 0);
      } catch (IOException e) {
        // Closed meanwhile.
      }
      close(socket);
    }
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket client = listening.accept();
        sockets.add(client);
        start("connect", () -> connect(client));
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
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException gone) {
      // Either side ends the whole.
    } finally {
      close(from);
      close(to);
    }
  }

  private void close(Socket socket) {
    sockets.remove(socket);
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
