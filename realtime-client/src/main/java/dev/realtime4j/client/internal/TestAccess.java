package dev.realtime4j.client.internal;

import dev.realtime4j.client.RealtimeClientBuilder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the test kit may do and applications may not: put a client into other surroundings. The
 * builder opens this door when it is loaded.
 *
 * <p>Thread safety: any thread.
 */
public abstract class TestAccess {
  private static volatile @Nullable TestAccess door;

  /** Called by the builder's class once. */
  protected TestAccess() {
    door = this;
  }

  /** Makes what the builder builds live elsewhere: each client in surroundings of its own. */
  public static RealtimeClientBuilder move(
      RealtimeClientBuilder builder, Supplier<Surroundings> elsewhere) {
    TestAccess open = door;
    if (open == null) {
      throw new IllegalStateException("there is a builder, so its class was loaded");
    }
    open.put(builder, elsewhere);
    return builder;
  }

  protected abstract void put(RealtimeClientBuilder builder, Supplier<Surroundings> elsewhere);
}
