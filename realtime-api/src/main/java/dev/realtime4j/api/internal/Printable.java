package dev.realtime4j.api.internal;

import org.jspecify.annotations.Nullable;

/**
 * Text that others wrote, as it may stand in a log: on one line, without what a terminal obeys, and
 * short. So no client, and nobody who can write into Redis or on the bus, forges lines of the log.
 */
public final class Printable {
  /** How many characters are shown. */
  static final int LONGEST = 200;

  private Printable() {}

  /**
   * @param text whoever wrote it
   * @return with escapes such as {@code \u000a} for what is no visible character, and its end left
   *     out when it is long
   */
  public static String of(@Nullable String text) {
    if (text == null) {
      return "null";
    }
    int end = Math.min(text.length(), LONGEST);
    StringBuilder out = new StringBuilder(end + 16);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (isVisible(c)) {
        out.append(c);
      } else {
        out.append(String.format("\\u%04x", (int) c));
      }
    }
    if (text.length() > end) {
      out.append("… (").append(text.length()).append(" characters)");
    }
    return out.toString();
  }

  /**
   * Where something failed, without its message, which may quote what others wrote.
   *
   * @return its class and the method that threw it
   */
  public static String place(Throwable failure) {
    StackTraceElement[] frames = failure.getStackTrace();
    return failure.getClass().getName()
        + " at "
        + (frames.length == 0 ? "an unknown place" : frames[0]);
  }

  /** Neither ends a line nor directs a terminal, nor turns the direction of what follows. */
  private static boolean isVisible(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
