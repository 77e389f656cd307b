package dev.realtime4j.server.hostile;

import java.util.List;
import java.util.Random;
import java.util.UUID;

/** Texts as an attacker would send them: calls with wrong parameters, and JSON that is none. */
final class HostileJson {
  private static final List<String> METHODS =
      List.of(
          "auth.refresh",
          "room.join",
          "room.leave",
          "room.members",
          "room.publish",
          "presence.set",
          "presence.get",
          "presence.watch",
          "presence.unwatch",
          "notification.list",
          "notification.unread_count",
          "notification.read",
          "notification.read_all",
          "notification.delete",
          "notification.ack",
          "echo");

  private static final List<String> FIELDS =
      List.of(
          "room",
          "event",
          "data",
          "status",
          "user_ids",
          "limit",
          "cursor",
          "unread",
          "type",
          "id",
          "up_to",
          "ids",
          "token",
          "");

  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-0",
          "1",
          "-1",
          "100",
          "2147483648",
          "9223372036854775807",
          "9223372036854775808",
          "1e400",
          "-1e400",
          "1e-999999999",
          "1e999999999",
          "0.1",
          "01",
          "+1",
          ".5",
          "NaN",
          "9".repeat(500),
          "9".repeat(5000));

  private static final List<String> STRINGS =
      List.of(
          "\"\"",
          "\"lobby\"",
          "\"user:x\"",
          "\"ONLINE\"",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "\"\\udc00\\ud800\"",
          "\"😀é\"",
          "\"a\\nb\"",
          "\"../../etc\"",
          "\"%00%ff\"",
          "\"${jndi:ldap://x}\"",
          "\"'; DROP TABLE notification; --\"",
          "\"unended",
          "\"bad \\x escape\"");

  private static final List<String> BROKEN =
      List.of(
          "",
          " ",
          "\t",
          "\uFEFF{}",
          "{",
          "}",
          "[]",
          "null",
          "{}{}",
          "{\"id\":1}",
          "{\"method\":1}",
          "{'id':1}",
          "{\"id\":1,}",
          "{/*c*/}",
          "{\"a\":}",
          "\u0000",
          "{\"error\":{}}",
          "{\"event\":\"connected\",\"data\":{}}",
          "{\"result\":1,\"id\":1}");

  private final Random random;

  HostileJson(Random random) {
    this.random = random;
  }

  /** One message or several in one frame. */
  String text() {
    return switch (random.nextInt(20)) {
      case 0 -> one(BROKEN);
      case 1 -> nested();
      case 2 -> "{}\n".repeat(random.nextInt(20)) + call();
      case 3 -> call() + "\n" + call() + "\n\n" + one(BROKEN);
      case 4 -> "{\"id\":1,\"method\":\"echo\",\"params\":{\"p\":\"" + filler() + "\"}}";
      case 5, 6 -> cut(call());
      default -> call();
    };
  }

  private String call() {
    StringBuilder call = new StringBuilder("{");
    if (random.nextInt(5) > 0) {
      call.append("\"id\":").append(random.nextInt(4) == 0 ? value(2) : 1 + random.nextInt(99));
      call.append(',');
    }
    if (random.nextInt(20) == 0) {
      call.append("\"id\":7,\"method\":\"echo\",\"method\":\"room.join\",");
    }
    call.append("\"method\":");
    call.append(random.nextInt(15) == 0 ? value(1) : "\"" + one(METHODS) + "\"");
    if (random.nextInt(8) > 0) {
      call.append(",\"params\":").append(random.nextInt(8) == 0 ? value(2) : params());
    }
    return call.append('}').toString();
  }

  private String params() {
    StringBuilder params = new StringBuilder("{");
    int fields = random.nextInt(5);
    for (int i = 0; i < fields; i++) {
      params.append(i == 0 ? "\"" : ",\"").append(one(FIELDS)).append("\":").append(value(3));
    }
    return params.append('}').toString();
  }

  private String value(int depth) {
    return switch (random.nextInt(depth > 0 ? 10 : 7)) {
      case 0 -> "null";
      case 1 -> String.valueOf(random.nextBoolean());
      case 2, 3 -> one(NUMBERS);
      case 4, 5 -> one(STRINGS);
      case 6 -> "\"" + new UUID(random.nextLong(), random.nextLong()) + "\"";
      case 7 -> "[" + value(depth - 1) + "," + value(depth - 1) + "]";
      case 8 -> "{\"a\":" + value(depth - 1) + ",\"a\":" + value(depth - 1) + "}";
      default ->
          "[" + ("\"" + new UUID(1, random.nextLong()) + "\",").repeat(random.nextInt(250)) + "1]";
    };
  }

  private String nested() {
    int depth = 1 + random.nextInt(20_000);
    String open = random.nextBoolean() ? "[" : "{\"a\":";
    String deep = open.repeat(depth) + (random.nextBoolean() ? "" : "1" + "]".repeat(depth));
    return random.nextBoolean()
        ? deep
        : "{\"id\":1,\"method\":\"echo\",\"params\":{\"a\":" + deep + "}}";
  }

  private String filler() {
    return "x".repeat(random.nextInt(10) == 0 ? random.nextInt(80_000) : random.nextInt(500));
  }

  private String cut(String text) {
    int from = random.nextInt(text.length());
    return text.substring(0, from) + text.substring(from + random.nextInt(text.length() - from));
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }
}
