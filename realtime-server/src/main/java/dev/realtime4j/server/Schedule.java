package dev.realtime4j.server;

import dev.realtime4j.server.internal.cluster.NodeLife;
import dev.realtime4j.server.internal.connectionlog.ConnectionLogWriter;
import dev.realtime4j.server.internal.notification.NotificationFeature;
import dev.realtime4j.server.internal.presence.PresenceFeature;
import dev.realtime4j.server.internal.room.RoomFeature;
import java.time.Duration;

/** What a node does again and again, and how often. */
final class Schedule {
  private final Threads threads;
  private final Settings settings;

  Schedule(Threads threads, Settings settings) {
    this.threads = threads;
    this.settings = settings;
  }

  /**
   * Begins; ends with the threads.
   *
   * @param maintenance cares for the stores
   */
  void begin(
      NodeLife life,
      PresenceFeature presence,
      RoomFeature rooms,
      NotificationFeature notifications,
      ConnectionLogWriter logWriter,
      Revocation revocation,
      StoreCheck stores,
      Maintenance maintenance) {
    Duration beat = settings.presenceTtl().dividedBy(4);
    threads.every(beat, "The sign of life", life::tick);
    threads.every(beat, "Cleaning up after dead nodes", life::buryTick);
    threads.every(
        refreshPause().dividedBy(PresenceFeature.REFRESH_TICKS),
        "Prolonging presence",
        presence::refreshTick);
    threads.every(atMostASecond(settings.presenceGrace), "Reaping presence", presence::reapTick);
    threads.every(Duration.ofSeconds(1), "Writing rooms again", rooms::owingTick);
    Duration withinLease = atMostASecond(settings.relayLease);
    threads.every(withinLease, "Clearing the outbox", notifications::clearTick);
    threads.every(withinLease, "The relay", notifications::relayTick);
    threads.every(Duration.ofSeconds(5), "Measuring the outbox", notifications::measureTick);
    threads.every(Duration.ofSeconds(1), "Comparing bans", revocation::tick);
    threads.every(Duration.ofSeconds(1), "Watching the workers", watch()::tick);
    threads.every(Duration.ofSeconds(1), "Closing gaps", notifications::gapTick);
    threads.every(settings.syncInterval, "The live check", notifications::checkTick);
    threads.every(Duration.ofMillis(200), "The connection log", logWriter::flush);
    threads.every(stores.interval(), "Checking the stores", stores::tick);
    threads.every(Maintenance.TICK, "Maintenance of the stores", maintenance::tick);
    threads.every(Duration.ofHours(12), "Forgetting ended bans", revocation::owe);
  }

  private WorkerWatch watch() {
    return new WorkerWatch(threads.workers(), settings.workerThreads, System::nanoTime);
  }

  /** Twice within the time that a socket counts, so that a late refresh shows nobody as gone. */
  private Duration refreshPause() {
    Duration half = settings.presenceTtl().dividedBy(2);
    return half.compareTo(settings.heartbeatInterval) < 0 ? half : settings.heartbeatInterval;
  }

  private static Duration atMostASecond(Duration time) {
    long millis = Math.min(1000, Math.max(100, time.toMillis() / 4));
    return Duration.ofMillis(millis);
  }
}
