package dev.realtime4j.server.redis;

/**
 * A key of ours and what Redis calls the type of what belongs there.
 *
 * @param name made of ids that were checked
 * @param type as {@code TYPE} answers
 */
record StoredKey(String name, String type) {
  static final String HASH = "hash";
  static final String SET = "set";
  static final String SORTED_SET = "zset";
  static final String STRING = "string";

  static StoredKey set(String name) {
    return new StoredKey(name, SET);
  }

  static StoredKey sortedSet(String name) {
    return new StoredKey(name, SORTED_SET);
  }

  /** Which keys are alike: what stands before the id. */
  String family() {
    int end = name.indexOf('{');
    if (end < 0) {
      end = Math.max(name.lastIndexOf(':'), 0);
    }
    return name.substring(0, end);
  }
}
