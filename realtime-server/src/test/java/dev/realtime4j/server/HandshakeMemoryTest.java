package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a large handshake costs while its socket is open. */
final class HandshakeMemoryTest {
  private static final int SOCKETS = 300;
  private static final int FIELDS = 90;

  private final List<RawHandshake> sockets = new ArrayList<>();

  private void open(RealtimeServer server, int fields) throws IOException {
    String[] headers = new String[fields];
    for (int i = 0; i < fields; i++) {
      headers[i] = "X-Filler-" + i + ": " + "x".repeat(140);
    }
    for (int i = 0; i < SOCKETS; i++) {
      RawHandshake socket = new RawHandshake(server.port());
      sockets.add(socket);
      String user = TestUsers.some().toString();
      assertThat(socket.send("/ws?token=" + user, headers).statusLine()).contains(" 101 ");
    }
    await().until(() -> server.stats().sockets() == sockets.size());
  }

  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  @Test
  void a_large_handshake_costs_no_more_than_a_small_one_once_it_is_done() throws Exception {
    try (RealtimeServer server =
        RealtimeServer.builder()
            .port(0)
            .authenticator(new TestUsers())
            .handshakeTimeout(Duration.ofSeconds(2))
            .heartbeatTimeout(Duration.ofMinutes(5)) // nobody answers them
            .build()
            .start()) {
      open(server, FIELDS); // whatever is made only once
      long before = heap();
      open(server, 0);
      long small = heap() - before;
      long between = heap();
      open(server, FIELDS);

      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () -> assertThat(heap() - between).isLessThan(small + SOCKETS * 4L * 1024));
      assertThat(sockets).hasSize(3 * SOCKETS);
    } finally {
      for (RawHandshake socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void a_hundred_header_fields_are_taken_and_one_more_is_431() throws Exception {
    try (RealtimeServer server =
            RealtimeServer.builder().port(0).authenticator(new TestUsers()).build().start();
        RawHandshake most = new RawHandshake(server.port());
        RawHandshake over = new RawHandshake(server.port())) {
      String target = "/ws?token=" + TestUsers.some();
      String[] fields = new String[96];
      for (int i = 0; i < fields.length; i++) {
        fields[i] = "X-" + i + ": 1";
      }
      String[] without = Arrays.copyOf(fields, 95); // a request has five of its own
      assertThat(most.send(target, without).statusLine()).contains(" 101 ");
      assertThat(over.send(target, fields).statusLine()).contains(" 431 ");
    }
  }
}
