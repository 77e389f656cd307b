package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.cluster.ClusterBackend;
import dev.realtime4j.api.connectionlog.ConnectionLog;
import dev.realtime4j.api.notification.NotificationRepository;
import dev.realtime4j.server.HealthReport.ComponentStatus;
import dev.realtime4j.server.HealthReport.Status;
import dev.realtime4j.server.memory.InMemoryCluster;
import dev.realtime4j.server.memory.InMemoryConnectionLog;
import dev.realtime4j.server.memory.InMemoryNotificationRepository;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthPartsTest {
  private static final Duration LOOK = Duration.ofMillis(50);

  private final Set<String> away = ConcurrentHashMap.newKeySet();
  private @Nullable RealtimeServer started;

  private static RealtimeServer.Builder builder() {
    RealtimeServer.Builder builder = RealtimeServer.builder().port(0);
    builder.storeCheckInterval = LOOK;
    return builder.authenticator(new TestUsers()).relayLease(Duration.ofMillis(200));
  }

  @AfterEach
  void close() {
    away.clear();
    if (started != null) {
      started.close();
    }
  }

  private RealtimeServer start(RealtimeServer.Builder builder) {
    RealtimeServer server = builder.build().start();
    started = server;
    return server;
  }

  /** One that does not answer while its name is in the set. */
  private <T> T faulty(Class<T> type, String name, T store) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (away.contains(name)) {
                throw RealtimeException.unavailable(name + " does not answer", null);
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private ClusterBackend cluster() {
    return InMemoryCluster.create();
  }

  private NotificationRepository notifications() {
    return faulty(
        NotificationRepository.class, "notifications", InMemoryNotificationRepository.create());
  }

  private ConnectionLog connectionLog() {
    return faulty(ConnectionLog.class, "connection_log", InMemoryConnectionLog.create());
  }

  @Test
  void what_is_in_memory_is_no_part() {
    RealtimeServer server = start(builder());
    assertThat(server.health().components()).isEmpty();
    assertThat(server.health().status()).isEqualTo(Status.UP);
  }

  @Test
  void what_the_application_gave_is_one_by_the_name_of_its_setting() {
    RealtimeServer server = start(builder().cluster(cluster()).connectionLog(connectionLog()));
    await()
        .untilAsserted(
            () ->
                assertThat(server.health().components())
                    .isEqualTo(
                        Map.of(
                            "cluster", ComponentStatus.UP, "connection_log", ComponentStatus.UP)));
  }

  @Test
  void each_tells_of_itself() {
    RealtimeServer server =
        start(builder().notifications(notifications()).connectionLog(connectionLog()));
    for (String name : new String[] {"notifications", "connection_log"}) {
      String other = name.equals("notifications") ? "connection_log" : "notifications";
      away.add(name);
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () ->
                  assertThat(server.health().components())
                      .isEqualTo(Map.of(name, ComponentStatus.DOWN, other, ComponentStatus.UP)));
      assertThat(server.health().status()).isEqualTo(Status.DEGRADED);
      away.remove(name);
      await().atMost(Duration.ofSeconds(20)).until(() -> server.health().status() == Status.UP);
    }
  }
}
