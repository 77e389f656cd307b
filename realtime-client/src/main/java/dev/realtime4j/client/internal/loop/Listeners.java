package dev.realtime4j.client.internal.loop;

import dev.realtime4j.api.Registration;
import dev.realtime4j.api.internal.PrintableFailure;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listeners of one kind. One that fails does not keep the others from hearing; one that is
 * registered twice hears once, until both registrations are closed.
 *
 * <p>Thread safety: any thread; {@link #tell} is called by the callback thread.
 */
public final class Listeners<T> {
  private static final Logger log = LoggerFactory.getLogger(Listeners.class);

  private static final class Entry<T> {
    private final Object identity;
    private final Consumer<? super T> listener;
    private int registrations;

    Entry(Object identity, Consumer<? super T> listener) {
      this.identity = identity;
      this.listener = listener;
    }
  }

  private final List<Entry<T>> entries = new CopyOnWriteArrayList<>();

  public Registration add(Consumer<? super T> listener) {
    return add(listener, listener);
  }

  /**
   * Adds one that wraps the application's.
   *
   * @param identity equal for two that are the same to the application
   */
  public synchronized Registration add(Object identity, Consumer<? super T> listener) {
    Entry<T> entry =
        entries.stream()
            .filter(known -> known.identity.equals(identity))
            .findFirst()
            .orElseGet(() -> added(new Entry<T>(identity, listener)));
    entry.registrations++;
    AtomicBoolean closed = new AtomicBoolean();
    return () -> {
      if (closed.compareAndSet(false, true)) {
        release(entry);
      }
    };
  }

  private Entry<T> added(Entry<T> entry) {
    entries.add(entry);
    return entry;
  }

  private synchronized void release(Entry<T> entry) {
    if (--entry.registrations == 0) {
      entries.remove(entry);
    }
  }

  public boolean isEmpty() {
    return entries.isEmpty();
  }

  public void tell(T what) {
    for (Entry<T> entry : entries) {
      try {
        entry.listener.accept(what);
      } catch (Throwable e) {
        log.warn("A listener of the application failed", PrintableFailure.of(e));
      }
    }
  }
}
