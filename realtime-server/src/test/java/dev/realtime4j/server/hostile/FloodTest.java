package dev.realtime4j.server.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Handshake;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.server.MethodCall;
import dev.realtime4j.server.RealtimeServer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A user who sends as much as the default limits let through, by any way around them. */
final class FloodTest {
  private static final String ECHO = "{\"id\":1,\"method\":\"echo\"}";

  private final LongAdder echoes = new LongAdder();
  private final Map<String, LongAdder> seen = new ConcurrentSkipListMap<>();
  private final String target = "/ws?token=" + UUID.randomUUID();
  private final RealtimeServer server =
      RealtimeServer.builder()
          .port(0)
          .authenticator(FloodTest::whoever)
          .handler(
              "echo",
              (MethodCall call) -> {
                echoes.increment();
                return call.params();
              })
          .build()
          .start();

  private static Principal whoever(Handshake handshake) {
    return handshake
        .token()
        .map(token -> Principal.of(UserId.of(token)))
        .orElseThrow(() -> RealtimeException.badRequest("no token"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private HostilePeer peer() throws Exception {
    return new HostilePeer(server.port(), seen);
  }

  private long seen(String what) {
    return seen.getOrDefault(what, new LongAdder()).sum();
  }

  private static byte[] many(int times, byte[] frame) {
    ByteBuffer all = ByteBuffer.allocate(times * frame.length);
    while (all.hasRemaining()) {
      all.put(frame);
    }
    return all.array();
  }

  private static void untilClosed(HostilePeer peer) {
    await().until(() -> !peer.isAlive());
  }

  @Test
  void a_user_who_comes_again_and_again_sends_no_more_than_one_who_stays() throws Exception {
    long started = System.nanoTime();
    for (int i = 0; i < 40; i++) {
      try (HostilePeer peer = peer()) {
        if (peer.tryOpen(target)) {
          for (int call = 0; call < 20; call++) {
            peer.text(ECHO);
          }
          peer.finish();
        }
      }
    }
    long seconds = Duration.ofNanos(System.nanoTime() - started).toSeconds() + 1;

    assertThat(echoes.sum()).isLessThanOrEqualTo(10 * 20 + 10 * 10 * seconds).isLessThan(700);
    assertThat(seen("HTTP 403")).as("and is kept out").isPositive();
  }

  @Test
  void a_user_opens_no_more_sockets_at_once_than_twenty_devices_need_twice() throws Exception {
    long started = System.nanoTime();
    int opened = 0;
    for (int i = 0; i < 200; i++) {
      try (HostilePeer peer = peer()) {
        opened += peer.tryOpen(target) ? 1 : 0;
      }
    }
    long seconds = Duration.ofNanos(System.nanoTime() - started).toSeconds() + 1;

    assertThat(opened).isBetween(40, (int) (40 + 5 * seconds));
    assertThat(seen("HTTP 429")).isEqualTo(200 - opened);
  }

  @Test
  void lines_without_a_word_cost_as_much_as_others() throws Exception {
    try (HostilePeer peer = peer().open(target)) {
      for (int i = 0; i < 10; i++) {
        peer.text("\n".repeat(50));
      }
      untilClosed(peer);
    }
    assertThat(seen("close 4429")).isEqualTo(1);
  }

  @Test
  void frames_without_a_line_cost_as_much_as_others() throws Exception {
    try (HostilePeer peer = peer().open(target)) {
      for (int i = 0; i < 200; i++) {
        peer.text("\n");
      }
      untilClosed(peer);
    }
    assertThat(seen("close 4429")).isEqualTo(1);
  }

  @Test
  void binary_frames_cost_as_much_as_others() throws Exception {
    try (HostilePeer peer = peer().open(target)) {
      for (int i = 0; i < 100; i++) {
        peer.write(HostileBytes.frame(0x82, new byte[1], 1));
        peer.text(ECHO);
      }
      untilClosed(peer);
    }
    assertThat(echoes.sum()).isLessThan(20);
    assertThat(seen("close 4429")).isEqualTo(1);
  }

  @Test
  void a_frame_of_more_than_a_hundred_lines_is_refused_and_one_of_a_hundred_read()
      throws Exception {
    try (HostilePeer peer = peer().open(target)) {
      peer.text(ECHO + "\n".repeat(101));
      peer.text((ECHO + "\n").repeat(15) + "\n".repeat(85) + "\n");
      await().until(() -> peer.isAlive() && seen("RT_BAD_REQUEST") == 2);
    }
    assertThat(echoes.sum()).isZero();

    try (HostilePeer peer = peer().open("/ws?token=" + UUID.randomUUID())) {
      peer.text((ECHO + "\n").repeat(15) + "\n".repeat(4) + ECHO);
      await().until(() -> echoes.sum() == 16);
    }
    assertThat(seen("RT_BAD_REQUEST")).isEqualTo(2);
  }

  @Test
  void pings_and_pongs_have_a_budget_of_their_own() throws Exception {
    for (int opcode : new int[] {0x89, 0x8A}) {
      try (HostilePeer peer = peer().open(target)) {
        peer.write(many(200, HostileBytes.frame(opcode, new byte[0], 1)));
        peer.finish();
      }
    }
    assertThat(seen("close 4429")).isEqualTo(2);

    try (HostilePeer calm = peer().open(target)) {
      for (int i = 0; i < 50; i++) {
        assertThat(calm.isAlive()).isTrue();
      }
    }
  }

  /** What both clients do at most: 16 calls at once, on every device, also after a restart. */
  @Test
  void ten_devices_that_come_back_together_are_refused_nothing() throws Exception {
    for (int round = 0; round < 2; round++) {
      List<HostilePeer> devices = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        devices.add(peer().open(target));
      }
      long before = echoes.sum();
      for (HostilePeer device : devices) {
        for (int call = 0; call < 10; call++) {
          device.text(ECHO);
        }
      }
      await().untilAsserted(() -> assertThat(echoes.sum()).isEqualTo(before + 100));
      for (HostilePeer device : devices) {
        device.close();
      }
      await().until(() -> server.stats().sockets() == 0);
    }
    assertThat(seen).doesNotContainKeys("RT_RATE_LIMITED", "HTTP 429", "close 4429");
  }
}
