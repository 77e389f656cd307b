package dev.realtime4j.server.http;

import java.util.StringJoiner;

/**
 * An exception for the log of a surface that strangers reach: its classes and where it was thrown,
 * without messages, which may quote a token or a notification's text.
 */
final class Traceless {
  private static final int DEEPEST = 5;

  private Traceless() {}

  static String describe(Throwable thrown) {
    StringJoiner chain = new StringJoiner(", caused by ");
    Throwable link = thrown;
    for (int depth = 0; link != null && depth < DEEPEST; depth++) {
      StackTraceElement[] frames = link.getStackTrace();
      chain.add(link.getClass().getName() + (frames.length == 0 ? "" : " at " + frames[0]));
      link = link.getCause();
    }
    return chain.toString();
  }
}
