package dev.realtime4j.server.redis;

import dev.realtime4j.api.cluster.BusListener;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what a bus told its node, in order: messages as their text, GAP and AWAY. */
final class RecordedBus implements BusListener {
  final List<String> heard = new CopyOnWriteArrayList<>();

  @Override
  public void onMessage(String channel, byte[] message) {
    heard.add(new String(message, StandardCharsets.UTF_8));
  }

  @Override
  public void onGap() {
    heard.add("GAP");
  }

  @Override
  public void onDisconnected() {
    heard.add("AWAY");
  }
}
