package dev.realtime4j.client.internal.connection;

import org.jspecify.annotations.Nullable;

/** What a header field of the handshake can carry: a line break in it would begin another one. */
public final class HeaderText {
  private HeaderText() {}

  /**
   * Why a text is no token: it has something else than visible ASCII.
   *
   * @return without a quote of it; null when it is one
   */
  public static @Nullable String flawOfToken(@Nullable String token) {
    if (token == null || token.isEmpty()) {
      return token == null ? "it is null" : "it is empty";
    }
    for (int i = 0; i < token.length(); i++) {
      char c = token.charAt(i);
      if (c <= ' ' || c > '~') {
        return "it has " + kind(c) + " as character " + (i + 1) + " of " + token.length();
      }
    }
    return null;
  }

  private static String kind(char c) {
    return switch (c) {
      case '\r', '\n' -> "a line break";
      case ' ' -> "a space";
      default -> c < ' ' || c == 127 ? "a control character" : "one that is not ASCII";
    };
  }

  /** Whether a text can be the name of a header field. */
  public static boolean isName(String name) {
    return name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
  }

  /** Whether a text can be the value of a header field. */
  public static boolean isValue(String value) {
    return value.chars().allMatch(c -> c == '\t' || c >= ' ' && c <= '~');
  }
}
