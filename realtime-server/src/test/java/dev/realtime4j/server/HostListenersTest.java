package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.Presence;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the host hears of its sockets, and that a bad listener is only its own trouble. */
final class HostListenersTest {
  private final LocalTransport transport = new LocalTransport();
  private final CountDownLatch letGo = new CountDownLatch(1);
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final RealtimeServer server =
      RealtimeServer.builder()
          .transport(transport)
          .authenticator(new TestUsers())
          .workerThreads(4)
          .listener(new Stuck())
          .listener(new Throwing())
          .listener(new Hearing())
          .build()
          .start();

  @AfterEach
  void stop() {
    letGo.countDown();
    server.close();
  }

  @Test
  void each_socket_is_told_once_when_it_opens_and_once_when_it_is_gone() {
    UserId user = TestUsers.some();
    LocalTransport.Socket socket = transport.connect(user);
    await().until(() -> heard.size() == 1);
    socket.end(1000);

    await().until(() -> heard.size() == 2);
    assertThat(heard).containsExactly("connect " + user, "disconnect " + user + " 1000");
  }

  @Test
  void listeners_that_block_or_throw_delay_no_socket_and_no_other_listener() {
    List<LocalTransport.Socket> sockets =
        Stream.generate(() -> transport.connect(TestUsers.some())).limit(100).toList();
    sockets.forEach(socket -> socket.call("presence.set", Json.object("status", "BUSY")));

    await().until(() -> sockets.stream().allMatch(socket -> socket.answers() == 1));
    await().until(() -> heard.size() == 100);
  }

  @Test
  void a_presence_listener_that_blocks_delays_no_socket_and_no_other_listener() {
    List<UserId> users = Stream.generate(TestUsers::some).limit(100).toList();
    List<Presence> changes = new CopyOnWriteArrayList<>();
    server.presence().watch(users, change -> block());
    server.presence().watch(users, changes::add);

    List<LocalTransport.Socket> sockets = users.stream().map(transport::connect).toList();

    await().until(() -> changes.size() == 100);
    await().until(() -> sockets.stream().allMatch(socket -> !socket.events("connected").isEmpty()));
  }

  private void block() {
    try {
      letGo.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Stuck implements ConnectionListener {
    @Override
    public void onConnect(UserId user, SocketId socket) {
      block();
    }
  }

  private static final class Throwing implements ConnectionListener {
    @Override
    public void onConnect(UserId user, SocketId socket) {
      throw new IllegalStateException("thrown by the test");
    }
  }

  private final class Hearing implements ConnectionListener {
    @Override
    public void onConnect(UserId user, SocketId socket) {
      heard.add("connect " + user);
    }

    @Override
    public void onDisconnect(UserId user, SocketId socket, int closeCode, String reason) {
      heard.add("disconnect " + user + " " + closeCode);
    }
  }
}
