package dev.realtime4j.benchmarks;

import java.util.Arrays;
import java.util.List;

/**
 * What the command line asks for.
 *
 * @param rate {@code sendAsync} a second
 * @param seconds how long a part is measured
 * @param receivers of {@code sendAll}
 */
record NotificationOptions(int rate, int seconds, int receivers) {
  static final String USAGE = "options: --rate 2000 --seconds 10 --receivers 100000";

  /** Arguments may stand in one text, as Maven hands them over. */
  static NotificationOptions parse(String... args) {
    List<String> words =
        Arrays.stream(String.join(" ", args).trim().split("\\s+"))
            .filter(word -> !word.isEmpty())
            .toList();
    NotificationOptions options = new NotificationOptions(2000, 10, 100_000);
    for (int i = 0; i < words.size(); i += 2) {
      if (i + 1 == words.size()) {
        throw new IllegalArgumentException(words.get(i) + " lacks its number; " + USAGE);
      }
      options = options.with(words.get(i), words.get(i + 1));
    }
    return options;
  }

  private NotificationOptions with(String name, String number) {
    int n = number(name, number);
    return switch (name) {
      case "--rate" -> new NotificationOptions(n, seconds, receivers);
      case "--seconds" -> new NotificationOptions(rate, n, receivers);
      case "--receivers" -> new NotificationOptions(rate, seconds, n);
      default -> throw new IllegalArgumentException("there is no " + name + "; " + USAGE);
    };
  }

  private static int number(String name, String text) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 1 && number <= 100_000) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new IllegalArgumentException(name + " takes 1 to 100000, not " + text + "; " + USAGE);
  }
}
