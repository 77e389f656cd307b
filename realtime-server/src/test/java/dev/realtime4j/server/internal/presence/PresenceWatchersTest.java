package dev.realtime4j.server.internal.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.cluster.BanStore;
import dev.realtime4j.api.cluster.BusListener;
import dev.realtime4j.api.cluster.ClusterBackend;
import dev.realtime4j.api.cluster.ClusterBus;
import dev.realtime4j.api.cluster.ServerRegistry;
import dev.realtime4j.api.presence.PresenceChange;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.api.presence.PresenceStore;
import dev.realtime4j.api.room.RoomStore;
import dev.realtime4j.server.internal.session.SimulatedSocket;
import dev.realtime4j.server.memory.InMemoryCluster;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What watching costs on the bus, and that nobody pays for who is not watched. */
class PresenceWatchersTest {
  private static final int MANY = 10_000;

  private final InMemoryCluster store =
      InMemoryCluster.create(() -> Instant.parse("2026-03-01T12:00:00Z"));
  private final List<String> traffic = new ArrayList<>();
  private final SimulatedNode watching =
      new SimulatedNode("watching", new Overheard(), Instant::now);
  private final SimulatedNode other = new SimulatedNode("other", store, Instant::now);
  private final UserId anna = new UserId(UUID.randomUUID());
  private final UserId ben = new UserId(UUID.randomUUID());

  private static Json users(UserId... users) {
    return Json.object("user_ids", List.of(users));
  }

  @Test
  void a_user_watched_by_ten_thousand_sockets_costs_one_subscription_and_one_message() {
    List<SimulatedSocket> watchers =
        Stream.generate(() -> watching.connect(new UserId(UUID.randomUUID()))).limit(MANY).toList();
    watchers.forEach(watcher -> watcher.call("presence.watch", users(anna)));
    assertThat(traffic).containsExactly("subscribe " + channel(anna));

    other.connect(anna);

    assertThat(traffic).containsExactly("subscribe " + channel(anna), "message " + channel(anna));
    assertThat(watchers)
        .allSatisfy(
            watcher ->
                assertThat(watcher.take())
                    .singleElement()
                    .extracting(Json::text)
                    .asString()
                    .contains("presence.changed", "ONLINE"));
  }

  @Test
  void a_node_listens_only_to_users_that_somebody_watches_and_only_as_long() {
    SimulatedSocket first = watching.connect(ben);
    SimulatedSocket second = watching.connect(ben);
    first.call("presence.watch", users(anna, ben));
    second.call("presence.watch", users(anna));
    traffic.clear();

    first.call("presence.unwatch", users(anna));
    assertThat(traffic).isEmpty();
    second.close(1006);
    assertThat(traffic).containsExactly("unsubscribe " + channel(anna));
    other.connect(anna);
    assertThat(traffic).hasSize(1);
    first.close(1000);
    assertThat(traffic).contains("unsubscribe " + channel(ben)).hasSize(2);
  }

  @Test
  void a_host_that_stops_watching_twice_has_stopped_once() {
    SimulatedSocket client = watching.connect(ben);
    client.call("presence.watch", users(anna));
    var registration = watching.presence().watch(List.of(anna), change -> {});

    registration.close();
    registration.close();

    other.connect(anna);
    assertThat(client.take()).hasSize(1);
  }

  @Test
  void a_host_hears_changes_and_not_what_was_so_before() {
    List<PresenceStatus> heard = new ArrayList<>();
    SimulatedSocket socket = other.connect(anna);
    watching.presence().watch(List.of(anna), change -> heard.add(change.status()));

    store.flush();
    socket.call("presence.set", Json.object("status", "ONLINE"));
    socket.call("presence.set", Json.object("status", "BUSY"));

    assertThat(heard).containsExactly(PresenceStatus.BUSY);
  }

  @Test
  void one_listener_that_throws_does_not_keep_others_from_hearing() {
    List<PresenceStatus> heard = new ArrayList<>();
    watching
        .presence()
        .watch(
            List.of(anna),
            change -> {
              throw new IllegalStateException("thrown by the test");
            });
    watching.presence().watch(List.of(anna), change -> heard.add(change.status()));

    other.connect(anna);

    assertThat(heard).containsExactly(PresenceStatus.ONLINE);
  }

  private static String channel(UserId user) {
    return PresenceChange.channel(user);
  }

  /** The same cluster, with an ear on the bus of one node. */
  private final class Overheard implements ClusterBackend {
    @Override
    public ClusterBus bus(ServerId self) {
      return new OverheardBus(store.bus(self));
    }

    @Override
    public PresenceStore presence() {
      return store.presence();
    }

    @Override
    public RoomStore rooms() {
      return store.rooms();
    }

    @Override
    public ServerRegistry servers() {
      return store.servers();
    }

    @Override
    public BanStore bans() {
      return store.bans();
    }
  }

  private final class OverheardBus implements ClusterBus {
    private final ClusterBus bus;

    OverheardBus(ClusterBus bus) {
      this.bus = bus;
    }

    @Override
    public void start(BusListener listener) {
      bus.start(
          new BusListener() {
            @Override
            public void onMessage(String channel, byte[] message) {
              traffic.add("message " + channel);
              listener.onMessage(channel, message);
            }

            @Override
            public void onGap() {
              listener.onGap();
            }

            @Override
            public void onDisconnected() {
              listener.onDisconnected();
            }
          });
    }

    @Override
    public CompletionStage<PublishResult> publish(String channel, byte[] message) {
      return bus.publish(channel, message);
    }

    @Override
    public CompletionStage<Void> subscribe(String channel) {
      traffic.add("subscribe " + channel);
      return bus.subscribe(channel);
    }

    @Override
    public void unsubscribe(String channel) {
      traffic.add("unsubscribe " + channel);
      bus.unsubscribe(channel);
    }

    @Override
    public boolean isConnected() {
      return bus.isConnected();
    }

    @Override
    public void close() {
      bus.close();
    }
  }
}
