package dev.realtime4j.server.internal.presence;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.server.internal.session.SimulatedSocket;
import dev.realtime4j.server.memory.InMemoryCluster;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Three nodes that share a store in memory, on each a watcher, and the model beside them. */
final class SimulatedCluster {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  private final InMemoryCluster store = InMemoryCluster.create(this::now);
  private final List<UserId> users =
      IntStream.range(0, Step.USERS).mapToObj(i -> new UserId(new UUID(0x7000, i))).toList();
  private final List<ExpectedUser> expected =
      users.stream().map(user -> new ExpectedUser()).toList();
  private final @Nullable SimulatedNode[] nodes = new SimulatedNode[Step.NODES];
  private final List<Watcher> watchers = new ArrayList<>();
  private final List<Client> clients = new ArrayList<>();
  private int seconds;

  private record Client(SimulatedSocket socket, int node, int user) {}

  /** What one watcher believes; telling them what they know already is an error. */
  private static final class Watcher {
    private final String name;
    private final int node;
    private final int since;
    private final Map<String, PresenceStatus> told = new HashMap<>();

    Watcher(String name, int node, int since) {
      this.name = name;
      this.node = node;
      this.since = since;
    }

    void hear(String user, PresenceStatus status) {
      if (told.put(user, status) == status) {
        throw new AssertionError(name + " was told twice that " + user + " is " + status);
      }
    }
  }

  SimulatedCluster() {
    for (int node = 0; node < Step.NODES; node++) {
      start(node);
    }
  }

  private Instant now() {
    return START.plusSeconds(seconds);
  }

  void apply(Step step) {
    if (step instanceof Step.Connect connect && nodes[connect.node()] != null) {
      SimulatedSocket socket = nodes[connect.node()].connect(users.get(connect.user()));
      clients.add(new Client(socket, connect.node(), connect.user()));
      expected.get(connect.user()).connected(connect.node(), seconds);
    } else if (step instanceof Step.End end && !clients.isEmpty()) {
      Client client = clients.remove(end.socket() % clients.size());
      client.socket.close(end.closeCode());
      expected.get(client.user).closed(client.node, seconds);
    } else if (step instanceof Step.Choose choose && !clients.isEmpty()) {
      Client client = clients.get(choose.socket() % clients.size());
      client.socket.call("presence.set", Json.object("status", choose.status()));
      expected.get(client.user).chose(client.node, choose.status(), seconds);
    } else if (step instanceof Step.Kill kill) {
      kill(kill.node());
    } else if (step instanceof Step.Start start) {
      start(start.node());
    } else if (step instanceof Step.Flush) {
      store.flush();
      expected.forEach(user -> user.flushed(seconds));
    } else if (step instanceof Step.Pass pass) {
      IntStream.range(0, pass.seconds()).forEach(i -> second());
    }
    check();
  }

  private void kill(int node) {
    if (nodes[node] != null) {
      nodes[node].kill();
      nodes[node] = null;
      watchers.removeIf(watcher -> watcher.node == node);
      clients.removeIf(client -> client.node == node);
      expected.forEach(user -> user.killed(node, seconds));
    }
  }

  private void start(int node) {
    if (nodes[node] == null) {
      SimulatedNode started = new SimulatedNode("node-" + node, store, this::now);
      nodes[node] = started;
      Watcher client = new Watcher("the client on node " + node, node, seconds);
      SimulatedSocket socket = started.connect(new UserId(new UUID(0x7001, node)));
      socket.take();
      Json answer = socket.call("presence.watch", Json.object("user_ids", users));
      member(answer, "presences").elements().forEach(one -> hear(client, one));
      socket.forward(message -> hear(client, member(message, "data")));
      watchers.add(client);
      Watcher host = new Watcher("the host on node " + node, node, seconds);
      started.presence().get(users).forEach((user, one) -> host.hear(user + "", one.status()));
      started.presence().watch(users, change -> host.hear(change.userId() + "", change.status()));
      watchers.add(host);
    }
  }

  private static void hear(Watcher watcher, Json presence) {
    watcher.hear(
        member(presence, "user_id").asString(),
        PresenceStatus.valueOf(member(presence, "status").asString()));
  }

  private static Json member(Json object, String name) {
    return object.fields().getOrDefault(name, Json.NULL);
  }

  private void second() {
    seconds++;
    for (SimulatedNode node : nodes) {
      if (node != null) {
        node.second();
      }
    }
    check();
  }

  private void check() {
    for (Watcher watcher : watchers) {
      for (int user = 0; user < users.size(); user++) {
        PresenceStatus told = watcher.told.get(users.get(user).toString());
        if (!expected.get(user).allowed(seconds, watcher.since).contains(told)) {
          throw new AssertionError(
              "after %d s %s believes user %d to be %s, and must believe one of %s"
                  .formatted(
                      seconds,
                      watcher.name,
                      user,
                      told,
                      expected.get(user).allowed(seconds, watcher.since)));
        }
      }
    }
  }

  /** Everybody leaves, and everybody is told. */
  void end() {
    for (int node = 1; node < Step.NODES; node++) {
      kill(node);
    }
    start(0);
    while (!clients.isEmpty()) {
      apply(new Step.End(0, 1000));
    }
    apply(new Step.Pass(2 * (int) SimulatedNode.TTL.toSeconds()));
    EnumSet<PresenceStatus> offline = EnumSet.of(PresenceStatus.OFFLINE);
    if (!watchers.stream().allMatch(watcher -> offline.containsAll(watcher.told.values()))) {
      throw new AssertionError("somebody is believed to be there for ever");
    }
  }
}
