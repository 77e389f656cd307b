package dev.realtime4j.server.internal.store;

import dev.realtime4j.api.RealtimeException;
import java.util.function.Supplier;

/** The way to a store, on the calling thread. */
public interface StoreAccess {
  /**
   * Asks the store.
   *
   * @throws RealtimeException {@code UNAVAILABLE} at once while the store is known to be
   *     unavailable; else what the call throws
   */
  <T> T call(Supplier<T> work);

  /** The same without a result. */
  default void run(Runnable work) {
    call(
        () -> {
          work.run();
          return true;
        });
  }
}
