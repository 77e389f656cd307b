package dev.realtime4j.api.notification;

import java.util.List;
import java.util.stream.Collectors;

/** Many as their single ones. */
record PendingList(List<PendingPush> each) implements PendingPushes {
  static PendingPushes of(List<PendingPush> each) {
    return new PendingList(each);
  }

  @Override
  public List<Notification> notifications() {
    return each.stream().map(PendingPush::notification).collect(Collectors.toList());
  }

  @Override
  public void flush() {
    each.forEach(PendingPush::flush);
  }
}
