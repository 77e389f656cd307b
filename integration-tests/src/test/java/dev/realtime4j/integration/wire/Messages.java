package dev.realtime4j.integration.wire;

import dev.realtime4j.protocol.Frame;
import dev.realtime4j.protocol.FrameCodec;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The first message of each kind that passed a wire: by the name of its file. What differs from run
 * to run is replaced, in the very form that it has: ids, times, cursors, the numbers of calls.
 */
final class Messages implements TappedWire.Tap {
  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  /** In order. */
  private static final Map<String, String> REPLACED = new LinkedHashMap<>();

  static {
    REPLACED.put(
        "\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\"", "\"2026-03-01T12:00:00.000Z\"");
    REPLACED.put("\"(next_cursor|cursor)\":\"[A-Za-z0-9_.~-]+\"", "\"$1\":\"12.7\"");
    REPLACED.put("^\\{\"id\":[1-9]\\d*,", "{\"id\":7,");
    REPLACED.put("\"reconnect_after_ms\":\\d+", "\"reconnect_after_ms\":900");
  }

  private final Map<String, String> first = new ConcurrentHashMap<>();

  /** Which method was called, by connection and number. */
  private final Map<String, String> methods = new HashMap<>();

  @Override
  public void passes(Object connection, String message) {
    first.putIfAbsent(kind(connection, FrameCodec.decode(message)), steady(message));
  }

  /** Whether one of this kind has passed. */
  boolean has(String kind) {
    return first.containsKey(kind);
  }

  Map<String, String> byKind() {
    return new TreeMap<>(first);
  }

  private String kind(Object connection, Frame frame) {
    String of = System.identityHashCode(connection) + " ";
    if (frame instanceof Frame.Call call) {
      methods.put(of + call.id(), call.method());
      return "calls/" + call.method();
    }
    if (frame instanceof Frame.Result result) {
      return "results/" + methods.get(of + result.id());
    }
    if (frame instanceof Frame.Event event) {
      return "events/" + event.event();
    }
    return frame instanceof Frame.Failure ? "failure" : "heartbeat";
  }

  private static String steady(String message) {
    String text = message;
    for (Map.Entry<String, String> one : REPLACED.entrySet()) {
      text = text.replaceAll(one.getKey(), one.getValue());
    }
    Map<String, String> numbered = new HashMap<>();
    return UUID.matcher(text)
        .replaceAll(id -> Matcher.quoteReplacement(number(numbered, id.group())));
  }

  /** The users of the story keep theirs; all others are made anew with each run. */
  private static String number(Map<String, String> numbered, String id) {
    return id.startsWith(Story.USERS)
        ? id
        : numbered.computeIfAbsent(
            id, unknown -> "0195f7c8-1a2b-7000-8000-00000000000" + (numbered.size() + 1));
  }
}
