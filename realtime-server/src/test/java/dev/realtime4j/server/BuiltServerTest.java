package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.transport.HandshakeHandler;
import dev.realtime4j.api.transport.Transport;
import dev.realtime4j.api.transport.TransportLimits;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A server that is built does not change: its builder may be used on. */
final class BuiltServerTest {
  private static final int OTHER = 70_000;
  private static final int LESS = 1_000;

  private final LocalTransport transport = new LocalTransport();

  private static RealtimeServer.Builder builder() {
    return RealtimeServer.builder().port(0).authenticator(new TestUsers());
  }

  @Test
  void no_number_time_or_list_changes_that_is_set_afterwards() {
    RealtimeServer.Builder builder = builder();
    String unchanged = settings(builder().build());
    RealtimeServer server = builder.build();

    long changed =
        Stream.of(RealtimeServer.Builder.class.getMethods())
            .filter(method -> method.getReturnType().isInstance(builder))
            .filter(method -> method.getReturnType() != Object.class)
            .filter(method -> change(builder, method))
            .count();

    assertThat(changed).isGreaterThan(30);
    assertThat(settings(server)).isEqualTo(unchanged);
  }

  /** What the server says of itself at its start, which ends with it. */
  private static String settings(RealtimeServer server) {
    try (CapturedLog log = CapturedLog.open();
        server) {
      server.start();
      assertThat(server.port()).isNotEqualTo(OTHER).isNotEqualTo(LESS);
      return log.from(Level.INFO).stream()
          .filter(line -> line.contains(" serves on port "))
          .map(line -> line.substring(line.indexOf(": ")))
          .findFirst()
          .orElseThrow();
    }
  }

  /** Sets something else; false when the method takes no plain value. */
  private static boolean change(RealtimeServer.Builder builder, Method method) {
    Class<?> type = method.getParameterTypes()[0];
    if (method.getParameterCount() > 1) {
      return false;
    } else if (type == int.class) {
      return call(builder, method, OTHER) || call(builder, method, LESS);
    } else if (type == Duration.class) {
      return call(builder, method, Duration.ofSeconds(7));
    } else if (type == Set.class) {
      return call(builder, method, Set.of("10.1.2.3"))
          || call(builder, method, Set.of("https://example.org"));
    } else if (type.isEnum()) {
      Object[] values = type.getEnumConstants();
      return call(builder, method, values[values.length - 1]);
    }
    return false;
  }

  private static boolean call(RealtimeServer.Builder builder, Method method, Object value) {
    try {
      method.invoke(builder, value);
      return true;
    } catch (InvocationTargetException outOfRange) {
      assertThat(outOfRange.getCause()).isInstanceOf(IllegalArgumentException.class);
      return false;
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void the_limits_of_the_transport_are_those_of_the_build() {
    List<TransportLimits> begun = new CopyOnWriteArrayList<>();
    RealtimeServer.Builder builder =
        builder().transport(recorded(begun)).maxMessageBytes(2_000).maxSockets(20);
    try (RealtimeServer server = builder.build()) {
      builder.maxMessageBytes(3_000).maxSockets(30).port(4);
      server.start();
    }
    assertThat(begun)
        .singleElement()
        .satisfies(
            limits -> {
              assertThat(limits.maxMessageBytes()).isEqualTo(2_000);
              assertThat(limits.maxConnections()).isEqualTo(20);
              assertThat(limits.port()).isZero();
            });
  }

  private Transport recorded(List<TransportLimits> begun) {
    return (Transport)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Transport.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("start")) {
                begun.add((TransportLimits) arguments[0]);
                transport.start(begun.get(0), (HandshakeHandler) arguments[1]);
                return null;
              }
              return method.invoke(transport, arguments);
            });
  }

  @Test
  void handlers_and_listeners_that_come_afterwards_are_for_the_next_server() {
    List<UserId> heard = new CopyOnWriteArrayList<>();
    RealtimeServer.Builder builder = builder().transport(transport);
    try (RealtimeServer server = builder.build()) {
      builder.handler("late", call -> Json.EMPTY).listener(new Hearing(heard));
      server.start();
      LocalTransport.Socket socket = transport.connect(TestUsers.some());
      socket.call("late", Json.EMPTY);
      await().until(() -> socket.answers() == 1);

      assertThat(socket.heard()).anyMatch(message -> message.text().contains("RT_UNKNOWN_METHOD"));
    }
    assertThat(heard).isEmpty();
  }

  private record Hearing(List<UserId> heard) implements ConnectionListener {
    @Override
    public void onConnect(UserId user, SocketId socket) {
      heard.add(user);
    }
  }

  @Test
  void a_set_that_was_handed_over_may_be_used_on() {
    Set<String> origins = new HashSet<>(Set.of("https://example.org"));
    RealtimeServer server = builder().allowedOrigins(origins).build();
    origins.add("https://example.com");

    assertThat(settings(server)).contains("allowedOrigins=[https://example.org]");
  }

  @Test
  void two_servers_of_one_builder_are_two_nodes() {
    RealtimeServer.Builder builder = builder();
    try (RealtimeServer one = builder.build();
        RealtimeServer other = builder.build()) {
      one.start();
      other.start();
      assertThat(one.id()).isNotEqualTo(other.id());
    }
  }
}
