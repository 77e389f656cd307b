package dev.realtime4j.client.internal;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The environments that the test kit has chosen for clients, by their builder. Applications cannot
 * choose one: this package is exported to the test kit only.
 *
 * <p>Thread safety: any thread.
 */
public final class ClientEnvironments {
  private static final Map<Object, Supplier<ClientEnvironment>> BY_BUILDER =
      Collections.synchronizedMap(new WeakHashMap<>());

  private ClientEnvironments() {}

  /**
   * Chooses the environment of every client that a builder builds from now on.
   *
   * @param environment called for each client, since a client ends its environment
   */
  public static void choose(Object builder, Supplier<ClientEnvironment> environment) {
    BY_BUILDER.put(builder, environment);
  }

  /** What was chosen for the clients of a builder; null for the network and the system's clocks. */
  public static @Nullable Supplier<ClientEnvironment> of(Object builder) {
    return BY_BUILDER.get(builder);
  }
}
