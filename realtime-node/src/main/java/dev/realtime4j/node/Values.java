package dev.realtime4j.node;

import dev.realtime4j.server.ProxyProtocol;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts of the environment to values. */
final class Values {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

  private Values() {}

  /** {@code 500ms}, {@code 25s}, {@code 5m}, {@code 2h}. */
  static Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new UnreadableValueException("use a duration such as 500ms, 25s, 5m or 2h");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      default -> Duration.ofHours(amount);
    };
  }

  /** A whole number, not negative. */
  static int number(String text) {
    // parseInt alone takes +5, and the digits of all scripts.
    if (text.matches("[0-9]{1,10}")) {
      long number = Long.parseLong(text);
      if (number <= Integer.MAX_VALUE) {
        return (int) number;
      }
    }
    throw new UnreadableValueException("use a whole number");
  }

  /** {@code off} or {@code required}. */
  static ProxyProtocol proxyProtocol(String text) {
    return switch (text) {
      case "off" -> ProxyProtocol.OFF;
      case "required" -> ProxyProtocol.REQUIRED;
      default -> throw new UnreadableValueException("use off or required");
    };
  }

  /** Values between commas. */
  static Set<String> set(String text) {
    Set<String> values = new LinkedHashSet<>();
    Arrays.stream(text.split(","))
        .map(String::strip)
        .filter(s -> !s.isEmpty())
        .forEach(values::add);
    return Set.copyOf(values);
  }
}
