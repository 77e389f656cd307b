package dev.realtime4j.jdbi;

/** The text that PostgreSQL makes of a jsonb value. */
final class JsonbText {
  private JsonbText() {}

  /** Without the blanks between its parts, which may lift a value above the size it came with. */
  static String compact(String text) {
    if (text.indexOf(' ') < 0) {
      return text;
    }
    StringBuilder compact = new StringBuilder(text.length());
    boolean inString = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (inString && c == '\\') {
        compact.append(c).append(text.charAt(++i));
        continue;
      }
      if (c == '"') {
        inString = !inString;
      }
      if (inString || c != ' ') {
        compact.append(c);
      }
    }
    return compact.toString();
  }
}
