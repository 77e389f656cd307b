package dev.realtime4j.compatibility;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.cluster.BanStore.Ban;
import dev.realtime4j.api.cluster.BanStore.Reach;
import dev.realtime4j.api.cluster.BusListener;
import dev.realtime4j.api.cluster.ClusterBus;
import dev.realtime4j.api.presence.PresenceStore.LocalUser;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.server.redis.RedisBackend;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A little of everything on Redis: what each store answers, and what the bus carries. */
final class RedisStory implements Function<String, List<String>> {
  static final List<String> EXPECTED =
      List.of("ONLINE", "ONLINE", "JOINED", "1", "[node-1]", "1", "ACCEPTED", "hello");

  @Override
  public List<String> apply(String url) {
    ServerId server = new ServerId("node-1");
    UserId user = new UserId(UUID.randomUUID());
    SocketId socket = new SocketId("s-1");
    Duration minute = Duration.ofMinutes(1);
    Instant now = Instant.now();
    List<String> said = new ArrayList<>();
    try (RedisBackend cluster = RedisBackend.connect(URI.create(url))) {
      said.add(
          cluster.presence().connected(user, server, socket, minute).presence().status().name());
      cluster.presence().refresh(server, Map.of(user, LocalUser.with(socket)), minute);
      said.add(cluster.presence().get(List.of(user)).get(user).status().name());
      RoomName room = RoomName.of("match:" + user);
      said.add(cluster.rooms().join(room, user, server, socket, 10).outcome().name());
      said.add(Integer.toString(cluster.rooms().memberCount(room)));
      cluster.servers().beat(server, now, minute);
      said.add(cluster.servers().alive().toString());
      cluster.servers().leave(server);
      cluster.bans().add(new Ban(user, now.plus(minute), Reach.values()[0]));
      said.add(
          Long.toString(
              cluster.bans().active(now).stream().filter(ban -> ban.user().equals(user)).count()));
      carry(cluster, said);
    } catch (Exception e) {
      throw new IllegalStateException(e.toString(), e);
    }
    return said;
  }

  private static void carry(RedisBackend cluster, List<String> said) throws Exception {
    Heard heard = new Heard();
    ClusterBus here = cluster.bus(new ServerId("node-1"));
    ClusterBus there = cluster.bus(new ServerId("node-2"));
    try {
      here.start(new Heard());
      there.start(heard);
      there.subscribe("room:a").toCompletableFuture().get(10, TimeUnit.SECONDS);
      said.add(
          here.publish("room:a", "hello".getBytes(StandardCharsets.UTF_8))
              .toCompletableFuture()
              .get(10, TimeUnit.SECONDS)
              .name());
      said.add(String.valueOf(heard.messages.poll(10, TimeUnit.SECONDS)));
    } finally {
      here.close();
      there.close();
    }
  }

  private static final class Heard implements BusListener {
    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();

    @Override
    public void onMessage(String channel, byte[] message) {
      messages.add(new String(message, StandardCharsets.UTF_8));
    }

    @Override
    public void onGap() {}

    @Override
    public void onDisconnected() {}
  }
}
