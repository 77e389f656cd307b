package dev.realtime4j.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationRepository;
import dev.realtime4j.api.notification.SyncCursor;
import dev.realtime4j.api.notification.SyncResult;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Gets a user's notifications by catching up alone, and keeps its cursor and what it has seen. */
final class SyncingClient {
  private final NotificationRepository repository;
  private final UserId user;
  private final Set<NotificationId> seen = new HashSet<>();
  private SyncCursor cursor;

  SyncingClient(NotificationRepository repository, UserId user) {
    this.repository = repository;
    this.user = user;
    this.cursor = TestIds.sync(repository, user, Optional.empty()).cursor();
  }

  /** Catches up, and answers what came, repeats included. */
  List<NotificationId> sync() {
    SyncResult sync = TestIds.sync(repository, user, Optional.of(cursor));
    assertThat(sync.outcome()).isEqualTo(SyncResult.Outcome.COMPLETE);
    cursor = sync.cursor();
    List<NotificationId> came = sync.missed().stream().map(Notification::id).toList();
    assertThat(came).isSorted().doesNotHaveDuplicates();
    seen.addAll(came);
    return came;
  }

  /** Everything that ever came. */
  Set<NotificationId> seen() {
    return seen;
  }

  SyncCursor cursor() {
    return cursor;
  }
}
