package dev.realtime4j.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.api.presence.PresencePolicy;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.server.http.HttpRequest;
import dev.realtime4j.server.http.HttpResponse;
import dev.realtime4j.server.http.RealtimeHttp;
import dev.realtime4j.server.memory.InMemoryCluster;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may not be seen looks, by every way of asking, as one who never connected. */
final class PresencePolicyTest {
  private final UserId viewer = TestUsers.some();
  private final UserId friend = TestUsers.some();
  private final UserId stranger = TestUsers.some();
  private final UserId nobody = TestUsers.some();
  private final Set<UserId> hidden = ConcurrentHashMap.newKeySet();
  private final List<Set<UserId>> asked = new CopyOnWriteArrayList<>();
  private volatile PresencePolicy answers =
      (who, users) -> {
        Set<UserId> visible = new HashSet<>(users);
        visible.removeAll(hidden);
        visible.add(TestUsers.some()); // whom nobody asked for
        return visible;
      };

  @SuppressWarnings("NullAway.Init")
  private RealtimeServer a;

  @SuppressWarnings("NullAway.Init")
  private RealtimeServer b;

  @BeforeEach
  void start() {
    InMemoryCluster cluster = InMemoryCluster.create();
    a = node("a", cluster);
    b = node("b", cluster);
    hidden.add(stranger);
    hidden.add(nobody);
  }

  private RealtimeServer node(String name, InMemoryCluster cluster) {
    return RealtimeServer.builder()
        .port(0)
        .serverId(new ServerId(name))
        .authenticator(new TestUsers())
        .cluster(cluster)
        .presencePolicy(this::visible)
        .presenceGrace(Duration.ofMillis(300))
        .drainTime(Duration.ZERO)
        .handler("echo", MethodCall::params)
        .build()
        .start();
  }

  private Set<UserId> visible(Principal who, Set<UserId> users) {
    asked.add(users);
    return answers.visible(who, users);
  }

  @AfterEach
  void stop() {
    a.close();
    b.close();
  }

  private static WireClient open(RealtimeServer server, UserId user) {
    WireClient client = WireClient.open(server, user);
    client.event("connected");
    return client;
  }

  private static Json ids(UserId... users) {
    return Json.object("user_ids", List.of(users));
  }

  private static String of(UserId user, String status) {
    return "\"user_id\":\"" + user + "\",\"status\":\"" + status + "\"";
  }

  private static String neverSeen(UserId user) {
    return "{" + of(user, "OFFLINE") + ",\"last_seen\":null}";
  }

  private HttpResponse get(UserId user) {
    return RealtimeHttp.of(a)
        .handle(
            new HttpRequest(
                "GET",
                RealtimeHttp.BASE_PATH + "/presence/" + user,
                "",
                Map.of("authorization", "Bearer " + viewer),
                new byte[0],
                InetAddress.getLoopbackAddress()));
  }

  @Test
  void who_may_not_be_seen_is_answered_as_one_who_never_connected() {
    try (WireClient other = open(b, stranger);
        WireClient good = open(b, friend);
        WireClient client = open(a, viewer)) {
      good.drain();
      other.drain();
      Json users = ids(stranger, friend, viewer, nobody);
      for (String method : List.of("presence.get", "presence.watch")) {
        String answer = client.call(method, users).text();
        assertThat(answer)
            .contains(neverSeen(stranger), neverSeen(nobody))
            .contains(of(friend, "ONLINE"), of(viewer, "ONLINE"));
        assertThat(answer.indexOf(stranger.toString()))
            .isLessThan(answer.indexOf(friend.toString()));
      }
      assertThat(new String(get(stranger).body(), UTF_8)).isEqualTo(neverSeen(stranger));
      assertThat(new String(get(nobody).body(), UTF_8)).isEqualTo(neverSeen(nobody));
      assertThat(new String(get(friend).body(), UTF_8)).contains(of(friend, "ONLINE"));
      assertThat(new String(get(viewer).body(), UTF_8)).contains(of(viewer, "ONLINE"));
      assertThat(asked.get(0)).containsExactlyInAnyOrder(stranger, friend, nobody);
      assertThat(asked).hasSize(5); // in batches, and never about oneself

      b.presence().set(stranger, PresenceStatus.BUSY);
      b.presence().set(friend, PresenceStatus.BUSY);
      assertThat(client.event("presence.changed").text()).contains(of(friend, "BUSY"));
      assertThat(client.drain()).isEmpty();
      assertThat(a.presence().get(stranger).status()).isEqualTo(PresenceStatus.BUSY);
    }
  }

  @Test
  void a_policy_that_throws_shows_nobody_and_hurts_nobody_else() {
    try (WireClient good = open(b, friend);
        WireClient client = open(a, viewer)) {
      good.drain();
      client.call("presence.watch", ids(friend));
      answers =
          (who, users) -> {
            throw new IllegalStateException("thrown by the test");
          };

      assertThat(client.error("presence.get", ids(friend))).isEqualTo("RT_UNAVAILABLE");
      assertThat(client.error("presence.watch", ids(stranger))).isEqualTo("RT_UNAVAILABLE");
      assertThat(get(friend).status()).isEqualTo(503);
      a.presence().recheck(viewer);
      assertThat(client.event("presence.changed").text()).isEqualTo(neverSeen(friend));
      assertThat(client.call("presence.get", ids(viewer)).text()).contains(of(viewer, "ONLINE"));
    }
  }

  @Test
  void a_policy_that_hangs_delays_only_who_asked() throws InterruptedException {
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    try (WireClient client = open(a, viewer);
        WireClient another = open(a, friend)) {
      answers =
          (who, users) -> {
            if (who.userId().equals(viewer)) {
              hanging.countDown();
              try {
                release.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            }
            return users;
          };
      client.send(Json.object("id", 77, "method", "presence.get", "params", ids(friend)).text());
      hanging.await();

      assertThat(another.call("presence.get", ids(viewer)).text()).contains(of(viewer, "ONLINE"));
      release.countDown();
      assertThat(client.await(message -> WireClient.text(message, "id").equals("77")).text())
          .contains(of(friend, "ONLINE"));
    } finally {
      release.countDown();
    }
  }
}
