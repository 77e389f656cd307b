package dev.realtime4j.server.redis;

import dev.realtime4j.api.internal.Printable;
import dev.realtime4j.api.internal.SeldomTold;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Keys of ours that another program has written to. What is of a wrong type holds nothing of ours
 * any more, and everything of ours is known to the nodes as well: so it is removed, and written
 * again by them. Told once a minute for each kind of key.
 *
 * <p>Thread safety: any thread.
 */
final class DamagedKeys {
  private static final Logger log = LoggerFactory.getLogger(DamagedKeys.class);
  private static final String REMEDY =
      "Another program writes to keys of realtime4j: give them different Redis databases or names";

  private final SeldomTold seldom;

  /**
   * @param nanoTime the monotonic clock
   */
  DamagedKeys(LongSupplier nanoTime) {
    this.seldom = new SeldomTold(nanoTime);
  }

  /** Whether Redis refused a command for what a key holds: Redis itself is well then. */
  static boolean isFoundBy(JedisDataException refusal) {
    // Where a script ran into it, the word stands inside of the message.
    return String.valueOf(refusal.getMessage()).contains("WRONGTYPE");
  }

  /**
   * Removes those of a wrong type, in one step.
   *
   * @param keys in one slot
   */
  void remove(UnifiedJedis jedis, List<StoredKey> keys) {
    List<?> found =
        (List<?>)
            jedis.eval(
                LuaScript.REMOVE_WRONG_TYPES.text(),
                keys.stream().map(StoredKey::name).toList(),
                keys.stream().map(StoredKey::type).toList());
    for (int i = 0; i < keys.size(); i++) {
      if (!found.get(i).equals("")) {
        tell(keys.get(i), (String) found.get(i));
      }
    }
  }

  private void tell(StoredKey key, String found) {
    seldom
        .now(key.family())
        .ifPresent(
            more ->
                log.warn(
                    "The Redis key {} held a {} where a {} belongs; it was removed, and what the"
                        + " nodes know is written again. {} ({} more like it since the last time)",
                    key.name(),
                    Printable.of(found),
                    key.type(),
                    REMEDY,
                    more));
  }

  /**
   * Tells of text inside of a key that no node wrote.
   *
   * @param what became of it, such as "is left out"
   */
  void tellText(String key, String text, String what) {
    seldom
        .now("text in " + new StoredKey(key, "").family())
        .ifPresent(
            more ->
                log.warn(
                    "The Redis key {} holds \"{}\", which no node wrote and which {}. {} ({} more"
                        + " like it since the last time)",
                    key,
                    Printable.of(text),
                    what,
                    REMEDY,
                    more));
  }
}
