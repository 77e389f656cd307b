package dev.realtime4j.server.internal.room;

import dev.realtime4j.api.Registration;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.server.internal.session.Audience;
import dev.realtime4j.server.internal.session.Fanout;
import dev.realtime4j.server.internal.session.Lanes;
import org.jspecify.annotations.Nullable;

/**
 * A room as this node sees it: its local members, and what is being sent to them.
 *
 * <p>Thread safety: any thread; {@link #listening} is guarded by the room's own lock.
 */
final class LocalRoom {
  private final RoomName name;
  private final Audience members;
  private final Fanout fanout;
  private int holders;
  private @Nullable Registration listening;
  private boolean sizeDue;

  LocalRoom(RoomName name, Lanes lanes) {
    this.name = name;
    this.members = new Audience(lanes.count());
    this.fanout = new Fanout(members, lanes);
  }

  RoomName name() {
    return name;
  }

  Audience members() {
    return members;
  }

  Fanout fanout() {
    return fanout;
  }

  /** Counts one more who needs the room; under the table's lock. */
  void hold() {
    holders++;
  }

  /** Counts one less; true when nobody is left. Under the table's lock. */
  boolean release() {
    return --holders == 0;
  }

  synchronized boolean isListening() {
    return listening != null;
  }

  synchronized void listeningWith(Registration registration) {
    listening = registration;
  }

  synchronized void stopListening() {
    if (listening != null) {
      listening.close();
      listening = null;
    }
  }

  /** Marks that the members are to hear the room's size; true when they were not to before. */
  synchronized boolean sizeDue() {
    boolean first = !sizeDue;
    sizeDue = true;
    return first;
  }

  synchronized void sizeSent() {
    sizeDue = false;
  }
}
