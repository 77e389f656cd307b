package dev.realtime4j.server.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Handshake;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.api.room.RoomPolicy;
import dev.realtime4j.server.CapturedLog;
import dev.realtime4j.server.MethodCall;
import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.memory.InMemoryConnectionLog;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * A fuzzer over the wire: at the level of TCP, of WebSocket and of JSON, valid, mutated and random.
 *
 * <p>Each case is made from the seed and its number alone. {@code -Dhostile.cases=1000000} and
 * {@code -Dhostile.seed=…} run more, or others.
 */
final class HostileInputTest {
  private static final int CASES = Integer.getInteger("hostile.cases", 20_000);
  private static final long SEED = Long.getLong("hostile.seed", 20_260_301);
  private static final int WARM_UP = 5_000;
  private static final int ATTACKERS = 4;
  private static final int TEXTS_ON_A_SOCKET = 20;
  private static final int TEXTS_BETWEEN_SIGNS_OF_LIFE = 5;
  private static final long HEAP_NOISE = 16L * 1024 * 1024;

  private final Map<String, LongAdder> seen = new ConcurrentSkipListMap<>();
  private final InMemoryConnectionLog connections = InMemoryConnectionLog.create();
  private final Map<UserId, Boolean> attackers = new ConcurrentHashMap<>();
  private final AtomicInteger next = new AtomicInteger();

  @Test
  void any_bytes_end_in_an_error_or_a_close_and_are_nobody_elses_trouble() throws Exception {
    try (CapturedLog log = CapturedLog.open();
        RealtimeServer server = start();
        Bystander bystander = new Bystander(server.port())) {
      attack(server, WARM_UP);
      awaitOnly(bystander, server);
      TreeSet<String> threads = threads();
      long heap = heap();

      attack(server, CASES);

      awaitOnly(bystander, server);
      LoggerFactory.getLogger(getClass()).info("{} cases: {}", CASES, seen);
      assertThat(log.exceptions()).as("seed %d", SEED).isEmpty();
      assertThat(log.from(Level.WARN)).as("seed %d", SEED).isEmpty();
      assertThat(server.stats().methodFailures()).as("seed %d", SEED).isZero();
      assertThat(threads()).containsAll(threads);
      assertThat(heap() - heap).as("growth of the heap").isLessThan(HEAP_NOISE);
      assertThat(bystander.answers()).isPositive();
      assertThat(seen.keySet())
          .as("the cases reach what they are for")
          .contains("HTTP 101", "HTTP 400", "HTTP 431", "close 1002", "close 1007", "close 1009")
          .contains("close 4400", "RT_BAD_REQUEST", "RT_UNKNOWN_METHOD", "RT_INVALID_CHANNEL");
    }
  }

  private RealtimeServer start() {
    return RealtimeServer.builder()
        .port(0)
        .authenticator(HostileInputTest::whoever)
        .roomPolicy(RoomPolicy.open())
        .connectionLog(connections)
        .handler("echo", MethodCall::params)
        .messagesPerSecond(1_000_000)
        .controlFramesPerSecond(1_000_000)
        .maxSocketsPerAddress(1_000_000)
        .connectsPerSecondPerUser(1_000_000)
        .presenceGrace(Duration.ZERO)
        .handshakeTimeout(Duration.ofSeconds(5))
        .build()
        .start();
  }

  private static Principal whoever(Handshake handshake) {
    try {
      return Principal.of(UserId.of(handshake.token().orElse("")));
    } catch (InvalidValueException e) {
      throw new RealtimeException(ErrorCode.UNAUTHORIZED, "not a user's id", e);
    }
  }

  private void attack(RealtimeServer server, int cases) throws InterruptedException {
    int end = next.get() + cases;
    ExecutorService threads = Executors.newFixedThreadPool(ATTACKERS);
    List<Future<?>> attacks = new ArrayList<>();
    for (int i = 0; i < ATTACKERS; i++) {
      UserId user = new UserId(new UUID(1, i));
      attackers.put(user, true);
      attacks.add(
          threads.submit(
              () -> {
                attackAs("/ws?token=" + user, server.port(), end);
                return null;
              }));
    }
    try {
      for (Future<?> attack : attacks) {
        attack.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError("seed " + SEED + ", around case " + next.get(), e.getCause());
    } finally {
      threads.shutdownNow();
      next.set(end);
    }
  }

  private void attackAs(String target, int port, int end) throws IOException {
    for (int number = next.getAndIncrement(); number < end; number = next.getAndIncrement()) {
      HostileBytes bytes = new HostileBytes(random(number));
      int kind = random(-number).nextInt(100);
      try (HostilePeer peer = new HostilePeer(port, seen)) {
        if (kind < 30) {
          peer.write(bytes.request(target));
          peer.finish();
        } else if (kind < 80) {
          peer.open(target).write(bytes.frames());
          peer.finish();
        } else {
          texts(peer.open(target), number, end);
        }
      }
    }
  }

  /** This text and some of the next numbers on one socket, as long as the server keeps it. */
  private void texts(HostilePeer peer, int first, int end) throws IOException {
    int number = first;
    for (int i = 1; i <= TEXTS_ON_A_SOCKET && number < end; i++) {
      peer.text(new HostileJson(random(number)).text());
      if (i % TEXTS_BETWEEN_SIGNS_OF_LIFE == 0 && !peer.isAlive()) {
        return;
      }
      number = i == TEXTS_ON_A_SOCKET ? number : next.getAndIncrement();
    }
  }

  private static Random random(int number) {
    return new Random(SEED * 1_000_003 + number);
  }

  /** All attackers are gone, and what they did is forgotten. */
  private void awaitOnly(Bystander bystander, RealtimeServer server) {
    await().atMost(Duration.ofSeconds(30)).until(() -> server.stats().sockets() == 1);
    long answers = bystander.answers();
    await().atMost(Duration.ofSeconds(30)).until(() -> bystander.answers() > answers);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              attackers.keySet().forEach(connections::erase);
              return connections.lastSeen(attackers.keySet()).isEmpty();
            });
  }

  /** Workers end when they are idle, so their number says nothing. */
  private static TreeSet<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("realtime-") && !name.startsWith("realtime-worker-"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** What is left after garbage collection: the least of several, as other garbage dies slowly. */
  private static long heap() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }
}
