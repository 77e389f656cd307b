package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.fixtures.Certificates;
import dev.realtime4j.fixtures.SlowLink;
import dev.realtime4j.server.tls.ServerTls;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients on links that carry little. In the build time runs ten times as fast as on the links that
 * are meant: 40 kB/s for 4, and heartbeats every 2.5 s for 25. {@code -Dslow.times=1} is the real
 * thing, and takes four minutes.
 */
@Execution(ExecutionMode.CONCURRENT)
final class SlowLinksTest {
  private static final int TIMES = Integer.getInteger("slow.times", 10);
  private static final Duration INTERVAL = Duration.ofSeconds(25).dividedBy(TIMES);
  private static final Duration TIMEOUT = Duration.ofSeconds(10).dividedBy(TIMES);
  private static final int MISSED = 200;

  @TempDir static Path made;
  private static Path keyStore = Path.of("not made yet");

  private final Map<UserId, Integer> closed = new ConcurrentHashMap<>();
  private final UserId user = TestUsers.some();

  @SuppressWarnings("NullAway.Init")
  private RealtimeServer server;

  @BeforeAll
  static void makeKeyStore() {
    keyStore = Certificates.local(made.resolve("server.p12"), "RSA");
  }

  private RealtimeServer.Builder builder() {
    return RealtimeServer.builder()
        .port(0)
        .authenticator(new TestUsers())
        .heartbeatInterval(INTERVAL)
        .heartbeatTimeout(TIMEOUT)
        .handler("echo", call -> Json.object("length", call.params().text().length()))
        .listener(
            new ConnectionListener() {
              @Override
              public void onDisconnect(UserId user, SocketId socket, int code, String reason) {
                closed.put(user, code);
              }
            });
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** A client by hand: it sends what it is told, and answers heartbeats only when it is read. */
  private static final class Client implements AutoCloseable {
    private final Socket socket;
    private final DataInputStream in;
    private int received;

    private Client(Socket socket, String target) throws IOException {
      this.socket = socket;
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(60_000);
      in = new DataInputStream(socket.getInputStream());
      write(RawHandshake.request(target).getBytes(StandardCharsets.ISO_8859_1));
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        head.append((char) in.readUnsignedByte());
      }
      assertThat(head.toString()).startsWith("HTTP/1.1 101");
      received = head.length();
    }

    /** How many bytes the server has sent until now, TLS not counted. */
    int received() {
      return received;
    }

    static Client open(int port, String target) throws IOException {
      return new Client(new Socket(InetAddress.getLoopbackAddress(), port), target);
    }

    void write(byte... bytes) throws IOException {
      socket.getOutputStream().write(bytes);
    }

    /** Masked by zeros, which is as good for the server. */
    void frame(int firstByte, byte... payload) throws IOException {
      ByteBuffer frame = ByteBuffer.allocate(14 + payload.length).put((byte) firstByte);
      if (payload.length < 126) {
        frame.put((byte) (0x80 | payload.length));
      } else {
        frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
      }
      frame.putInt(0).put(payload);
      byte[] bytes = new byte[frame.position()];
      frame.flip().get(bytes);
      write(bytes);
    }

    void text(String text) throws IOException {
      frame(0x81, text.getBytes(StandardCharsets.UTF_8));
    }

    /** The messages of the next frame; heartbeats are answered. */
    List<Json> next() throws IOException {
      int first = in.readUnsignedByte();
      int length = in.readUnsignedByte();
      if (length == 126) {
        length = in.readUnsignedShort();
      } else if (length == 127) {
        length = (int) in.readLong();
      }
      String text = new String(in.readNBytes(length), StandardCharsets.UTF_8);
      assertThat(first).as(text).isEqualTo(0x81);
      received += length;
      List<Json> messages = new ArrayList<>();
      for (String line : text.split("\n")) {
        if (line.equals("{}")) {
          text("{}");
        } else {
          messages.add(Json.parse(line));
        }
      }
      return messages;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private Client connect(boolean tls, int port, String since) throws Exception {
    String target = "/ws?token=" + user + since;
    if (!tls) {
      return Client.open(port, target);
    }
    return new Client(
        Certificates.trusting(keyStore).getSocketFactory().createSocket("localhost", port), target);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void what_was_missed_arrives_over_4_kB_a_second_each_once_and_the_welcome_before(boolean tls)
      throws Exception {
    RealtimeServer.Builder builder = builder();
    server =
        (tls ? builder.tls(ServerTls.keyStore(keyStore, Certificates.PASSWORD)) : builder)
            .build()
            .start();
    String cursor;
    try (Client before = connect(tls, server.port(), "")) {
      cursor =
          WireClient.text(before.next().get(0).fields().getOrDefault("data", Json.NULL), "cursor");
    }
    await().until(() -> closed.remove(user) != null);
    for (int i = 0; i < MISSED; i++) {
      server
          .notifications()
          .send(NewNotification.to(user).title("n" + i).body("x".repeat(1100)).build());
    }
    Set<String> arrived = new HashSet<>();
    try (SlowLink link = new SlowLink(server.port(), 4_000 * TIMES);
        Client client = connect(tls, link.port(), "&since=" + cursor)) {
      List<Json> first = client.next();
      assertThat(first).hasSize(1);
      assertThat(WireClient.text(first.get(0), "event")).isEqualTo("connected");
      assertThat(client.received()).as("bytes until the welcome").isLessThan(6_000);
      while (arrived.size() < MISSED) {
        for (Json message : client.next()) {
          if (WireClient.text(message, "event").equals("notification.new")) {
            assertThat(
                    arrived.add(
                        WireClient.text(message.fields().getOrDefault("data", Json.NULL), "id")))
                .isTrue();
          }
        }
      }
      assertThat(closed).isEmpty();
    }
  }

  @Test
  void a_large_call_arrives_over_1_kB_a_second_though_nothing_else_is_heard_meanwhile()
      throws Exception {
    server = builder().build().start();
    try (SlowLink link = new SlowLink(server.port(), 1_000 * TIMES);
        Client client = Client.open(link.port(), "/ws?token=" + user)) {
      client.next();
      client.text(
          "{\"id\":1,\"method\":\"echo\",\"params\":{\"p\":\"" + "x".repeat(60_000) + "\"}}");
      List<Json> answer = client.next();
      while (answer.isEmpty()) {
        answer = client.next();
      }
      assertThat(WireClient.text(answer.get(0), "id")).isEqualTo("1");
      assertThat(closed).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0x89, 0x8A, 0x01})
  void pings_pongs_and_fragments_are_signs_of_life(int firstByte) throws Exception {
    server =
        builder()
            .heartbeatInterval(Duration.ofMillis(400))
            .heartbeatTimeout(Duration.ofMillis(200))
            .build()
            .start();
    long end = System.nanoTime() + Duration.ofSeconds(4).toNanos();
    try (Client client = Client.open(server.port(), "/ws?token=" + user)) {
      int[] sent = new int[1];
      await()
          .pollInterval(Duration.ofMillis(50))
          .atMost(Duration.ofSeconds(10))
          .until(
              () -> {
                client.frame(sent[0]++ > 0 && firstByte == 1 ? 0 : firstByte, (byte) 'x');
                return System.nanoTime() - end > 0;
              });
      assertThat(closed).isEmpty();
    }
  }

  @Test
  void who_waits_for_our_own_stores_is_not_given_up_for_its_silence() throws Exception {
    FaultyStore store = new FaultyStore();
    CountDownLatch slow = new CountDownLatch(1);
    for (String method : List.of("sync", "syncAll", "unreadCount", "unreadCounts", "cursor")) {
      store.before(method, () -> awaitQuietly(slow));
    }
    server =
        builder()
            .heartbeatInterval(Duration.ofMillis(400))
            .heartbeatTimeout(Duration.ofMillis(200))
            .notifications(store.repository())
            .build()
            .start();
    CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS).execute(slow::countDown);
    try (Client client = Client.open(server.port(), "/ws?token=" + user)) {
      assertThat(WireClient.text(client.next().get(0), "event")).isEqualTo("connected");
      assertThat(slow.getCount()).as("the store was asked").isZero();
      assertThat(closed).isEmpty();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_link_that_died_under_a_backlog_is_closed_in_bounded_time() throws Exception {
    server =
        builder()
            .heartbeatInterval(Duration.ofMillis(400))
            .heartbeatTimeout(Duration.ofMillis(200))
            .build()
            .start();
    try (SlowLink link = new SlowLink(server.port(), 40_000);
        Client client = Client.open(link.port(), "/ws?token=" + user)) {
      client.next();
      link.die();
      for (int i = 0; i < 3; i++) {
        server
            .notifications()
            .send(NewNotification.to(user).title("n" + i).body("x".repeat(1000)).build());
      }
      // 4 kB at 1 KiB/s, and the time-out; the rest is for a busy machine.
      await().atMost(Duration.ofSeconds(20)).until(() -> closed.containsKey(user));
      assertThat(closed).containsEntry(user, 4408);
    }
  }
}
