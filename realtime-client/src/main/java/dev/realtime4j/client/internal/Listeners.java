package dev.realtime4j.client.internal;

import dev.realtime4j.api.Registration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listeners of one kind. One that fails does not keep the others from hearing.
 *
 * <p>Thread safety: any thread; {@link #tell} is called by the callback thread.
 */
final class Listeners<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

  /** An object per registration: the same consumer may be registered twice. */
  private record Entry<T>(Object identity, Consumer<? super T> listener) {}

  private final List<Entry<T>> entries = new CopyOnWriteArrayList<>();

  Registration add(Consumer<? super T> listener) {
    Entry<T> entry = new Entry<>(new Object(), listener);
    entries.add(entry);
    return () -> entries.remove(entry);
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  void tell(T what) {
    for (Entry<T> entry : entries) {
      try {
        entry.listener().accept(what);
      } catch (Throwable e) {
        LOG.warn("A listener of the application failed", e);
      }
    }
  }
}
