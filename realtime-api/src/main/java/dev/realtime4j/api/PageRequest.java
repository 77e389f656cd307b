package dev.realtime4j.api;

import org.jspecify.annotations.Nullable;

/**
 * Which page of a list.
 *
 * @param limit how many at most, 1 to 100
 * @param cursor the {@code nextCursor} of the page before; null for the first page
 */
public record PageRequest(int limit, @Nullable String cursor) {
  /** The default size of a page. */
  public static final int DEFAULT_LIMIT = 20;

  /**
   * Any page.
   *
   * @throws InvalidValueException when the limit is not 1 to 100
   */
  public PageRequest {
    if (limit < 1 || limit > 100) {
      throw new InvalidValueException("limit must be 1 to 100, not " + limit);
    }
  }

  /** The first page of that many. */
  public static PageRequest first(int limit) {
    return new PageRequest(limit, null);
  }
}
