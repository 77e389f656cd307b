package dev.realtime4j.benchmarks;

import java.time.Duration;
import java.util.List;

/**
 * What the command line asks for.
 *
 * @param subscribers sockets that receive each message
 * @param seconds how long a round is measured
 * @param warmUp seconds before that
 * @param rounds how often each server is measured
 * @param inFlight messages under way at a time, while {@code rate} is 0
 * @param rate messages published a second, whether or not the earlier ones have arrived; 0 for as
 *     fast as {@code inFlight} allows
 * @param payload bytes of the data of a message
 * @param connect measure the opening of so many sockets, instead of messages; 0 for messages
 */
record Options(
    int subscribers,
    int seconds,
    int warmUp,
    int rounds,
    int inFlight,
    int rate,
    int payload,
    int connect) {
  static final String USAGE =
      "options: --subs 1000 --seconds 6 --warmup 4 --rounds 3 --in-flight 16 --rate 0"
          + " --payload 200 | --connect 10000";

  /** Arguments may stand in one text, as Maven hands them over. */
  static Options parse(String... args) {
    List<String> words =
        List.of(String.join(" ", args).trim().split("\\s+")).stream()
            .filter(word -> !word.isEmpty())
            .toList();
    Options options = new Options(1000, 6, 4, 3, 16, 0, 200, 0);
    for (int i = 0; i < words.size(); i += 2) {
      if (i + 1 == words.size()) {
        throw new IllegalArgumentException(words.get(i) + " lacks its number; " + USAGE);
      }
      options = options.with(words.get(i), words.get(i + 1));
    }
    return options;
  }

  private Options with(String name, String number) {
    int n = number(name, number);
    return switch (name) {
      case "--subs" -> new Options(n, seconds, warmUp, rounds, inFlight, rate, payload, connect);
      case "--seconds" ->
          new Options(subscribers, n, warmUp, rounds, inFlight, rate, payload, connect);
      case "--warmup" ->
          new Options(subscribers, seconds, n, rounds, inFlight, rate, payload, connect);
      case "--rounds" ->
          new Options(subscribers, seconds, warmUp, n, inFlight, rate, payload, connect);
      case "--in-flight" ->
          new Options(subscribers, seconds, warmUp, rounds, n, rate, payload, connect);
      case "--rate" ->
          new Options(subscribers, seconds, warmUp, rounds, inFlight, n, payload, connect);
      case "--payload" ->
          new Options(subscribers, seconds, warmUp, rounds, inFlight, rate, n, connect);
      case "--connect" ->
          new Options(subscribers, seconds, warmUp, rounds, inFlight, rate, payload, n);
      default -> throw new IllegalArgumentException("there is no " + name + "; " + USAGE);
    };
  }

  private static int number(String name, String text) {
    int least =
        name.equals("--rate") || name.equals("--warmup") || name.equals("--connect") ? 0 : 1;
    int most = name.equals("--payload") ? 16_384 : 100_000;
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new IllegalArgumentException(
        name + " takes " + least + " to " + most + ", not " + text + "; " + USAGE);
  }

  Duration measured() {
    return Duration.ofSeconds(seconds);
  }

  Duration warmedUp() {
    return Duration.ofSeconds(warmUp);
  }
}
