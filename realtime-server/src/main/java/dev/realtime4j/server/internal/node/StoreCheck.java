package dev.realtime4j.server.internal.node;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.StoreDiagnostics;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import dev.realtime4j.server.internal.feature.DurableStore;
import dev.realtime4j.server.internal.health.Problems;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the stores can be used as they are: tables of the right version, the rights on them, and
 * nothing wrong with what is in them. A node does not come up as ready before each was fit once; a
 * store that is unavailable does not hinder it. What breaks later, or is wrong with the content, is
 * a problem of all nodes alike, and takes none of them out of service: their sockets, presence and
 * rooms go on.
 *
 * <p>Thread safety: {@link #tick} is called by one thread at a time, the others by any.
 */
final class StoreCheck {
  /** A store that was fit is looked at in one of so many ticks. */
  private static final int FIT_ONE_IN = 6;

  private static final Logger log = LoggerFactory.getLogger(StoreCheck.class);

  /** A store that has not answered for so long is as good as unavailable. */
  private static final Duration LONGEST_FIRST_LOOK = Duration.ofSeconds(30);

  private final Duration interval;
  private final Problems problems;
  private final List<Store> stores;
  private final ServerEnvironment environment;
  private volatile long begun;
  private volatile boolean looked;

  /**
   * @param interval how often {@link #tick} is called
   * @param problems told what is wrong
   */
  StoreCheck(
      Duration interval,
      Problems problems,
      List<DurableStore> stores,
      ServerEnvironment environment) {
    this.interval = interval;
    this.problems = problems;
    this.stores = stores.stream().map(Store::new).toList();
    this.environment = environment;
  }

  private static final class Store {
    private final String name;
    private final String unfit;
    private final String content;
    private final StoreDiagnostics diagnostics;
    private volatile Verdict verdict = Verdict.UNKNOWN;
    private volatile boolean unavailable;
    private int rest;

    Store(DurableStore store) {
      this.name = store.name();
      this.unfit = store.name() + ".store";
      this.content = store.name() + ".history";
      this.diagnostics = store.diagnostics();
    }
  }

  private enum Verdict {
    /** It was unavailable until now. */
    UNKNOWN,
    /** It never was fit. */
    UNFIT,
    /** It was fit once. */
    FIT
  }

  /** Looks for the first time, and waits for the answer, but not for long. */
  void begin(Executor executor, Duration patience) {
    begun = environment.nanoTime().getAsLong();
    CompletableFuture<Void> first =
        CompletableFuture.runAsync(
                () -> NodeThreads.guarded("Checking the stores", this::tick), executor)
            .thenRun(() -> looked = true);
    try {
      if (!environment.threads().await(first, patience)) {
        log.debug("The stores have not answered in {}", patience);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  Duration interval() {
    return interval;
  }

  /** Looks at every store whose turn it is. */
  synchronized void tick() {
    for (Store store : stores) {
      if (store.rest > 0) {
        store.rest--;
      } else {
        look(store);
      }
      lookAtContent(store);
    }
  }

  private void look(Store store) {
    try {
      store.diagnostics.check();
      store.unavailable = false;
      store.verdict = Verdict.FIT;
      store.rest = FIT_ONE_IN - 1;
      problems.clear(store.unfit);
    } catch (RealtimeException e) {
      store.unavailable = e.code() == ErrorCode.UNAVAILABLE;
      if (store.unavailable) {
        log.debug("{} is looked at later: {}", store.unfit, e.getMessage());
      } else {
        unfit(store, String.valueOf(e.getMessage()));
      }
    } catch (RuntimeException e) {
      log.debug("The check of {} failed", store.unfit, e);
      unfit(store, "the check of the store failed with " + e.getClass().getName() + ": mend it");
    }
  }

  /** It answers from memory, so that it is asked in each tick. */
  private void lookAtContent(Store store) {
    try {
      store
          .diagnostics
          .problem()
          .ifPresentOrElse(
              message -> problems.report(store.content, message),
              () -> problems.clear(store.content));
    } catch (RuntimeException e) {
      log.debug("{} is looked at later", store.content, e);
    }
  }

  private void unfit(Store store, String message) {
    if (store.verdict != Verdict.FIT) {
      store.verdict = Verdict.UNFIT;
    }
    problems.report(store.unfit, message);
  }

  /** The stores by name, and whether each answered when it was looked at last. */
  Map<String, Boolean> answering() {
    return stores.stream().collect(Collectors.toMap(store -> store.name, it -> !it.unavailable));
  }

  /** Whether the stores have been looked at, or have not answered for long. */
  boolean hasLooked() {
    return looked || environment.nanoTime().getAsLong() - begun > LONGEST_FIRST_LOOK.toNanos();
  }

  /** Whether they have been looked at, and none is known to be unfit from the start. */
  boolean isReady() {
    return hasLooked() && stores.stream().noneMatch(store -> store.verdict == Verdict.UNFIT);
  }
}
