package dev.realtime4j.contract;

import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.cluster.BusListener;
import dev.realtime4j.api.presence.PresenceChange;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Remembers what a bus brought. Thread safety: any thread may call any method. */
final class RecordingListener implements BusListener {
  private final Map<String, List<byte[]>> messages = new ConcurrentHashMap<>();
  private final AtomicInteger gaps = new AtomicInteger();

  @Override
  public void onMessage(String channel, byte[] message) {
    messages.computeIfAbsent(channel, key -> new CopyOnWriteArrayList<>()).add(message);
  }

  @Override
  public void onGap() {
    gaps.incrementAndGet();
  }

  @Override
  public void onDisconnected() {}

  List<String> texts(String channel) {
    return messages.getOrDefault(channel, List.of()).stream()
        .map(message -> new String(message, StandardCharsets.UTF_8))
        .toList();
  }

  List<PresenceChange> changes(UserId user) {
    return messages.getOrDefault(PresenceChange.channel(user), List.of()).stream()
        .map(PresenceChange::decode)
        .toList();
  }

  int gaps() {
    return gaps.get();
  }

  void awaitTexts(String channel, int count) {
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> texts(channel).size() >= count);
  }

  void awaitChanges(UserId user, int count) {
    awaitTexts(PresenceChange.channel(user), count);
  }
}
