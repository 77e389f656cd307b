package dev.realtime4j.api.room;

import dev.realtime4j.api.auth.Principal;

/** Everybody may join; publishing is allowed to all members or to none. */
record FixedRoomPolicy(boolean membersPublish) implements RoomPolicy {
  @Override
  public boolean mayJoin(Principal principal, RoomName room) {
    return true;
  }

  @Override
  public boolean mayPublish(Principal principal, RoomName room) {
    return membersPublish;
  }
}
