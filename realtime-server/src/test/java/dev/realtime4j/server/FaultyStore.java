package dev.realtime4j.server;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.notification.NotificationRepository;
import dev.realtime4j.server.memory.InMemoryNotificationRepository;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** Notifications in memory, whose store can be unavailable, hang, or be disturbed before a call. */
final class FaultyStore {
  private final NotificationRepository memory;
  private final Map<String, Runnable> disturbances = new ConcurrentHashMap<>();
  private volatile boolean away;
  private volatile CountDownLatch hanging = new CountDownLatch(0);

  /** From now on no call comes back, until {@link #release}. */
  void hang() {
    hanging = new CountDownLatch(1);
  }

  /** Lets go on what hangs. */
  void release() {
    hanging.countDown();
  }

  FaultyStore() {
    this(InMemoryNotificationRepository.create());
  }

  FaultyStore(NotificationRepository memory) {
    this.memory = memory;
  }

  /** Goes away, and comes back. */
  void away(boolean away) {
    this.away = away;
  }

  /** Does this before each call of a method; what it throws, the call throws. */
  void before(String method, Runnable disturbance) {
    disturbances.put(method, disturbance);
  }

  NotificationRepository repository() {
    return (NotificationRepository)
        Proxy.newProxyInstance(
            FaultyStore.class.getClassLoader(),
            new Class<?>[] {NotificationRepository.class},
            (proxy, method, arguments) -> {
              if (away) {
                throw RealtimeException.unavailable("the store is unavailable", null);
              }
              hanging.await();
              disturbances.getOrDefault(method.getName(), () -> {}).run();
              try {
                return method.invoke(memory, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
