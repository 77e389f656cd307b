package dev.realtime4j.api;

/** The rule that server and socket ids share. */
final class Names {
  private Names() {}

  static void check(String field, String value, int longest) {
    if (value.isEmpty() || value.length() > longest) {
      throw new InvalidValueException(field + " must have 1 to " + longest + " characters");
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean fine =
          c >= 'A' && c <= 'Z'
              || c >= 'a' && c <= 'z'
              || c >= '0' && c <= '9'
              || "_.-".indexOf(c) >= 0;
      if (!fine) {
        throw new InvalidValueException(field + " may hold only A-Z a-z 0-9 _ . -");
      }
    }
  }
}
