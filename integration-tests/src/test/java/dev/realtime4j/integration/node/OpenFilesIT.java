package dev.realtime4j.integration.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import dev.realtime4j.examples.Closing;
import dev.realtime4j.fixtures.WireSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node that has used up its file descriptors. */
class OpenFilesIT {
  private static final String SECRET = "a secret of more than thirty-two bytes";
  private static final int OPEN_FILES = 160;
  private static final int NEWCOMERS = 300;

  /** As many as a node has by itself that may open so many files. */
  private static final int SOCKETS = 80;

  private final Closing closing = new Closing();

  @AfterEach
  void closeAll() {
    closing.close();
  }

  @Test
  void without_free_files_it_says_so_serves_who_is_there_and_recovers_by_itself() throws Exception {
    NodeProcess node =
        closing.later(
            NodeProcess.servingWith(
                OPEN_FILES,
                Map.of(
                    "REALTIME_JWT_SECRET", SECRET,
                    "REALTIME_WS_PORT", "0",
                    "REALTIME_HTTP_PORT", "0",
                    "REALTIME_MAX_SOCKETS", "1000")));
    awaitLine(node, "maxSockets is 1000, but this process");
    WireSocket resident = closing.later(new WireSocket(node.wsPort(), token()));
    List<Socket> newcomers = new ArrayList<>();
    for (int i = 0; i < NEWCOMERS; i++) {
      newcomers.add(closing.later(asking(node.wsPort())));
    }

    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> node.err().stream().anyMatch(line -> line.contains("accepting on port")));
    resident.send("{\"id\":1,\"method\":\"echo\",\"params\":{}}");
    resident.await("\"id\":1,");
    List<Socket> served = answered(newcomers);
    assertThat(served).hasSizeBetween(1, OPEN_FILES);

    for (Socket one : served) {
      one.close();
    }
    newcomers.removeAll(served);

    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> answered(newcomers).size() >= served.size() / 2);
    for (Socket one : newcomers) {
      one.close();
    }
    WireSocket another = closing.later(new WireSocket(node.wsPort(), token()));
    another.send("{\"id\":2,\"method\":\"echo\",\"params\":{}}");
    another.await("\"id\":2,");
    assertThat(node.err().stream().filter(line -> line.contains("accepting on port"))).hasSize(1);
    assertThat(node.err()).noneMatch(line -> line.startsWith("\tat "));
  }

  @Test
  void by_itself_it_has_no_more_sockets_than_files_and_keeps_some_for_the_rest() throws Exception {
    NodeProcess node =
        closing.later(
            NodeProcess.servingWith(
                OPEN_FILES,
                Map.of(
                    "REALTIME_JWT_SECRET", SECRET,
                    "REALTIME_WS_PORT", "0",
                    "REALTIME_HTTP_PORT", "0")));
    awaitLine(node, "maxSockets is " + SOCKETS + ": this process");

    for (int i = 0; i < NEWCOMERS; i++) {
      closing.later(asking(node.wsPort()));
    }

    HttpRequest ready =
        HttpRequest.newBuilder(
                URI.create("http://localhost:" + node.httpPort() + "/api/v1/realtime/health/ready"))
            .build();
    assertThat(
            HttpClient.newHttpClient()
                .send(ready, HttpResponse.BodyHandlers.discarding())
                .statusCode())
        .isEqualTo(200);
    assertThat(node.err()).noneMatch(line -> line.contains("accepting on port"));
  }

  private static void awaitLine(NodeProcess node, String part) {
    await().until(() -> node.err().stream().anyMatch(line -> line.contains(part)));
  }

  private static String token() throws JOSEException {
    return WireSocket.token(SECRET, UUID.randomUUID(), "");
  }

  /** A socket that has asked for a WebSocket and does not wait for the answer. */
  private static Socket asking(int port) throws IOException, JOSEException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    String request =
        "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + "Authorization: Bearer "
            + token()
            + "\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static List<Socket> answered(List<Socket> sockets) {
    return sockets.stream().filter(OpenFilesIT::isAnswered).toList();
  }

  private static boolean isAnswered(Socket socket) {
    try {
      return socket.getInputStream().available() > 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
