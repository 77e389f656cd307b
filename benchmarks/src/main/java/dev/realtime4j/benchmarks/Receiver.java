package dev.realtime4j.benchmarks;

import dev.realtime4j.api.UserId;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A connected user, who hands over every message with a notification in it. */
final class Receiver implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final UserId user = new UserId(UUID.randomUUID());
  private final WebSocket socket;

  /**
   * @param arrived told of each line, on a thread of the socket
   */
  Receiver(NotificationStage stage, Consumer<String> arrived) {
    this.socket =
        HTTP.newWebSocketBuilder().buildAsync(stage.endpoint(user), new Ear(arrived)).join();
  }

  UserId user() {
    return user;
  }

  @Override
  public void close() {
    socket.abort();
  }

  private static final class Ear implements WebSocket.Listener {
    private final Consumer<String> arrived;
    private final StringBuilder text = new StringBuilder();

    Ear(Consumer<String> arrived) {
      this.arrived = arrived;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        for (String line : text.toString().split("\n")) {
          if (line.equals("{}")) {
            socket.sendText("{}", true);
          } else if (line.contains("notification.new")) {
            arrived.accept(line);
          }
        }
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }
  }
}
