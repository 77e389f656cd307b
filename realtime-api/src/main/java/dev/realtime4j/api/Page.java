package dev.realtime4j.api;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One page of a longer list.
 *
 * @param items the entries, in the list's order; may be empty
 * @param nextCursor the cursor to request the next page with; null on the last one
 * @param <T> the type of the entries
 */
public record Page<T>(List<T> items, @Nullable String nextCursor) {
  /** Keeps a copy of the items, which may not be null. */
  public Page {
    items = List.copyOf(items);
  }

  /** The same page of something else. */
  public <R> Page<R> map(Function<? super T, ? extends R> mapper) {
    return new Page<>(items.stream().<R>map(mapper).collect(Collectors.toList()), nextCursor);
  }
}
