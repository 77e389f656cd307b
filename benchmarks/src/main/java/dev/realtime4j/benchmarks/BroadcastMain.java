package dev.realtime4j.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import org.java_websocket.WebSocket;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.server.WebSocketServer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Raw Java-WebSocket: what one socket says, all are told by the library's own broadcast. */
final class BroadcastMain extends WebSocketServer {
  private static final Logger log = LoggerFactory.getLogger(BroadcastMain.class);

  private final CountDownLatch started = new CountDownLatch(1);

  private BroadcastMain() {
    super(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    setTcpNoDelay(true);
    setReuseAddr(true);
    setConnectionLostTimeout(0); // no pings
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    BroadcastMain server = new BroadcastMain();
    server.start();
    server.started.await();
    ServerProcess.serveUntilOrphaned(server.getPort());
    System.exit(0); // its stop() throws while sockets are still being written to
  }

  @Override
  public void onStart() {
    started.countDown();
  }

  @Override
  public void onMessage(WebSocket socket, String message) {
    broadcast(message);
  }

  @Override
  public void onOpen(WebSocket socket, ClientHandshake handshake) {}

  @Override
  public void onClose(WebSocket socket, int code, String reason, boolean remote) {}

  @Override
  public void onError(@Nullable WebSocket socket, Exception e) {
    log.warn("The broadcast server failed", e);
  }
}
