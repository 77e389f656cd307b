package dev.realtime4j.benchmarks;

import java.io.IOException;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What one program does to keep a server from serving others; each is bounded by its numbers. */
enum Attack {
  SILENT("300 connections that say nothing", 1) {
    @Override
    void run(Attacker attacker, int number) throws IOException, InterruptedException {
      attacker.halfOpen(new byte[0], 0);
    }
  },
  SLOW_HEADS("300 handshakes, a byte each 100 ms", 1) {
    @Override
    void run(Attacker attacker, int number) throws IOException, InterruptedException {
      byte[] head = PeerSocket.handshake(UUID.randomUUID()).getBytes();
      attacker.halfOpen(head, 100);
    }
  },
  FLOOD_WITHIN("40 sockets, 10 calls/s each, which is allowed", 40) {
    @Override
    void run(Attacker attacker, int number) throws IOException, InterruptedException {
      attacker.repeat(number, 100, id -> call(id, "echo", "{\"data\":\"x\"}"));
    }
  },
  FLOOD_ABOVE("20 sockets, 500 calls/s each, a new user when banned", 20) {
    @Override
    void run(Attacker attacker, int number) throws IOException, InterruptedException {
      attacker.repeat(number, 2, id -> call(id, "echo", "{\"data\":\"x\"}"));
    }
  },
  PINGS("20 sockets, 500 pings and empty frames/s each", 20) {
    @Override
    void run(Attacker attacker, int number) throws IOException, InterruptedException {
      byte[] ping = {(byte) 0x89, (byte) 0x80, 0, 0, 0, 0};
      byte[] empty = {(byte) 0x81, (byte) 0x80, 0, 0, 0, 0};
      attacker.repeatBytes(number, 2, id -> id % 2 == 0 ? ping : empty);
    }
  },
  BIG_FRAMES("20 sockets, 20 frames of 60 KiB at once, each second", 20) {
    @Override
    void run(Attacker attacker, int number) throws IOException, InterruptedException {
      byte[] one = TextFrame.of(call(1, "echo", "{\"data\":\"" + "x".repeat(60_000) + "\"}"));
      byte[] twenty = new byte[20 * one.length];
      for (int i = 0; i < 20; i++) {
        System.arraycopy(one, 0, twenty, i * one.length, one.length);
      }
      attacker.repeatBytes(number, 1000, id -> twenty);
    }
  },
  RECONNECTS("20 users, each connects 41 times/s", 20) {
    @Override
    void run(Attacker attacker, int number) throws IOException, InterruptedException {
      attacker.reconnect(number, 1000 / 41);
    }
  },
  PRESENCE("20 sockets, presence of 200 who are offline, 10 times/s", 20) {
    @Override
    void run(Attacker attacker, int number) throws IOException, InterruptedException {
      attacker.repeat(
          number,
          100,
          id -> call(id, METHODS[(int) (id % METHODS.length)], "{\"user_ids\":" + users() + "}"));
    }
  },
  FLAPPING("20 sockets, BUSY and ONLINE in turns, 10 times/s", 20) {
    @Override
    void run(Attacker attacker, int number) throws IOException, InterruptedException {
      attacker.repeat(
          number,
          100,
          id ->
              call(
                  id,
                  "presence.set",
                  "{\"status\":\"" + (id % 2 == 0 ? "BUSY" : "ONLINE") + "\"}"));
    }
  },
  ROOM("50 members of a room publish 8 KiB, 10 times/s", 50) {
    @Override
    void run(Attacker attacker, int number) throws IOException, InterruptedException {
      attacker.repeat(
          number,
          100,
          id -> id == 1 ? call(id, "room.join", "{\"room\":\"full\"}") : event("full", 8000));
    }
  },
  SLOW_READERS("50 members of a room read nothing, 5 publish 8 KiB", 55) {
    @Override
    void run(Attacker attacker, int number) throws IOException, InterruptedException {
      String join = call(1, "room.join", "{\"room\":\"slow\"}");
      if (number < 50) {
        attacker.stall(number, join);
      } else {
        attacker.repeat(number, 100, id -> id == 1 ? join : event("slow", 8000));
      }
    }
  },
  BUS("500 messages of rubbish/s on every kind of bus channel", 1) {
    @Override
    void run(Attacker attacker, int number) throws IOException, InterruptedException {
      attacker.publishRubbish(2);
    }
  };

  private static final String[] METHODS = {"presence.get", "presence.watch", "presence.unwatch"};

  private final String title;
  private final int threads;

  /**
   * @param threads how many run it at the same time
   */
  Attack(String title, int threads) {
    this.title = title;
    this.threads = threads;
  }

  String title() {
    return title;
  }

  int threads() {
    return threads;
  }

  /** Attacks once, or until the thread is interrupted. */
  abstract void run(Attacker attacker, int number) throws IOException, InterruptedException;

  static String call(long id, String method, String params) {
    return "{\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + params + "}";
  }

  private static String event(String room, int bytes) {
    return "{\"method\":\"room.publish\",\"params\":{\"room\":\""
        + room
        + "\",\"event\":\"x\",\"data\":\""
        + "x".repeat(bytes)
        + "\"}}";
  }

  private static String users() {
    return Stream.generate(UUID::randomUUID)
        .limit(200)
        .map(user -> "\"" + user + "\"")
        .collect(Collectors.joining(",", "[", "]"));
  }

  /** In turns: no JSON, one of another shape, a message of ours that is cut off, and too deep. */
  static byte[] rubbish(long number) {
    if (number % 4 == 0) {
      byte[] random = new byte[2000];
      new Random(number).nextBytes(random);
      return random;
    }
    String text =
        number % 4 == 1
            ? "node\n{\"command\":\"forged\\nline\",\"params\":[1]}"
            : number % 4 == 2
                ? "\n{\"user_id\":\"" + UUID.randomUUID()
                : "node\n"
                    + IntStream.range(0, 5000).mapToObj(i -> "[").collect(Collectors.joining());
    return text.getBytes();
  }
}
