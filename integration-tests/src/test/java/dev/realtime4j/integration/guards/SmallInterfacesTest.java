package dev.realtime4j.integration.guards;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.notification.Notifications;
import dev.realtime4j.client.ClientNotifications;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * An interface is one idea: whoever implements or wraps a part of a store has few methods to write.
 * What an interface inherits counts where it is declared, so that a whole may be put together of
 * parts.
 */
final class SmallInterfacesTest {
  private static final int MOST_METHODS = 8;

  /** What an application calls; the library implements it, and nobody else has to. */
  private static final Set<Class<?>> ONLY_CALLED =
      Set.of(Notifications.class, ClientNotifications.class);

  @Test
  void no_public_interface_has_more_than_eight_methods_of_its_own() throws IOException {
    List<Class<?>> interfaces =
        PublicApi.onTheClassPath().stream()
            .flatMap(api -> api.types().stream())
            .filter(Class::isInterface)
            .toList();
    assertThat(interfaces).hasSizeGreaterThan(30).containsAll(ONLY_CALLED);
    assertThat(interfaces.stream().filter(type -> methods(type) > MOST_METHODS))
        .as("cut it into parts, each with laws and a contract of its own")
        .containsExactlyInAnyOrderElementsOf(ONLY_CALLED);
  }

  private static long methods(Class<?> type) {
    return Stream.of(type.getDeclaredMethods())
        .filter(method -> !method.isSynthetic() && !Modifier.isStatic(method.getModifiers()))
        .count();
  }
}
