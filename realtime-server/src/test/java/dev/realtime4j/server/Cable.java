package dev.realtime4j.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What one node is connected to its Redis by: it can be cut, and it can go silent. */
final class Cable implements AutoCloseable {
  private enum State {
    WHOLE,
    SILENT,
    CUT
  }

  private final URI target;
  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private State state = State.WHOLE;

  Cable(URI target) throws IOException {
    this.target = target;
    daemon(this::accept);
  }

  URI url() {
    return URI.create("redis://127.0.0.1:" + server.getLocalPort());
  }

  synchronized void mend() {
    state = State.WHOLE;
    notifyAll();
  }

  /** What goes in does not come out, as behind a router that died. */
  synchronized void goSilent() {
    state = State.SILENT;
  }

  void cut() {
    synchronized (this) {
      state = State.CUT;
    }
    sockets.forEach(Cable::closeQuietly);
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        Socket redis = new Socket(target.getHost(), target.getPort());
        sockets.add(client);
        sockets.add(redis);
        synchronized (this) {
          if (state == State.CUT) {
            closeQuietly(client);
            closeQuietly(redis);
          }
        }
        daemon(() -> pass(client, redis));
        daemon(() -> pass(redis, client));
      }
    } catch (IOException closed) {
      // the end of the test
    }
  }

  private void pass(Socket from, Socket to) {
    byte[] buffer = new byte[8192];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        awaitSound();
        out.write(buffer, 0, read);
      }
    } catch (IOException | InterruptedException broken) {
      // both ends are closed
    } finally {
      sockets.remove(from);
    }
  }

  private synchronized void awaitSound() throws InterruptedException {
    while (state == State.SILENT) {
      wait();
    }
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "cable");
    thread.setDaemon(true);
    thread.start();
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    cut();
    mend();
    server.close();
  }
}
