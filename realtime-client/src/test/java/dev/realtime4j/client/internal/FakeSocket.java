package dev.realtime4j.client.internal;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.client.internal.websocket.SocketFactory;
import dev.realtime4j.protocol.Frame;
import dev.realtime4j.protocol.FrameCodec;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A socket whose other end is the test. */
public final class FakeSocket implements SocketFactory.Socket {
  public static final String USER = "0190a000-0000-7000-8000-000000000001";

  public final URI target;
  public final String token;
  public final List<Frame> sent = new ArrayList<>();
  public final List<String> texts = new ArrayList<>();
  boolean closed;
  public boolean aborted;
  private final SocketFactory.Listener listener;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  public FakeSocket(URI target, String token, SocketFactory.Listener listener) {
    this.target = target;
    this.token = token;
    this.listener = listener;
  }

  @Override
  public void send(String text) {
    texts.add(text);
    FrameCodec.split(text).forEach(message -> sent.add(FrameCodec.decode(message)));
  }

  @Override
  public void close() {
    closed = true;
    end(1000, "");
  }

  @Override
  public void abort() {
    aborted = true;
    ended.complete(null);
  }

  @Override
  public CompletableFuture<Void> ended() {
    return ended;
  }

  public void text(String text) {
    bytes(false);
    listener.onText(text);
  }

  /** Bytes arrive. */
  void bytes(boolean inside) {
    listener.onBytes(inside);
  }

  public void push(String event, @Nullable Object... data) {
    text(FrameCodec.encode(Frame.Event.of(event, Json.object(data))));
  }

  public void end(int code, String reason) {
    listener.onEnd(new SocketFactory.End.Closed(code, reason));
    ended.complete(null);
  }

  void refuse(int status, @Nullable Duration retryAfter) {
    listener.onEnd(new SocketFactory.End.Refused(status, retryAfter));
    ended.complete(null);
  }

  /** The server's first message. */
  public void welcome(@Nullable Integer missed, String cursor) {
    welcome(missed, cursor, null);
  }

  public void welcome(@Nullable Integer missed, String cursor, @Nullable Instant tokenExpiresAt) {
    welcome(missed, cursor, tokenExpiresAt, null);
  }

  public void welcome(
      @Nullable Integer missed,
      String cursor,
      @Nullable Instant tokenExpiresAt,
      @Nullable Instant serverTime) {
    push(
        "connected",
        "socket_id",
        "s1",
        "server_id",
        "n1",
        "user_id",
        USER,
        "protocol",
        1,
        "heartbeat_interval_ms",
        25_000,
        "heartbeat_timeout_ms",
        10_000,
        "token_expires_at",
        tokenExpiresAt,
        "server_time",
        serverTime,
        "rooms",
        List.of("user:" + USER),
        "unread",
        Map.of("count", 3, "capped", false),
        "missed",
        missed,
        "cursor",
        cursor);
  }

  void notification(int number) {
    text(FrameCodec.encode(Frame.Event.of("notification.new", notificationJson(number))));
  }

  public static String id(int number) {
    return String.format("0190b000-0000-7000-8000-%012d", number);
  }

  static Json notificationJson(int number) {
    return Json.object(
        "id",
        id(number),
        "type",
        "INFO",
        "title",
        "n" + number,
        "body",
        null,
        "data",
        Json.EMPTY,
        "read_at",
        null,
        "created_at",
        "2026-03-01T12:00:00.000Z");
  }

  /** Calls of a method that were sent here. */
  public List<Frame.Call> calls(String method) {
    return sent.stream()
        .filter(Frame.Call.class::isInstance)
        .map(Frame.Call.class::cast)
        .filter(call -> call.method().equals(method))
        .toList();
  }

  public Frame.Call lastCall(String method) {
    List<Frame.Call> calls = calls(method);
    if (calls.isEmpty()) {
      throw new AssertionError(method + " was not called, but " + sent);
    }
    return calls.get(calls.size() - 1);
  }

  public void answer(String method, @Nullable Object... result) {
    answer(lastCall(method), result);
  }

  public void answer(Frame.Call call, @Nullable Object... result) {
    text(
        FrameCodec.encode(
            new Frame.Result(Objects.requireNonNull(call.id()), Json.object(result))));
  }

  public void refuseCall(String method, ErrorCode code) {
    refuseCall(lastCall(method), code);
  }

  public void refuseCall(Frame.Call call, ErrorCode code) {
    text(FrameCodec.encode(new Frame.Failure(call.id(), code, "refused", null)));
  }
}
