package dev.realtime4j.node;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.api.Json;
import dev.realtime4j.fixtures.WireSocket;
import dev.realtime4j.server.http.RealtimeHttp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a probe sees of the standalone node that is told to stop, while a client is still there. */
@Timeout(60)
final class DrainingNodeTest {
  private static final String SECRET = "a secret of more than thirty-two bytes";
  private static final UUID USER = UUID.fromString("11111111-1111-4111-8111-111111111111");

  private final Closing closing = new Closing();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void closeAll() {
    closing.close();
  }

  @Test
  void a_node_that_drains_answers_that_it_does_until_its_clients_are_gone() throws Exception {
    RunningNode node =
        closing.later(
            RunningNode.start(
                NodeSettings.read(
                    Map.of(
                        "REALTIME_JWT_SECRET", SECRET,
                        "REALTIME_WS_PORT", "0",
                        "REALTIME_HTTP_PORT", "0",
                        "REALTIME_METRICS_PORT", "0"))));
    int httpPort = node.httpPort();
    clientThatDoesNotGo(node.wsPort());
    assertThat(get(httpPort, "/health/ready").statusCode()).isEqualTo(200);

    CompletableFuture<Void> stopped = CompletableFuture.runAsync(node::close);

    HttpResponse<String> answer;
    do {
      answer = get(httpPort, "/health/ready"); // refused where the port is closed before the drain
    } while (answer.statusCode() == 200);
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(Json.parse(answer.body()).fields().get("status")).isEqualTo(Json.of("draining"));
    assertThat(get(httpPort, "/health/live").statusCode()).isEqualTo(503);
    assertThat(get(httpPort, "/notifications/unread-count").statusCode()).isEqualTo(200);
    stopped.join();
    try (Socket late = new Socket()) {
      assertThatThrownBy(
              () -> late.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), httpPort)))
          .isInstanceOf(IOException.class);
    }
  }

  /** It is connected, and never answers. */
  private void clientThatDoesNotGo(int port) throws Exception {
    Socket socket = closing.later(new Socket(InetAddress.getLoopbackAddress(), port));
    String request =
        "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + "Authorization: Bearer "
            + WireSocket.token(SECRET, USER, "")
            + "\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    byte[] head = socket.getInputStream().readNBytes(12);
    assertThat(new String(head, ISO_8859_1)).isEqualTo("HTTP/1.1 101");
  }

  private HttpResponse<String> get(int port, String path) throws Exception {
    URI uri = URI.create("http://localhost:" + port + RealtimeHttp.BASE_PATH + path);
    return client.send(
        HttpRequest.newBuilder(uri)
            .header("Authorization", "Bearer " + WireSocket.token(SECRET, USER, ""))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
