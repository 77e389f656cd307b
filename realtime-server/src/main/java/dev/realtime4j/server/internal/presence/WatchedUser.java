package dev.realtime4j.server.internal.presence;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceChange;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.protocol.Frame;
import dev.realtime4j.protocol.FrameCodec;
import dev.realtime4j.protocol.PresenceJson;
import dev.realtime4j.server.internal.cluster.BusMessage;
import dev.realtime4j.server.internal.session.Session;
import dev.realtime4j.server.internal.session.fanout.Fanout;
import dev.realtime4j.server.internal.session.fanout.Lanes;
import dev.realtime4j.server.internal.session.fanout.Recipients;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One user whom somebody on this node watches: the newest change that was heard, and who wants to
 * know. A change that comes late is dropped by its version; a status that flaps is told {@linkplain
 * Flapping once a second}.
 *
 * <p>Thread safety: any thread.
 */
final class WatchedUser {
  private final UserId user;
  private final Recipients recipients;
  private final CopyOnWriteArrayList<Consumer<Presence>> listeners = new CopyOnWriteArrayList<>();
  private final Fanout fanout;
  private final Flapping flapping;
  private @Nullable PresenceChange newest;

  /** Whether watchers were not told of the newest yet. */
  private boolean heldBack;

  WatchedUser(UserId user, Lanes lanes, Flapping.Maker flapping) {
    this.user = user;
    this.flapping = flapping.make(this::tellLater);
    this.recipients = new Recipients(lanes.count());
    this.fanout = new Fanout(recipients, lanes);
  }

  Recipients recipients() {
    return recipients;
  }

  /** Told of every change; they return at once and do not throw. */
  CopyOnWriteArrayList<Consumer<Presence>> listeners() {
    return listeners;
  }

  /**
   * The store was asked, and nothing was heard from the bus since: tells the watchers what they
   * missed.
   *
   * @param before the version before the store was asked
   * @return the version of what the store answered
   */
  synchronized long observed(Presence now, long before) {
    if (newest == null) {
      newest = new PresenceChange(now, before);
    } else if (newest.version() == before && newest.presence().status() != now.status()) {
      changed(new PresenceChange(now, before + 1));
      return before + 1;
    }
    return before;
  }

  /**
   * The store was unavailable, and somebody is told what this node knows by itself.
   *
   * @return the version of what they are told; below all others when it is not the newest here
   */
  synchronized long assumed(Presence told) {
    if (newest == null) {
      newest = new PresenceChange(told, 0); // What the store says later is a change of it.
    }
    return newest.presence().status() == told.status() ? newest.version() : -1;
  }

  /** The version of each. */
  static Map<UserId, Long> versions(Map<UserId, WatchedUser> watched) {
    Map<UserId, Long> versions = new HashMap<>();
    watched.forEach((user, one) -> versions.put(user, one.version()));
    return versions;
  }

  /**
   * Compares what watchers know with what the store says.
   *
   * @param versions from before the store was asked; afterwards those of what it said
   */
  static void observe(
      Map<UserId, WatchedUser> all, Collection<Presence> stored, Map<UserId, Long> versions) {
    for (Presence presence : stored) {
      WatchedUser watched = all.get(presence.userId());
      if (watched != null) {
        versions.computeIfPresent(
            presence.userId(), (user, before) -> watched.observed(presence, before));
      }
    }
  }

  /**
   * The same of what was answered without the store.
   *
   * @param versions afterwards those of what was answered
   */
  static void assume(
      Map<UserId, WatchedUser> all, Collection<Presence> told, Map<UserId, Long> versions) {
    for (Presence presence : told) {
      WatchedUser watched = all.get(presence.userId());
      if (watched != null) {
        versions.put(presence.userId(), watched.assumed(presence));
      }
    }
  }

  /**
   * A message came from the bus.
   *
   * @throws RealtimeException {@code BAD_REQUEST} when it is no change of this user
   */
  void heard(BusMessage message) {
    PresenceChange change = PresenceChange.decode(message.body());
    if (!change.presence().userId().equals(user)) {
      throw RealtimeException.badRequest("it is a change of another user");
    }
    changed(change);
  }

  /** The user's presence changed. */
  synchronized void changed(PresenceChange change) {
    if (newest != null && change.version() <= newest.version()) {
      return;
    }
    PresenceStatus before = newest == null ? null : newest.presence().status();
    PresenceStatus now = change.presence().status();
    newest = change;
    if (before == now) {
      return; // A store that lost its data tells again what everybody knows.
    }
    // Coming and going are told as they happen.
    boolean flaps =
        before != null && before != PresenceStatus.OFFLINE && now != PresenceStatus.OFFLINE;
    if (flaps && !flapping.mayTell()) {
      heldBack = true;
    } else {
      tell(change.presence());
    }
  }

  /**
   * Also what was told last: whoever asked meanwhile, or came, may have been answered otherwise.
   */
  private synchronized void tellLater() {
    flapping.isOver();
    if (newest != null && heldBack && flapping.mayTell()) {
      tell(newest.presence());
    }
  }

  private void tell(Presence presence) {
    heldBack = false;
    fanout.send(event(presence));
    listeners.forEach(listener -> listener.accept(presence));
  }

  /** Whether watchers were told just this last, or will be within a second. */
  synchronized boolean knows(PresenceStatus status) {
    return newest != null && newest.presence().status() == status;
  }

  /** The version of the newest change that was heard; 0 for none. */
  synchronized long version() {
    return newest == null ? 0 : newest.version();
  }

  /**
   * Adds a session that was told the state as it was at a version, and tells it what changed since.
   */
  synchronized void join(Session session, long told) {
    recipients.add(session);
    if (newest != null && newest.version() > told) {
      session.send(event(newest.presence()));
    }
  }

  /** What a watcher hears. */
  static byte[] event(Presence presence) {
    return FrameCodec.encodeBytes(Frame.Event.of("presence.changed", PresenceJson.of(presence)));
  }
}
