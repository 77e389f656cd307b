package dev.realtime4j.integration.node;

import static org.awaitility.Awaitility.await;

import dev.realtime4j.fixtures.WireSocket;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sends notifications at a steady rate over the nodes' HTTP API, as another service would: with an
 * idempotency key, and again at the next node when one is away.
 */
final class RollingSender implements AutoCloseable {
  private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f-]{36})\"");
  private static final int THREADS = 4;

  private final List<Integer> ports;
  private final String token;
  private final List<UUID> users;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final ConcurrentLinkedQueue<String> sent = new ConcurrentLinkedQueue<>();
  private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(THREADS);

  RollingSender(List<Integer> ports, String secret, List<UUID> users, int perSecond)
      throws Exception {
    this.ports = ports;
    this.token = WireSocket.token(secret, UUID.randomUUID(), "realtime:admin");
    this.users = users;
    for (int i = 0; i < THREADS; i++) {
      Random random = new Random(i);
      threads.scheduleAtFixedRate(
          () -> send(users.get(random.nextInt(users.size())), random.nextInt(ports.size())),
          0,
          THREADS * TimeUnit.SECONDS.toNanos(1) / perSecond,
          TimeUnit.NANOSECONDS);
    }
  }

  private void send(UUID user, int first) {
    String body = "{\"user_id\":\"" + user + "\",\"title\":\"rolling\"}";
    String key = UUID.randomUUID().toString();
    for (int attempt = 0; ; attempt++) {
      int port = ports.get((first + attempt) % ports.size());
      try {
        HttpResponse<String> answer =
            http.send(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/api/v1/realtime/notifications"))
                    .header("Authorization", "Bearer " + token)
                    .header("Idempotency-Key", key)
                    .timeout(Duration.ofSeconds(5))
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
        Matcher id = ID.matcher(answer.body());
        if (answer.statusCode() == 201 && id.find()) {
          sent.add(RollingClients.entry(user, id.group(1)));
          return;
        }
      } catch (IOException away) {
        // the next node takes it
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** User and notification of every call that was answered 201. */
  List<String> sent() {
    return List.copyOf(sent);
  }

  /** Ends after the calls under way, so that nothing is sent that is not counted. Idempotent. */
  @Override
  public void close() {
    threads.shutdown();
    await().atMost(Duration.ofSeconds(60)).until(threads::isTerminated);
  }
}
