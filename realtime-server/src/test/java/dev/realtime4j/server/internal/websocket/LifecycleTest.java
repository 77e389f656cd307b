package dev.realtime4j.server.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.transport.HandshakeHandler;
import dev.realtime4j.api.transport.HandshakeHandler.Decision;
import dev.realtime4j.api.transport.TransportLimits;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LifecycleTest {
  private static final TransportLimits LIMITS =
      new TransportLimits(0, 1024, 4096, Duration.ofSeconds(10), 100);
  private static final HandshakeHandler NEVER = handshake -> new CompletableFuture<Decision>();

  @Test
  void two_thousand_connects_in_a_row_leave_nothing_behind() {
    try (TestServer server = TestServer.start()) {
      for (int i = 0; i < 2_000; i++) {
        try (RawClient client = RawClient.open(server.port())) {
          if (i % 2 == 0) {
            assertThat(client.text("hello").read()).isEqualTo("text hello");
          }
        }
      }
      await().until(() -> server.transport.connectionCount() == 0);
      assertThat(server.sessions).hasSize(2_000);
      for (TestSession session : server.sessions) {
        String event = session.next();
        assertThat(event.startsWith("text") ? session.next() : event).startsWith("closed 1006");
      }
    }
  }

  @Test
  void a_full_transport_refuses_and_has_room_again_later() {
    try (TestServer server = TestServer.startWithRoomFor(2)) {
      RawClient first = RawClient.open(server.port());
      try (RawClient silent = RawClient.connect(server.port())) {
        await().until(() -> server.transport.connectionCount() == 2);
        try (RawClient third = RawClient.connect(server.port()).send(RawClient.REQUEST)) {
          assertThat(third.readHead()).startsWith("HTTP/1.1 503 ").contains("Retry-After: 5\r\n");
          assertThat(third.readAll()).contains("RT_UNAVAILABLE");
        }
        assertThat(silent.send(RawClient.REQUEST).readHead()).startsWith("HTTP/1.1 101 ");
      }
      await().until(() -> server.transport.connectionCount() == 1);
      assertThat(server.handshakes).hasSize(2);
      RawClient.open(server.port()).close();
      first.close();
    }
  }

  @Test
  void closing_says_1012_to_all_and_ends_port_and_threads() {
    Set<Thread> before = transportThreads();
    TestServer server = TestServer.start();
    List<TestServer.Opened> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      all.add(server.open());
    }
    RawClient silent = RawClient.connect(server.port());
    await().until(() -> server.transport.connectionCount() == 21);
    int port = server.port();
    long start = System.nanoTime();
    server.close();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    for (TestServer.Opened opened : all) {
      assertThat(opened.client().read()).startsWith("close 1012 ");
      assertThat(opened.session().next()).startsWith("closed 1012 ");
      assertThat(opened.session().events).isEmpty();
    }
    assertThat(silent.isEnded()).isTrue();
    assertThat(server.transport.connectionCount()).isZero();
    assertThatThrownBy(() -> RawClient.connect(port)).hasCauseInstanceOf(ConnectException.class);
    await().untilAsserted(() -> assertThat(transportThreads()).isEqualTo(before));
    server.close();
  }

  @Test
  void clients_that_answer_the_goodbye_let_it_end_early() {
    TestServer server = TestServer.start();
    RawClient client = RawClient.open(server.port());
    CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);
    assertThat(client.read()).startsWith("close 1012 ");
    client.send(RawClient.closeFrame(1012, ""));
    assertThat(client.isEnded()).isTrue();
    closing.join();
  }

  @Test
  void it_can_be_closed_from_its_own_thread() {
    Set<Thread> before = transportThreads();
    TestServer server = TestServer.start();
    server.onText = (session, text) -> server.close();
    try (RawClient client = RawClient.open(server.port()).text("stop")) {
      assertThat(client.read()).startsWith("close 1012 ");
      server.close();
    }
    await().untilAsserted(() -> assertThat(transportThreads()).isEqualTo(before));
  }

  @Test
  void a_taken_port_is_unavailable_and_leaves_no_thread() {
    Set<Thread> before = transportThreads();
    try (TestServer server = TestServer.start()) {
      Set<Thread> withServer = transportThreads();
      WebSocketTransport second = WebSocketTransport.create(2, TestServer.SEND_BUFFER);
      TransportLimits taken =
          new TransportLimits(server.port(), 1024, 4096, Duration.ofSeconds(1), 10);
      assertThatThrownBy(() -> second.start(taken, NEVER))
          .isInstanceOfSatisfying(
              RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
          .hasMessageContaining("port " + server.port());
      await().untilAsserted(() -> assertThat(transportThreads()).isEqualTo(withServer));
      second.close();
    }
    await().untilAsserted(() -> assertThat(transportThreads()).isEqualTo(before));
  }

  @Test
  void it_is_started_once() {
    WebSocketTransport transport = WebSocketTransport.create(1, TestServer.SEND_BUFFER);
    assertThatThrownBy(transport::port).isInstanceOf(IllegalStateException.class);
    assertThat(transport.connectionCount()).isZero();
    transport.start(LIMITS, NEVER);
    assertThatThrownBy(() -> transport.start(LIMITS, NEVER))
        .isInstanceOf(IllegalStateException.class);
    transport.close();
    WebSocketTransport unused = WebSocketTransport.create(1, TestServer.SEND_BUFFER);
    unused.close();
    assertThatThrownBy(() -> unused.start(LIMITS, NEVER)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> WebSocketTransport.create(0, TestServer.SEND_BUFFER))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void failing_accepts_pause_and_recover_by_themselves() throws IOException {
    EventLoop loop =
        EventLoop.start(
            99, new LoopSettings(TestServer.SEND_BUFFER, 100, null, ServerEnvironment.system()));
    ServerSocketChannel server = Acceptor.bind(null, 0);
    AtomicInteger attempts = new AtomicInteger();
    Acceptor.Source source =
        () -> {
          if (attempts.incrementAndGet() <= 3) {
            throw new IOException("Too many open files");
          }
          return server.accept();
        };
    long start = System.nanoTime();
    Acceptor listener =
        new Acceptor(
            LIMITS,
            NEVER,
            Peers.unbounded(),
            List.of(loop),
            new Acceptor.Port(server, source),
            ServerEnvironment.system());
    listener.start();
    try (RawClient client = RawClient.connect(listener.port())) {
      await().until(() -> listener.places().taken() == 1);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(290));
      assertThat(client.send("POST /ws HTTP/1.1\r\n\r\n").readHead()).startsWith("HTTP/1.1 405 ");
    } finally {
      listener.close();
      loop.shutDown(Duration.ZERO);
      // Else the next test takes its threads for others that stay.
      long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
      listener.awaitEnd(end);
      loop.awaitEnd(end);
    }
  }

  private static Set<Thread> transportThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .filter(t -> t.getName().matches("realtime-(io|accept)-\\d+"))
        .collect(Collectors.toSet());
  }
}
