package dev.realtime4j.benchmarks;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A command line of names and numbers, {@code --name 5}, each with a default. */
final class Words {
  private static final int MOST = 1_000_000;

  private final Map<String, Integer> numbers = new LinkedHashMap<>();

  /** Adds a name and what holds when it is not given. */
  Words number(String name, int otherwise) {
    numbers.put("--" + name, otherwise);
    return this;
  }

  /**
   * Reads the arguments; they may stand in one text, as Maven hands them over.
   *
   * @throws IllegalArgumentException for whoever typed them
   */
  Words parse(String... args) {
    String usage = "options: " + this;
    List<String> words =
        Arrays.stream(String.join(" ", args).trim().split("\\s+"))
            .filter(word -> !word.isEmpty())
            .toList();
    for (int i = 0; i < words.size(); i += 2) {
      String name = words.get(i);
      if (!numbers.containsKey(name)) {
        throw new IllegalArgumentException("there is no " + name + "; " + usage);
      }
      if (i + 1 == words.size()) {
        throw new IllegalArgumentException(name + " lacks its number; " + usage);
      }
      numbers.put(name, read(name, words.get(i + 1), usage));
    }
    return this;
  }

  private static int read(String name, String text, String usage) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 1 && number <= MOST) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new IllegalArgumentException(
        name + " takes 1 to " + MOST + ", not " + text + "; " + usage);
  }

  int get(String name) {
    Integer number = numbers.get("--" + name);
    if (number == null) {
      throw new IllegalArgumentException(name);
    }
    return number;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    numbers.forEach((name, number) -> text.append(name).append(' ').append(number).append(' '));
    return text.toString().trim();
  }
}
