package dev.realtime4j.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Accepts, reads a request, and answers the next of its texts, the last one for ever. */
final class PlainServer implements AutoCloseable {
  /** Accepts and then says nothing. */
  static final String SILENCE = "";

  final List<Socket> accepted = new CopyOnWriteArrayList<>();
  private final ServerSocket server;
  private final List<String> answers;

  PlainServer(String... answers) throws IOException {
    this.answers = List.of(answers);
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(this::serve, "plain-server");
    thread.setDaemon(true);
    thread.start();
  }

  URI uri() {
    return URI.create("ws://127.0.0.1:" + server.getLocalPort() + "/ws");
  }

  private void serve() {
    try {
      while (!server.isClosed()) {
        Socket socket = server.accept();
        String answer = answers.get(Math.min(accepted.size(), answers.size() - 1));
        accepted.add(socket);
        socket.getInputStream().read(new byte[4096]);
        // In two parts, as a network may: the library must wait for the whole head.
        int half = answer.length() / 2;
        for (String part : List.of(answer.substring(0, half), answer.substring(half))) {
          socket.getOutputStream().write(part.getBytes(StandardCharsets.US_ASCII));
          socket.getOutputStream().flush();
        }
        if (!answer.equals(SILENCE)) {
          socket.shutdownOutput();
        }
      }
    } catch (IOException closed) {
      return;
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : accepted) {
      socket.close();
    }
  }
}
