package dev.realtime4j.examples.client;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.client.RealtimeClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Somebody at the running demo: where its nodes are, who else is there, and tokens. In your program
 * this is your login and your own way to fresh tokens.
 *
 * <p>Thread safety: any thread.
 */
public final class DemoLogin {
  private final HttpClient http = HttpClient.newHttpClient();
  private final URI demo;
  private final Map<UserId, String> names = new LinkedHashMap<>();
  private final List<URI> endpoints;
  private final UserId user;

  private DemoLogin(URI demo, String name, Json setup) {
    this.demo = demo;
    for (Json one : list(setup, "users")) {
      names.put(UserId.of(text(one, "id")), text(one, "name"));
    }
    this.endpoints =
        list(setup, "nodes").stream().map(node -> URI.create(text(node, "url"))).toList();
    this.user =
        names.keySet().stream()
            .filter(id -> nameOf(id).equalsIgnoreCase(name))
            .findFirst()
            .orElseThrow(
                () -> new IllegalArgumentException(name + " is not there, but " + names.values()));
  }

  /**
   * Logs in.
   *
   * @param demo for example {@code http://localhost:8088}
   * @param name {@code Anna} or {@code Ben}
   * @throws IOException when the demo does not run there
   */
  public static DemoLogin at(URI demo, String name) throws IOException, InterruptedException {
    HttpRequest setup = HttpRequest.newBuilder(demo.resolve("/demo/setup")).build();
    String answer = HttpClient.newHttpClient().send(setup, BodyHandlers.ofString()).body();
    return new DemoLogin(demo, name, Json.parse(answer));
  }

  /** Begins a client of this user: all nodes, and a fresh token whenever one is needed. */
  RealtimeClient.Builder client() {
    RealtimeClient.Builder builder = RealtimeClient.builder().tokenProvider(this::freshToken);
    endpoints.forEach(builder::endpoint);
    return builder;
  }

  private String freshToken() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(demo.resolve("/demo/token"))
            .POST(BodyPublishers.ofString(Json.object("user", user).text()))
            .build();
    return text(Json.parse(http.send(request, BodyHandlers.ofString()).body()), "token");
  }

  /** Everybody else, with their names. */
  Map<UserId, String> others() {
    Map<UserId, String> others = new LinkedHashMap<>(names);
    others.remove(user);
    return others;
  }

  private String nameOf(UserId id) {
    return names.getOrDefault(id, "somebody");
  }

  private static List<Json> list(Json object, String field) {
    return object.fields().getOrDefault(field, Json.NULL).elements();
  }

  private static String text(Json object, String field) {
    return object.fields().getOrDefault(field, Json.NULL).asString();
  }
}
